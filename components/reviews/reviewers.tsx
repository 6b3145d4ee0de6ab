import { ActionForm } from "@/components/ui/action-form";
import { More } from "@/components/ui/deed";
import { SelectField, TextField } from "@/components/ui/field";
import { Avatar } from "@/components/ui/person";
import { WhyButton } from "@/components/ui/why-button";
import type { Verdict } from "@/lib/core/refusal";
import type { FormState } from "@/lib/http/form-action";

type Action = (before: FormState, form: FormData) => Promise<FormState>;
type Assigned = { personId: string; name: string; expertise: string; independence: string; standing: string };
type Suggested = { personId: string; name: string; why: string };

/** Who reads a review for the board, what makes them able to challenge it, and who else could. */
export function Reviewers({
  review,
  assigned,
  suggested,
  may,
  onBoard,
  assign,
  unassign,
}: {
  review: { ref: string };
  assigned: readonly Assigned[];
  suggested: readonly Suggested[];
  may: Verdict;
  /** Someone without a seat is not told why they cannot name anyone. */
  onBoard: boolean;
  assign: Action;
  unassign: Action;
}) {
  const hidden = (person: string) => ({ ref: review.ref, person });
  const [first, second, third, ...others] = suggested;
  const best = [first, second, third].filter((s): s is Suggested => s !== undefined);
  return (
    <section className="ds" id="reviewers">
      <h2>Reviewers</h2>
      {assigned.length === 0 ? <p className="mut">Nobody is named to read it yet.</p> : null}
      {assigned.map((r) => (
        <div className="vt" key={r.personId}>
          <Avatar name={r.name} />
          <div>
            <b className="b">{r.name}</b>
            <div className="lbl">
              {r.standing}. Knows: {r.expertise.replace(/^./, (c) => c.toLowerCase())}. {r.independence}.
            </div>
            {may.ok ? (
              <More title="Take off">
                <ActionForm
                  action={unassign}
                  submit="Take off"
                  tone="outlined"
                  hidden={hidden(r.personId)}
                  label={`Take ${r.name} off`}
                >
                  <TextField name="reason" label="Reason" maxLength={1000} />
                </ActionForm>
              </More>
            ) : null}
          </div>
        </div>
      ))}
      {may.ok ? (
        <More title="Name a reviewer">
          {best.map((s) => (
            <div className="vt" key={s.personId}>
              <Avatar name={s.name} />
              <div>
                <b className="b">{s.name}</b>
                <div className="lbl">{s.why}</div>
                <ActionForm
                  action={assign}
                  submit="Name"
                  tone="outlined"
                  hidden={hidden(s.personId)}
                  label={`Name ${s.name}`}
                />
              </div>
            </div>
          ))}
          {others.length > 0 ? (
            <ActionForm
              action={assign}
              submit="Name"
              tone="outlined"
              hidden={{ ref: review.ref }}
              label="Name someone else"
            >
              <SelectField
                name="person"
                label="Someone else"
                options={others.map((s) => ({ value: s.personId, label: `${s.name}: ${s.why}` }))}
              />
            </ActionForm>
          ) : null}
          {suggested.length === 0 ? <p className="mut">Nobody else of the board is free of a stake in it.</p> : null}
        </More>
      ) : onBoard ? (
        <WhyButton label="Name a reviewer" reason={may.reason} />
      ) : null}
    </section>
  );
}
