import type { Metadata } from "next";
import { Digest } from "@/components/ui/digest";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { type EvidenceType, evidenceTypes, mayReadEvidence } from "@/lib/evidence/evidence";
import { expiringAttestations, listEvidence } from "@/lib/evidence/queries";
import { orNotFound } from "../not-found-if";

export const metadata: Metadata = { title: "Evidence" };

const bytes = (n: number): string =>
  n < 1024 ? `${n} bytes` : n < 1_048_576 ? `${Math.round(n / 1024)} kB` : `${(n / 1_048_576).toFixed(1)} MB`;

export default async function EvidencePage({ searchParams }: { searchParams: Promise<{ after?: string }> }) {
  const { after } = await searchParams;
  const ctx = await pageContext();
  const verdict = mayReadEvidence(ctx.actor);
  if (!verdict.ok)
    return (
      <Page name="evidence">
        <PageHead title="Evidence" />
        <Notice tone="care">{verdict.reason}</Notice>
      </Page>
    );
  const files = await orNotFound(listEvidence, ctx, after ? { after } : {});
  const { items: expiring } = await expiringAttestations(ctx, { days: 30 });
  const now = ctx.now();

  return (
    <Page name="evidence">
      <PageHead
        title="Evidence"
        lede="Files are kept under their SHA-256 and never replaced. Whoever opens one leaves an entry in the log."
      />
      <Section
        title="Attestations that ran out, or will within 30 days"
        note={expiring.length >= 50 ? "the first 50" : undefined}
      >
        <Table
          label="Attestations that run out soon"
          empty={<Empty title="No attestation ran out or will within 30 days." />}
          columns={[
            { id: "until", name: "Counts until" },
            { id: "item", name: "Item" },
            { id: "model", name: "Model" },
            { id: "tier", name: "Tier" },
            { id: "by", name: "Attested by" },
            { id: "what", name: "Statement" },
          ]}
          rows={expiring.map((a) => {
            const link = `/models/${encodeURIComponent(a.model)}/readiness?show=all&item=${a.itemId}#${a.itemId}`;
            const over = a.expiresAt <= now;
            return {
              id: a.id,
              cells: {
                until: (
                  <>
                    <When at={a.expiresAt} /> {over ? <Status state="stale" word="Ran out" /> : null}
                  </>
                ),
                item: (
                  <Link href={link} className="mono">
                    {a.itemId}
                  </Link>
                ),
                model: a.model,
                tier: <TierChip tier={a.tier} />,
                by: a.byName,
                what: a.statement.length > 90 ? `${a.statement.slice(0, 88)}…` : a.statement,
              },
              card: (
                <>
                  <Link href={link}>
                    <span className="mono">{a.itemId}</span> of {a.model}
                  </Link>
                  {over ? (
                    <div>
                      <Status state="stale" word="Ran out" />
                    </div>
                  ) : null}
                  <div className="lbl">
                    until <When at={a.expiresAt} />, {a.byName}
                  </div>
                </>
              ),
            };
          })}
        />
      </Section>
      <Section title="Files">
        <Table
          label="Evidence files"
          empty={
            <Empty title="No evidence file yet.">
              Files arrive with attestations and answers to conditions, or by POST to /api/v1/evidence.
            </Empty>
          }
          columns={[
            { id: "name", name: "File" },
            { id: "type", name: "Type" },
            { id: "size", name: "Size", num: true },
            { id: "digest", name: "SHA-256" },
            { id: "used", name: "Attestations", num: true },
            { id: "by", name: "Added by" },
            { id: "at", name: "Added" },
          ]}
          rows={files.items.map((f) => ({
            id: f.sha256,
            cells: {
              name: <a href={`/api/v1/evidence/${f.sha256}`}>{f.name}</a>,
              type: evidenceTypes[f.mediaType as EvidenceType] ?? f.mediaType,
              size: bytes(f.size),
              digest: <Digest value={f.sha256} />,
              used: f.used,
              by: f.uploadedBy ?? <span className="mut">a service</span>,
              at: <When at={f.uploadedAt} show="datetime" />,
            },
            card: (
              <>
                <a href={`/api/v1/evidence/${f.sha256}`}>{f.name}</a>
                <div className="lbl">
                  {bytes(f.size)}, {f.uploadedBy ?? "a service"}, <When at={f.uploadedAt} />
                </div>
                <Digest value={f.sha256} />
              </>
            ),
          }))}
        />
        {files.next || after ? (
          <Pager
            shown={files.items.length}
            total={null}
            noun="file"
            next={files.next ? `/evidence?after=${encodeURIComponent(files.next)}` : null}
            start={after ? "/evidence" : null}
          />
        ) : null}
      </Section>
    </Page>
  );
}
