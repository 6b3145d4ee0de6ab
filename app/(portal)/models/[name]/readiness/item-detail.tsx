import { Signature } from "lucide-react";
import { EvidenceField } from "@/components/evidence/evidence-field";
import { SignForm } from "@/components/signing/sign-form";
import { ActionForm } from "@/components/ui/action-form";
import { CheckList, DateField, SelectField, TextArea } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { causeName } from "@/lib/checks/check";
import type { Actor } from "@/lib/core/actor";
import { mayAttest, mayConfirm, maySignAttestation, notApplicableReasons, wordPasses } from "@/lib/readiness/readiness";
import { attestItem, confirmItem, openAttestation, revokeItem, signAttestationDemo } from "./actions";
import type { ReadinessItem, ReadinessView } from "./page";
import { Waivers } from "./waivers";

/** One item in full: why it exists, what was found and from where, how to mend it, and what the reader may do about it. */
export function ItemDetail({ actor, data, item }: { actor: Actor; data: ReadinessView; item: ReadinessItem }) {
  const { model } = data;
  const attestation = data.attestations.find((a) => a.itemId === item.id);
  const waivers = data.waivers.filter((w) => w.itemId === item.id);
  const attesting = mayAttest(actor, model);
  const files = [...data.attestations, ...data.earlier]
    .flatMap((a) => (a.evidenceSha256 ? [{ sha256: a.evidenceSha256, label: a.evidenceName ?? a.evidenceSha256 }] : []))
    .filter((f, i, all) => all.findIndex((other) => other.sha256 === f.sha256) === i)
    .slice(0, 50);
  const alike = data.items.filter(
    (i) => i.required && i.area === item.area && i.id !== item.id && i.how !== "auto" && i.state !== "pass",
  );
  const earlier = data.earlier.filter((a) => a.itemId === item.id);
  const hidden = { name: model.name, "items[]": item.id };

  return (
    <div className="dt">
      <div>
        <h3>Why it is asked</h3>
        <p className="say">{item.reason}</p>
      </div>
      <div>
        <h3>How to get it to pass</h3>
        <p>{item.fix}</p>
      </div>
      <div>
        <h3>What was found</h3>
        <p>
          {item.found}
          {item.cause ? <span className="lbl"> ({causeName[item.cause]})</span> : null}
        </p>
        <div style={{ marginTop: 8 }}>
          <KeyValues
            items={[
              { key: "From", value: item.source || "nothing yet" },
              { key: "True on", value: item.effectiveAt ? <When at={item.effectiveAt} show="datetime" /> : "unknown" },
              { key: "Last read", value: item.collectedAt ? <When at={item.collectedAt} show="datetime" /> : "never" },
              { key: "Counts until", value: item.expiresAt ? <When at={item.expiresAt} /> : "next reading" },
            ]}
          />
        </div>
      </div>
      <div>
        <h3>{item.check ? "Decided by" : "Decided by a person"}</h3>
        {item.check ? (
          <details>
            <summary className="lbl">A rule over facts: read the exact expression</summary>
            <pre>{item.check}</pre>
          </details>
        ) : null}
        <p className="lbl" style={{ marginTop: 8 }}>
          {item.how === "part" ? "Facts support it and a person attests it. " : null}
          {item.how === "auto" ? "Facts decide where a system reports them; until then an attestation counts. " : null}
          An attestation counts for {item.maxAgeDays} days.
        </p>
        {item.facts.length > 0 ? (
          <KeyValues
            items={item.facts.map((f) => ({
              key: f.key,
              value: (
                <span className="mono">
                  {JSON.stringify(f.value)}
                  {f.stale ? " (stale)" : ""}
                </span>
              ),
            }))}
          />
        ) : null}
      </div>

      {attestation ? (
        <div className="two">
          <h3>Attested by {attestation.byName}</h3>
          <p className="say">{attestation.statement}</p>
          <p className="lbl">
            <Status
              state={attestation.outcome === "not_applicable" ? "not_applicable" : attestation.outcome}
              word={attestation.notApplicableReason ? naText(attestation.notApplicableReason) : undefined}
            />{" "}
            since <When at={attestation.effectiveAt} />, until <When at={attestation.expiresAt} />.{" "}
            {attestation.evidenceSha256 ? (
              <a href={`/api/v1/evidence/${attestation.evidenceSha256}`}>
                {attestation.evidenceName ?? "Evidence file"}
              </a>
            ) : null}{" "}
            {attestation.readFrom ? "copied from the link" : null}
            {attestation.scannedBy ? ", scanned" : null}{" "}
            {attestation.evidenceUrl ? (
              <a href={attestation.evidenceUrl} rel="noreferrer noopener" target="_blank">
                {attestation.evidenceUrl}
              </a>
            ) : null}
          </p>
          {attestation.outcome === "not_applicable" && !attestation.confirmedBy && (model.tier ?? 1) === 1 ? (
            <Second actor={actor} data={data} id={attestation.id} attestedBy={attestation.attestedBy} />
          ) : null}
          {attestation.signedAt ? (
            <p className="st pass">
              <Signature className="i" aria-hidden="true" />
              Signed by {attestation.byName} with a key of their own, <When at={attestation.signedAt} show="datetime" />
            </p>
          ) : (
            <p className="lbl">Stated under their account, not signed with a key of their own.</p>
          )}
          {maySignAttestation(actor, attestation).ok ? (
            <div style={{ marginTop: 8 }}>
              <SignForm
                label="Sign what you attested"
                note="Your key then answers for the exact words, the evidence and the checklist that you had before you."
                open={openAttestation}
                signDemo={signAttestationDemo}
                large={false}
              >
                <input type="hidden" name="id" value={attestation.id} />
              </SignForm>
            </div>
          ) : null}
          {attesting.ok ? (
            <details style={{ marginTop: 8 }}>
              <summary className="lbl">Revoke this attestation</summary>
              <ActionForm action={revokeItem} submit="Revoke" tone="outlined" hidden={{ id: attestation.id }}>
                <TextArea name="reason" label="Why it no longer holds" rows={2} />
              </ActionForm>
            </details>
          ) : null}
        </div>
      ) : null}

      {earlier.length > 0 ? (
        <details className="two">
          <summary className="lbl">
            {earlier.length} earlier {earlier.length === 1 ? "attestation" : "attestations"}
          </summary>
          {earlier.map((a) => (
            <p key={a.id} className="lbl">
              <When at={a.recordedAt} /> {a.byName}: {a.statement} Stood until <When at={a.supersededAt} />.{" "}
              {a.evidenceSha256 ? <a href={`/api/v1/evidence/${a.evidenceSha256}`}>{a.evidenceName}</a> : a.evidenceUrl}
            </p>
          ))}
        </details>
      ) : null}

      {item.required && item.evidence && !item.evidence.startsWith("Nothing to attest") ? (
        <div>
          <h3>Attest</h3>
          <p className="lbl" style={{ marginBottom: 8 }}>
            Put on the table: {item.evidence}
          </p>
          {wordPasses(item.how, model.tier) ? null : (
            <p className="lbl" style={{ marginBottom: 8 }}>
              In tier 1 facts alone make this item pass. What you attest is kept and shown beside it; that it does not
              hold, or does not apply, still counts.
            </p>
          )}
          {attesting.ok ? (
            <ActionForm
              action={attestItem}
              submit="Attest"
              tone="act"
              hidden={hidden}
              guard
              label={`Attest ${item.id}`}
            >
              <SelectField
                name="outcome"
                label="Outcome"
                defaultValue="pass"
                options={[
                  { value: "pass", label: "It holds" },
                  { value: "fail", label: "It does not hold" },
                  { value: "not_applicable", label: "It does not apply" },
                ]}
              />
              <TextArea
                name="statement"
                label="What you looked at and what you found"
                voice="record"
                rows={3}
                minLength={20}
                maxLength={4000}
              />
              <SelectField
                name="notApplicableReason"
                label="Why it does not apply"
                hint="Only with that outcome; in tier 1 a second person confirms it."
                optional
                options={Object.entries(notApplicableReasons).map(([value, label]) => ({ value, label }))}
              />
              <EvidenceField withLink />
              {files.length > 0 ? (
                <SelectField
                  name="evidenceSha256"
                  label="Or evidence that this model has already"
                  optional
                  options={files.map((f) => ({ value: f.sha256, label: f.label }))}
                />
              ) : null}
              {alike.length > 0 ? (
                <CheckList
                  name="items[]"
                  label="It shows these too"
                  hint="The same word and evidence, for each that is ticked."
                  options={alike.map((i) => ({ value: i.id, label: `${i.id} ${i.title}` }))}
                />
              ) : null}
              <DateField name="effectiveOn" label="True on" hint="Today if left empty." optional />
            </ActionForm>
          ) : (
            <WhyButton label="Attest" reason={attesting.reason} />
          )}
        </div>
      ) : null}

      {item.required && (waivers.length > 0 || item.state === "fail" || item.state === "unknown") ? (
        <Waivers actor={actor} data={data} item={item} />
      ) : null}
      {item.id === "own-2" ? (
        <p className="two">
          <Link href={`/models/${encodeURIComponent(model.name)}/risk`}>Answer the risk questions</Link>
        </p>
      ) : null}
      {item.id === "arc-1" ? (
        <p className="two">
          <Link href={`/patterns?model=${encodeURIComponent(model.name)}`}>Choose a reference architecture</Link>
        </p>
      ) : null}
    </div>
  );
}

const naText = (reason: string): string =>
  Object.entries(notApplicableReasons).find(([key]) => key === reason)?.[1] ?? reason;

function Second({
  actor,
  data,
  id,
  attestedBy,
}: {
  actor: Actor;
  data: ReadinessView;
  id: string;
  attestedBy: string;
}) {
  const verdict = mayConfirm(actor, data.model, { attestedBy });
  return verdict.ok ? (
    <ActionForm action={confirmItem} submit="Confirm that it does not apply" tone="act" hidden={{ id }} />
  ) : (
    <WhyButton label="Confirm that it does not apply" reason={verdict.reason} />
  );
}
