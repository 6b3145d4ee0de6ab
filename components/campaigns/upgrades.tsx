"use client";
import { useState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { useSelection } from "@/components/ui/data-table";
import { Dialog } from "@/components/ui/dialog";
import { TextArea } from "@/components/ui/field";
import type { UpgradeAnswer } from "@/lib/campaigns/campaign";
import type { FormState } from "@/lib/http/form-action";

type Props = {
  campaign: string;
  /** The version that is asked for. */
  to: number;
  action: (before: FormState, form: FormData) => Promise<FormState>;
};

const word: Record<UpgradeAnswer, string> = { upgrade: "Upgrade", defer: "Defer" };

/** The two answers for some models. `models` null: everything that waits on the reader. */
function Upgrades({ campaign, to, action, models, n }: Props & { models: readonly string[] | null; n: number }) {
  const [open, setOpen] = useState<UpgradeAnswer | null>(null);
  const covers = n === 1 && models ? (models[0] ?? "") : `${n.toLocaleString("en-GB")} models`;
  const means: Record<UpgradeAnswer, string> = {
    upgrade: `Pinned to version ${to} from now on. Their readiness is assessed again; approvals that name the older text become stale.`,
    defer: "They stay where they are. Your reason stands in the campaign; you can still upgrade while it runs.",
  };
  return (
    <>
      {(["upgrade", "defer"] as const).map((answer) => (
        <Button key={answer} tone={answer === "upgrade" ? "act" : "outlined"} onClick={() => setOpen(answer)}>
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
            {open === "defer" ? <TextArea name="note" label="Why, and until when" rows={2} maxLength={1000} /> : null}
          </ActionForm>
        </Dialog>
      ) : null}
    </>
  );
}

/** In the bulk bar: for the selected rows. */
export function SelectedUpgrades(props: Props) {
  const models = useSelection();
  return <Upgrades {...props} models={models} n={models.length} />;
}

/** Above the list: for everything that waits. */
export function AllUpgrades({ n, ...props }: Props & { n: number }) {
  return <Upgrades {...props} models={null} n={n} />;
}

/** On one row. */
export function RowUpgrade({ model, ...props }: Props & { model: string }) {
  return (
    <span className="row" style={{ gap: 4 }}>
      <Upgrades {...props} models={[model]} n={1} />
    </span>
  );
}
