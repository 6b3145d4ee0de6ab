import { ActionForm } from "@/components/ui/action-form";
import { Digest } from "@/components/ui/digest";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import type { Verdict } from "@/lib/core/refusal";
import type { FormState } from "@/lib/http/form-action";
import type { DeviationRow } from "@/lib/patterns/adoption";

type Action = (before: FormState, form: FormData) => Promise<FormState>;

type Shown = DeviationRow & { open: boolean };

/** What a model or use case pinned, and how far behind it is. */
export function Pinned({
  adoption,
}: {
  adoption: { version: number; digest: string; adoptedAt: Date; behind: number | null };
}) {
  const { behind } = adoption;
  return (
    <KeyValues
      items={[
        { key: "Pinned", value: `version ${adoption.version}` },
        { key: "Digest", value: <Digest value={`sha256:${adoption.digest}`} /> },
        { key: "Since", value: <When at={adoption.adoptedAt} /> },
        { key: "Drift", value: <DriftWord behind={behind} /> },
      ]}
    />
  );
}

export function DriftWord({ behind }: { behind: number | null }) {
  if (behind === null) return <Status state="unknown" word="The pinned text is not in this portal" />;
  if (behind === 0) return <Status state="pass" word="On the version in force" />;
  return <Status state="stale" word={`${behind} ${behind === 1 ? "version" : "versions"} behind`} />;
}

/** Where a model or use case departs from its pattern, and the forms that record, decide and end it; `of` names it in them. */
export function Deviations({
  deviations,
  requirements,
  may,
  of,
  actions,
}: {
  deviations: readonly Shown[];
  requirements: readonly { id: string; title: string }[];
  may: Verdict;
  of: Readonly<Record<string, string>>;
  actions: { record: Action; decide: Action; end: Action };
}) {
  return (
    <Section title="Deviations" note="A deviation is open until an accepted decision allows it.">
      {deviations.length === 0 ? <p className="mut">None is recorded: it claims full conformance.</p> : null}
      {deviations.map((d) => (
        <Deviation key={d.id} deviation={d} of={of} may={may} actions={actions} />
      ))}
      {!may.ok ? (
        <WhyButton label="Record a deviation" reason={may.reason} />
      ) : requirements.length === 0 ? (
        <p className="lbl">The pinned text is not in this portal, so its requirements cannot be named.</p>
      ) : (
        <details open={deviations.length === 0}>
          <summary>Record a deviation</summary>
          <div style={{ maxWidth: 560 }}>
            <ActionForm action={actions.record} submit="Record it" hidden={of} guard label="Record a deviation">
              <SelectField
                name="requirement"
                label="Requirement"
                options={requirements.map((r) => ({ value: r.id, label: r.title }))}
              />
              <TextArea name="why" label="Why it is not kept" rows={3} voice="record" maxLength={2000} />
              <TextField
                name="adr"
                label="Decision that allows it"
                optional
                placeholder="ADR-0007"
                mono
                maxLength={40}
              />
            </ActionForm>
          </div>
        </details>
      )}
    </Section>
  );
}

function Deviation({
  deviation: d,
  of,
  may,
  actions,
}: {
  deviation: Shown;
  of: Readonly<Record<string, string>>;
  may: Verdict;
  actions: { decide: Action; end: Action };
}) {
  const what = d.title ?? "the pattern as a whole";
  return (
    <article className="pt whole">
      <div>
        <div className="row w">
          <h3>{d.title ?? "No requirement named"}</h3>
          <span className="sp" />
          {d.open ? <Status state="open" word="Open deviation" /> : <Status state="accepted" word="Decided" />}
        </div>
        <p>{d.why}</p>
        <p className="lbl">
          {d.recordedBy ?? "unknown"}, <When at={d.recordedAt} />.{" "}
          {d.adr ? (
            <>
              <Link href={`/decisions/${d.adr}`}>
                {d.adr} {d.adrTitle}
              </Link>{" "}
              is {d.adrStatus}.
            </>
          ) : (
            "No decision is named."
          )}
        </p>
        {may.ok ? (
          <>
            <details>
              <summary>{d.adr ? "Name another decision" : "Name the decision"}</summary>
              <ActionForm
                action={actions.decide}
                submit="Name it"
                tone="outlined"
                hidden={{ ...of, id: d.id }}
                label={`Name the decision for ${what}`}
              >
                <TextField name="adr" label="Decision" placeholder="ADR-0007" mono maxLength={40} />
              </ActionForm>
            </details>
            <details>
              <summary>It departs no more</summary>
              <ActionForm
                action={actions.end}
                submit="End it"
                tone="outlined"
                hidden={{ ...of, id: d.id }}
                label={`End the deviation from ${what}`}
              >
                <TextArea name="why" label="What changed" rows={2} maxLength={2000} />
              </ActionForm>
            </details>
          </>
        ) : null}
      </div>
    </article>
  );
}
