import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { modelKey, personKey, unitKey } from "@/lib/models/inputs";
import { stages } from "@/lib/models/model";

/** Where a model stands in a campaign. disowned: the person asked is not its owner, and nobody is now. */
export const itemStates = ["open", "confirmed", "corrected", "disowned"] as const;
export type ItemState = (typeof itemStates)[number];

export const itemStateName: Record<ItemState, string> = {
  open: "Open",
  confirmed: "Confirmed",
  corrected: "Corrected and confirmed",
  disowned: "Not mine",
};

/** Which models a campaign asks about; an empty list means all. */
export type Scope = { units: string[]; tiers: number[]; stages: string[] };

/** What a person attested of a model, as it stood when they did. */
export type Attested = {
  name: string;
  owner: string | null;
  deputy: string | null;
  unit: string | null;
  team: string;
  tier: number | null;
  stage: string;
  kind: string | null;
};

const campaignRef = z
  .string()
  .max(20)
  .regex(/^CMP-\d{4,}$/, "A campaign such as CMP-0001.");

export const openInput = z.strictObject({
  title: z.string().trim().min(5, "At least 5 characters.").max(120, "At most 120 characters."),
  /** The day by which owners answer. */
  dueOn: day("The day by which owners answer, such as 2026-12-18."),
  units: z.array(unitKey).max(100, "At most 100 units.").default([]),
  tiers: z.array(z.number().int().min(1).max(4)).max(4).default([]),
  stages: z
    .array(z.enum(stages).exclude(["unclaimed", "retired"]))
    .max(7)
    .default([]),
  remindDays: z.array(z.number().int().min(1).max(60)).max(5, "At most 5 reminders.").default([14, 3]),
});

export const answers = ["confirm", "correct", "hand_over", "not_mine"] as const;
export type Answer = (typeof answers)[number];

export const answerInput = z
  .strictObject({
    ref: campaignRef,
    /** Names of models; left out: everything that waits on the person. */
    models: z.array(modelKey).min(1, "Select at least one.").max(500, "At most 500 at a time.").optional(),
    answer: z.enum(answers, "Confirm, correct, hand_over or not_mine."),
    /** Of hand_over: who owns it. */
    owner: personKey.optional(),
    /** Of correct. */
    deputy: personKey.optional(),
    team: z.string().trim().max(120, "At most 120 characters.").optional(),
    note: z.string().trim().max(1000, "At most 1000 characters.").default(""),
  })
  .superRefine((input, ctx) => {
    const fault = (field: string, message: string) => ctx.addIssue({ code: "custom", path: [field], message });
    if (input.answer === "hand_over" && !input.owner) fault("owner", "Name the person who owns it.");
    if (input.answer !== "hand_over" && input.owner) fault("owner", "Only a hand-over names another owner.");
    if (input.answer === "correct" && input.deputy === undefined && input.team === undefined)
      fault("deputy", "Name the deputy or the team that is right.");
    if (input.answer === "not_mine" && input.note.length < 10)
      fault("note", "Say in at least 10 characters whose it may be, or why it is not yours.");
  });

export const refInput = z.strictObject({ ref: campaignRef });

const name = "Running attestation campaigns needs the role compliance, model risk or architect.";

export const mayRun = (actor: Actor): Verdict =>
  actor.kind === "person" && holds(actor, "campaigns:run") ? yes : no("forbidden", name);

/** What an answer needs to know of an item: who is asked, and who hears of it after the due day. */
export type ItemSubject = {
  modelName: string;
  ownerId: string | null;
  deputyId: string | null;
  escalatedTo: string | null;
};

/** Only the person who is asked, the deputy, and after the due day the head of the unit attest; never a service. */
export function mayAnswer(actor: Actor, items: readonly ItemSubject[]): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only people attest ownership.");
  const other = items.find((i) => ![i.ownerId, i.deputyId, i.escalatedTo].includes(actor.id));
  return other
    ? no(
        "forbidden",
        `${other.modelName}: only its owner, its deputy, or after the due day the head of its unit answers.`,
      )
    : yes;
}
