"use client";
import { useEffect, useState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { CheckField, SelectField, TextArea } from "@/components/ui/field";
import type { FormState } from "@/lib/http/form-action";
import type { LegalClass } from "@/lib/models/model";
import type { Scoring } from "@/lib/risk/scoring";
import { type Answers, axes, type LegalBasis, questionAxis, questionIds, tierOf } from "@/lib/risk/tier";
import { TierPreview } from "./tier-preview";

type Question = { id: (typeof questionIds)[number]; title: string; help: string; options: readonly string[] };
type Choice<T extends string | number> = { id: T; title: string; help?: string };

const axisTitle = { impact: "Impact", reliance: "Reliance", complexity: "Complexity" } as const;

/** Answers typed so far, kept in this browser until they are sent: a closed tab loses nothing. */
const draftKey = (model: string) => `countersign:risk:${model}`;

/** The twelve questions with a live preview of the tier, from the same function that the server uses. */
export function Questionnaire({
  model,
  questions,
  classes,
  areas,
  grounds,
  before,
  scoring,
  action,
}: {
  model: string;
  questions: readonly Question[];
  classes: readonly Choice<LegalClass>[];
  areas: readonly { n: number; title: string }[];
  grounds: readonly Choice<"a" | "b" | "c" | "d">[];
  before: { answers: Answers; legalClass: LegalClass; legal: LegalBasis } | null;
  scoring: Scoring;
  action: (before: FormState, form: FormData) => Promise<FormState>;
}) {
  const [answers, setAnswers] = useState<Partial<Answers>>(before?.answers ?? {});
  const [legalClass, setLegalClass] = useState<LegalClass>(before?.legalClass ?? "minimal");
  const [transparency, setTransparency] = useState(before?.legal.transparency ?? false);
  const [restored, setRestored] = useState(false);

  useEffect(() => {
    const draft = readDraft(model);
    if (!draft) return;
    setAnswers((now) => ({ ...now, ...draft }));
    setRestored(true);
  }, [model]);

  const choose = (id: string, value: number | null) => {
    const next = { ...answers, [id]: value };
    setAnswers(next);
    try {
      localStorage.setItem(draftKey(model), JSON.stringify(next));
    } catch {
      // Private browsing may refuse storage; the form itself still holds the answers.
      setRestored(false);
    }
  };

  const given: Answers = Object.fromEntries(questionIds.map((q) => [q, answers[q] ?? null]));
  const result = tierOf(given, legalClass, { transparency }, scoring);
  const open = questionIds.filter((q) => answers[q] === undefined);

  return (
    <div className="split" style={{ marginTop: 16 }}>
      <ActionForm
        action={action}
        submit={result.blocked ? "Record: blocked" : `Record tier ${result.tier}`}
        hidden={{ name: model }}
        keep
        label="Risk questions"
      >
        {restored ? <p className="lbl">Answers that you had not sent are back.</p> : null}
        {axes.map((axis) => (
          <section className="sec" key={axis}>
            <div className="h">
              <h2>{axisTitle[axis]}</h2>
            </div>
            {questions
              .filter((q) => questionAxis[q.id].axis === axis)
              .map((q) => (
                <fieldset className="q" key={q.id} data-field={`answers.${q.id}`}>
                  <legend>
                    <span className="mono">{q.id}</span> {q.title}
                  </legend>
                  <p className="lbl">{q.help}</p>
                  <div className="opts">
                    {[...q.options.map((text, value) => ({ text, value })), { text: "Don't know", value: null }].map(
                      ({ text, value }) => (
                        <label key={text}>
                          <input
                            type="radio"
                            name={`choice.${q.id}`}
                            checked={answers[q.id] === value}
                            onChange={() => choose(q.id, value)}
                          />
                          <span>
                            {value === null ? null : <span className="pts">{value} </span>}
                            {text}
                          </span>
                        </label>
                      ),
                    )}
                  </div>
                </fieldset>
              ))}
          </section>
        ))}
        <input type="hidden" name="answers" value={JSON.stringify(given)} readOnly />
        <section className="sec">
          <div className="h">
            <h2>Class under the EU AI Act</h2>
          </div>
          <fieldset className="q" data-field="legalClass">
            <legend>Which class does the use fall into</legend>
            <div className="opts" style={{ gridTemplateColumns: "minmax(0, 1fr)" }}>
              {classes.map((c) => (
                <label key={c.id}>
                  <input
                    type="radio"
                    name="legalClass"
                    value={c.id}
                    checked={legalClass === c.id}
                    onChange={() => setLegalClass(c.id)}
                  />
                  <span>
                    <b>{c.title}.</b> {c.help}
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
          {legalClass === "high_risk_annex_iii" || legalClass === "annex_iii_not_high_risk" ? (
            <SelectField
              name="legal.annexArea:number"
              label="Area of Annex III"
              defaultValue={before?.legal.annexArea ? String(before.legal.annexArea) : undefined}
              options={areas.map((a) => ({ value: String(a.n), label: `${a.n}. ${a.title}` }))}
            />
          ) : null}
          {legalClass === "annex_iii_not_high_risk" ? (
            <>
              <SelectField
                name="legal.ground"
                label="Ground of Article 6(3)"
                defaultValue={before?.legal.ground ?? undefined}
                options={grounds.map((g) => ({ value: g.id, label: `(${g.id}) ${g.title}` }))}
              />
              <TextArea
                name="legal.reason"
                label="The case for it"
                voice="record"
                rows={4}
                minLength={20}
                defaultValue={before?.legal.reason}
              />
              <CheckField
                name="legal.profilesPeople:boolean"
                label="It profiles people"
                defaultChecked={before?.legal.profilesPeople}
              />
            </>
          ) : null}
          <CheckField
            name="legal.transparency:boolean"
            label="It talks to people, or makes or alters content that people see (Article 50)"
            checked={transparency}
            onChange={(event) => setTransparency(event.currentTarget.checked)}
          />
          <CheckField
            name="legal.gpaiModel:boolean"
            label="It is, or is built on, a general-purpose AI model"
            defaultChecked={before?.legal.gpaiModel}
          />
        </section>
        {open.length > 0 ? (
          <p className="lbl" style={{ margin: "12px 0" }}>
            Not answered yet: {open.join(", ")}. Sent like this they count as “don't know”.
          </p>
        ) : null}
      </ActionForm>
      <aside className="aside" aria-label="The tier that follows">
        <div className="stick-top">
          <TierPreview result={result} heading="With these answers" />
        </div>
      </aside>
    </div>
  );
}

function readDraft(model: string): Partial<Answers> | null {
  try {
    const draft: unknown = JSON.parse(localStorage.getItem(draftKey(model)) ?? "null");
    if (typeof draft !== "object" || draft === null) return null;
    return Object.fromEntries(
      Object.entries(draft).filter(
        (e): e is [string, number | null] => e[1] === null || (typeof e[1] === "number" && e[1] >= 0 && e[1] <= 4),
      ),
    );
  } catch {
    return null;
  }
}

/** Forgets the draft once it is recorded. */
export function ForgetDraft({ model }: { model: string }) {
  useEffect(() => localStorage.removeItem(draftKey(model)), [model]);
  return null;
}
