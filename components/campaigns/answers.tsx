"use client";
import { useState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { useSelection } from "@/components/ui/data-table";
import { Dialog } from "@/components/ui/dialog";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import type { Answer } from "@/lib/campaigns/campaign";
import type { FormState } from "@/lib/http/form-action";

type Props = {
  campaign: string;
  people: readonly { email: string; name: string }[];
  action: (before: FormState, form: FormData) => Promise<FormState>;
};

const word: Record<Answer, string> = {
  confirm: "Confirm",
  correct: "Correct and confirm",
  hand_over: "Hand over",
  not_mine: "Not mine",
};

const means: Record<Answer, string> = {
  confirm: "You answer for it, and its record is right. The record as it stands is kept with your answer.",
  correct: "You answer for it, once this is put right.",
  hand_over: "They own it from now on and are asked to confirm it themselves.",
  not_mine: "Nobody owns it from now on, and the worklist says so at once.",
};

/** The four answers for some models. `models` null: everything that waits on the reader. */
function Answers({ campaign, people, action, models, n }: Props & { models: readonly string[] | null; n: number }) {
  const [open, setOpen] = useState<Answer | null>(null);
  const covers = n === 1 && models ? (models[0] ?? "") : `${n.toLocaleString("en-GB")} models`;
  const options = people.map((p) => ({ value: p.email, label: p.name }));
  return (
    <>
      {(["confirm", "correct", "hand_over", "not_mine"] as const).map((answer) => (
        <Button key={answer} tone={answer === "confirm" ? "act" : "outlined"} onClick={() => setOpen(answer)}>
          {models ? word[answer] : `${word[answer]} all`}
        </Button>
      ))}
      {open ? (
        <Dialog title={`${word[open]}: ${covers}`} text={means[open]} open onOpenChange={() => setOpen(null)}>
          <ActionForm
            action={action}
            submit={word[open]}
            hidden={{ ref: campaign, answer: open }}
            keep
            label={`${word[open]} ${covers}`}
          >
            {(models ?? []).map((model) => (
              <input key={model} type="hidden" name="models[]" value={model} />
            ))}
            {open === "correct" ? (
              <>
                <SelectField name="deputy" label="Deputy" optional blank="As it is" options={options} />
                <TextField name="team" label="Team" optional maxLength={120} />
              </>
            ) : null}
            {open === "hand_over" ? <SelectField name="owner" label="New owner" options={options} /> : null}
            {open === "confirm" ? null : (
              <TextArea name="note" label="Note" rows={2} optional={open !== "not_mine"} maxLength={1000} />
            )}
          </ActionForm>
        </Dialog>
      ) : null}
    </>
  );
}

/** In the bulk bar: for the selected rows. */
export function SelectedAnswers(props: Props) {
  const models = useSelection();
  return <Answers {...props} models={models} n={models.length} />;
}

/** Above the list: for everything that waits. */
export function AllAnswers({ n, ...props }: Props & { n: number }) {
  return <Answers {...props} models={null} n={n} />;
}

/** On one row. */
export function RowAnswers({ model, ...props }: Props & { model: string }) {
  return (
    <span className="row" style={{ gap: 4 }}>
      <Answers {...props} models={[model]} n={1} />
    </span>
  );
}
