import { GitCommitHorizontal } from "lucide-react";
import { ButtonLink } from "@/components/ui/button";
import { Diff } from "@/components/ui/diff";
import { Digest } from "@/components/ui/digest";
import { Due } from "@/components/ui/due";
import { Empty } from "@/components/ui/empty";
import { ErrorPanel } from "@/components/ui/error-panel";
import { KeyValues } from "@/components/ui/key-values";
import { MeterLegend, Readiness } from "@/components/ui/meter";
import { Person } from "@/components/ui/person";
import { Provenance } from "@/components/ui/provenance";
import { Rail } from "@/components/ui/rail";
import { ReasonCard, SoonReason } from "@/components/ui/reason-card";
import { KeyPrint, SigMark } from "@/components/ui/sig-mark";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Status } from "@/components/ui/status";
import { TierChip } from "@/components/ui/tier-chip";

const priya = "9a4f7c2be1d05836a7c91e44f2b80d6c35e9a10274d8bc6f51e0937a8d42cb17";
const ingrid = "3c81e6f09b2d7a45c01f98be6d3347a2f5e8109cd7b46a23980ef1c57d62ab09";
const statement = "c07e8841d09f41c27ab31be07dc95e2a914083f5d10c27e6b91a4f8803dc5517";

/** Signatures in their four states. */
export function Marks() {
  return (
    <div className="sg">
      <div className="panel">
        <SigMark
          state="signed"
          name="Priya Raman"
          keyHash={priya}
          fingerprint="SHA256:mK4tVw0h2n8QxLr9Qxe"
          detail="passkey"
        />
        <p className="lbl" style={{ marginTop: 10 }}>
          Signed
        </p>
      </div>
      <div className="panel">
        <SigMark state="countersigned" name="Ingrid Solberg" keyHash={ingrid} fingerprint="SHA256:p7WdLq8Zy31nsVRk0c" />
        <p className="lbl" style={{ marginTop: 10 }}>
          Countersigned: last of the required roles
        </p>
      </div>
      <div className="panel">
        <SigMark state="stale" name="Noor Haddad" keyHash={statement} fingerprint="SHA256:Hc81aPq04mXueZ7a" />
        <p className="lbl" style={{ marginTop: 10 }}>
          Stale: text changed after signing
        </p>
      </div>
      <div className="panel">
        <SigMark state="unsigned" name="Ingrid Solberg" />
        <p className="lbl" style={{ marginTop: 10 }}>
          Not signed
        </p>
      </div>
    </div>
  );
}

/** Gate reasons, readiness, facts, history, difference. */
export function Blocks() {
  return (
    <div className="g">
      <div>
        <div className="panel">
          <div className="ph">
            <h3>What blocks the next release</h3>
            <span className="sp" />
            <Status state="deny" tag word="Deny, 1 reason" />
          </div>
          <ReasonCard
            number={1}
            code="APPROVAL_STALE"
            who="Noor Haddad, security"
            how="can re-sign after reading the diff"
          >
            Security approved digest <span className="mono">9f41c2</span>. The request now points at{" "}
            <span className="mono">c07e88</span>, built 17 Nov.
          </ReasonCard>
          <SoonReason code="CONDITION_DUE">
            will also block from Tue 24 Nov: rollback drill, with Tomasz Wieczorek.
          </SoonReason>
        </div>
        <div style={{ marginTop: 20 }}>
          <Diff
            label="What changed in the record"
            before={"Serve scores online.\nFall back to rules set 12.\nPeak load 1,800 a second."}
            after={"Serve scores online.\nFall back to rules set 12.\nPeak load 2,140 a second."}
          />
        </div>
      </div>
      <div>
        <KeyValues
          items={[
            { key: "Tier", value: <TierChip tier={1} /> },
            { key: "Provisional tier", value: <TierChip tier={2} provisional /> },
            { key: "No tier yet", value: <TierChip tier={null} /> },
            { key: "Readiness", value: <Readiness counts={{ pass: 30, fail: 1, unknown: 4, waived: 1 }} /> },
            { key: "Never assessed", value: <Readiness counts={null} /> },
            { key: "Legend", value: <MeterLegend /> },
            { key: "Digest", value: <Digest value={`sha256:${statement}`} /> },
            {
              key: "Statement print",
              value: <KeyPrint hash={statement} bars={9} of="the statement" size="medium" />,
            },
            { key: "Owner", value: <Person name="Priya Raman" title="card risk" /> },
            {
              key: "Peak load",
              value: (
                <Provenance
                  title="Where this comes from"
                  items={[
                    { key: "Source", value: "Prometheus, fraud-auth" },
                    { key: "Measured", value: "18 Nov, kept 30 days" },
                    { key: "Log entry", value: "45,112" },
                  ]}
                >
                  2,140 scores a second
                </Provenance>
              ),
            },
            { key: "Over", value: <Due on="2026-11-16" left={-3} /> },
            { key: "Soon", value: <Due on="2026-11-20" left={1} /> },
            { key: "In time", value: <Due on="2026-11-24" left={3} /> },
          ]}
        />
        <div style={{ marginTop: 20 }}>
          <Rail
            label="Example of a history"
            items={[
              {
                id: "1",
                mark: <KeyPrint hash={priya} of="Priya Raman's key" size="small" />,
                text: (
                  <>
                    <b className="b">Priya Raman</b> signed as owner
                  </>
                ),
                detail: "17 Nov 16:31, log 48,104",
              },
              {
                id: "2",
                mark: <GitCommitHorizontal className="i" aria-hidden="true" />,
                text: "4.2.0 registered from run 88214",
                detail: "17 Nov 16:19, log 48,101",
              },
            ]}
          />
        </div>
      </div>
    </div>
  );
}

/** What a page shows when there is nothing, not yet anything, or something failed. */
export function Moments() {
  return (
    <div className="st3">
      <div className="panel box">
        <Empty title="Nothing waits on you" action={<ButtonLink href="/?view=board">See the whole board</ButtonLink>}>
          Your last decision was REV-0409, on 17 November.
        </Empty>
      </div>
      <div className="panel box lo" aria-busy="true" role="status" aria-label="Example of loading">
        <SkeletonRows rows={4} height={34} />
      </div>
      <div className="box">
        <ErrorPanel
          what="Readiness did not load"
          instead="The check service gave no answer in 10 seconds. What you see below is from 13:40 and counts as unknown."
          code="CS-5031"
          requestId="8f2c"
        />
      </div>
    </div>
  );
}
