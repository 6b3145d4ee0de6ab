"use client";
import { ActionForm } from "@/components/ui/action-form";
import { DateField, SelectField, TextArea } from "@/components/ui/field";
import type { FormState } from "@/lib/http/form-action";
import { rescoreTriggers } from "@/lib/risk/override-rules";

type Action = (before: FormState, form: FormData) => Promise<FormState>;

/** The second line sets a tier by hand. Tiers that a floor or the one-step rule forbids say so and cannot be chosen. */
export function OverrideForm({
  model,
  tiers,
  until,
  action,
}: {
  model: string;
  tiers: readonly { tier: number; fault: string | null }[];
  until: string;
  action: Action;
}) {
  return (
    <ActionForm
      action={action}
      submit="Override the tier"
      tone="outlined"
      hidden={{ name: model }}
      label="Override the tier"
    >
      <SelectField
        name="tier"
        label="Tier"
        hint="One step down at most, never below a floor."
        options={tiers.map(({ tier, fault }) => ({
          value: String(tier),
          label: fault ? `Tier ${tier}: ${fault}` : `Tier ${tier}`,
          disabled: fault !== null,
        }))}
      />
      <TextArea name="reason" label="Reason" voice="record" rows={3} minLength={20} maxLength={2000} />
      <DateField name="expiresOn" label="Ends on" hint="At most twelve months ahead." defaultValue={until} />
    </ActionForm>
  );
}

export function WithdrawForm({ model, action }: { model: string; action: Action }) {
  return (
    <ActionForm
      action={action}
      submit="Withdraw the override"
      tone="outlined"
      hidden={{ name: model }}
      label="Withdraw the override"
    />
  );
}

/** Says that something changed which no connected system shows. */
export function AskRescoreForm({ model, action }: { model: string; action: Action }) {
  return (
    <ActionForm
      action={action}
      submit="Ask for a new score"
      tone="outlined"
      hidden={{ name: model }}
      label="Ask for a new score"
    >
      <SelectField
        name="trigger"
        label="What changed"
        options={rescoreTriggers.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }))}
      />
      <TextArea name="note" label="In words" rows={2} minLength={10} maxLength={1000} />
    </ActionForm>
  );
}
