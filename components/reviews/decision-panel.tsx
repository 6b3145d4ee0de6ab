"use client";
import { Plus, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useId, useMemo, useState, useTransition } from "react";
import { usePeople } from "@/components/people/choice";
import { Button, IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { WhyButton } from "@/components/ui/why-button";
import type { FormState } from "@/lib/http/form-action";
import { decisionLacks, type Weighed } from "@/lib/reviews/decision";
import type { Tally } from "@/lib/reviews/quorum";
import { type ConditionKind, conditionKindName, conditionKinds, outcomes, type Voted } from "@/lib/reviews/review";

type Draft = { key: number; text: string; owner: string; dueOn: string; kind: ConditionKind; closes: string };

const word: Record<Voted, string> = {
  approved: "Approve",
  approved_with_conditions: "With conditions",
  deferred: "Defer",
  rejected: "Reject",
};

/**
 * The chair's panel: outcome, conditions, reasons, and one button that says what it waits for. The sentences are those
 * that the command would refuse with.
 */
export function DecisionPanel({
  review,
  tally,
  findings,
  cannot,
  decide,
}: {
  review: { ref: string; round: number; deferredBefore: boolean; today: string; adr: string | null };
  tally: Tally;
  findings: readonly Weighed[];
  /** Why this person cannot decide; null when they can. */
  cannot: string | null;
  decide: (input: unknown) => Promise<FormState>;
}) {
  const [outcome, setOutcome] = useState<Voted>(tally.forWithConditions > 0 ? "approved_with_conditions" : "approved");
  const [conditions, setConditions] = useState<Draft[]>([]);
  const [rationale, setRationale] = useState("");
  const [until, setUntil] = useState("");
  const [state, setState] = useState<FormState | null>(null);
  const [pending, start] = useTransition();
  const router = useRouter();
  const id = useId();
  const people = usePeople([]);
  const used = outcome === "approved_with_conditions" ? conditions : [];
  const lacks = useMemo(() => {
    const out = decisionLacks(
      { outcome, conditions: used.map((c) => ({ ...c, closes: c.closes || undefined })), until: until || undefined },
      { tally, findings, deferredBefore: review.deferredBefore, today: review.today },
    );
    for (const [i, c] of used.entries())
      if (c.text.trim().length < 10) out.push(`Condition ${i + 1} does not say what must be done.`);
    if (rationale.trim().length < 20) out.push("Give the reasons in at least 20 characters.");
    return out;
  }, [outcome, used, until, rationale, tally, findings, review]);
  const change = (key: number, set: Partial<Draft>) =>
    setConditions((all) => all.map((c) => (c.key === key ? { ...c, ...set } : c)));
  const closed = used.filter((c) => c.closes).map((c) => c.closes);

  const send = () =>
    start(async () => {
      const said = await decide({
        ref: review.ref,
        round: review.round,
        outcome,
        rationale,
        conditions: used.map(({ text, owner, dueOn, kind, closes }) => ({
          text,
          owner,
          dueOn,
          kind,
          ...(closes ? { closes } : {}),
        })),
        ...(outcome === "deferred" && until ? { until } : {}),
      });
      setState(said);
      if (said.status === "done") router.refresh();
    });

  if (cannot) return <WhyButton label="Record decision" reason={cannot} size="large" full />;
  return (
    <>
      <div className="seg oc" role="radiogroup" aria-label="Outcome">
        {outcomes.map((o) => (
          // biome-ignore lint/a11y/useSemanticElements: one segment of a switch; native radios cannot look like it in every browser
          <button
            key={o}
            type="button"
            role="radio"
            aria-checked={o === outcome}
            className={o === outcome ? "on" : undefined}
            onClick={() => setOutcome(o)}
          >
            {word[o]}
          </button>
        ))}
      </div>
      {outcome === "approved_with_conditions" ? (
        <fieldset className="cons">
          <legend className="sr-only">Conditions</legend>
          {conditions.map((c, i) => (
            <div className="co" key={c.key}>
              <div className="row">
                <b className="b">{i + 1}.</b>
                <span className="sp" />
                <IconButton
                  label={`Remove condition ${i + 1}`}
                  onClick={() => setConditions((all) => all.filter((x) => x.key !== c.key))}
                >
                  <Trash2 className="i" aria-hidden="true" />
                </IconButton>
              </div>
              <textarea
                className="inp"
                rows={2}
                aria-label={`Condition ${i + 1}`}
                placeholder="What must be done"
                maxLength={10_000}
                value={c.text}
                onChange={(e) => change(c.key, { text: e.target.value })}
              />
              <div className="f">
                <select
                  className="inp"
                  aria-label={`Owner of condition ${i + 1}`}
                  aria-invalid={c.owner === ""}
                  value={c.owner}
                  onChange={(e) => change(c.key, { owner: e.target.value })}
                >
                  <option value="">Choose an owner</option>
                  {people.map((p) => (
                    <option key={p.id} value={p.id}>
                      {p.name}
                    </option>
                  ))}
                </select>
                <input
                  className="inp"
                  type="date"
                  aria-label={`Due date of condition ${i + 1}`}
                  min={review.today}
                  value={c.dueOn}
                  onChange={(e) => change(c.key, { dueOn: e.target.value })}
                />
                <select
                  className="inp"
                  aria-label={`When condition ${i + 1} holds`}
                  value={c.kind}
                  onChange={(e) => change(c.key, { kind: conditionKinds.find((k) => k === e.target.value) ?? c.kind })}
                >
                  {conditionKinds.map((k) => (
                    <option key={k} value={k}>
                      {conditionKindName[k]}
                    </option>
                  ))}
                </select>
                {findings.length > 0 ? (
                  <select
                    className="inp"
                    aria-label={`Finding that condition ${i + 1} closes`}
                    value={c.closes}
                    onChange={(e) => change(c.key, { closes: e.target.value })}
                  >
                    <option value="">Closes no finding</option>
                    {findings
                      .filter((f) => f.status !== "verified")
                      .map((f) => (
                        <option key={f.ref} value={f.ref}>
                          Closes {f.ref}
                        </option>
                      ))}
                  </select>
                ) : null}
              </div>
            </div>
          ))}
          <Button
            tone="ghost"
            onClick={() =>
              setConditions((all) => [
                ...all,
                { key: (all.at(-1)?.key ?? 0) + 1, text: "", owner: "", dueOn: "", kind: "before_release", closes: "" },
              ])
            }
          >
            <Plus className="i" aria-hidden="true" />
            Add a condition
          </Button>
        </fieldset>
      ) : null}
      {outcome === "deferred" ? (
        <div className="field">
          <label htmlFor={`${id}-until`}>What is missing must be there by</label>
          <input
            id={`${id}-until`}
            className="inp"
            type="date"
            min={review.today}
            value={until}
            onChange={(e) => setUntil(e.target.value)}
          />
        </div>
      ) : null}
      <div className="field">
        <label htmlFor={`${id}-why`}>Reasons</label>
        <div className="hint">Part of the record, word for word.</div>
        <textarea
          id={`${id}-why`}
          className="inp record"
          rows={4}
          maxLength={10_000}
          value={rationale}
          onChange={(e) => setRationale(e.target.value)}
        />
      </div>
      {lacks.length > 0 ? (
        <WhyButton
          label="Record decision"
          size="large"
          full
          missing={[
            ...lacks.map((text) => ({
              text,
              ...(/seat|Quorum|must vote/.test(text)
                ? { href: "#vote" }
                : /^FND-/.test(text)
                  ? { href: `#${text.split(" ")[0]}` }
                  : {}),
            })),
            ...closed.map((ref) => ({ text: `${ref} will be closed by a condition.`, met: true })),
          ]}
        />
      ) : (
        <Button tone="primary" size="large" full disabled={pending} onClick={send}>
          {pending ? "Recording" : "Record decision"}
        </Button>
      )}
      {state && !pending ? (
        <div style={{ marginTop: 12 }}>
          <Notice tone={state.status === "done" ? "pass" : "fail"} live>
            {state.message}
          </Notice>
        </div>
      ) : null}
    </>
  );
}
