import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { modelKey, personKey, unitKey } from "@/lib/models/inputs";
import { stages } from "@/lib/models/model";

/**
 * Where a model stands in a campaign. disowned: the person asked is not its owner, and nobody is now. Of an upgrade campaign:
 * upgraded, deferred with a reason, or left: it follows another pattern since. Of one that raises a readiness item: met.
 */
export const itemStates = [
  "open",
  "confirmed",
  "corrected",
  "disowned",
  "upgraded",
  "deferred",
  "left",
  "met",
] as const;
export type ItemState = (typeof itemStates)[number];

/** The states of each kind of campaign, in the order of a filter. */
export const ownershipStates = ["open", "confirmed", "corrected", "disowned"] as const;
export const upgradeStates = ["open", "upgraded", "deferred", "left"] as const;
export const raiseStates = ["open", "met"] as const;

export const itemStateName: Record<ItemState, string> = {
  open: "Open",
  confirmed: "Confirmed",
  corrected: "Corrected and confirmed",
  disowned: "Not mine",
  upgraded: "Upgraded",
  deferred: "Deferred",
  left: "Follows another",
  met: "Met",
};

/** Of which pattern adopters are moved to which text; `from`: only those pinned to this version, null: all that are behind. */
export type Upgrade = { pattern: string; title: string; from: number | null; to: number; digest: string };

/** A readiness item that is required in further tiers from a day on, unless it was withdrawn. */
export type Raise = { item: string; title: string; tiers: number[]; from: string; withdrawn?: boolean };

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

const upgradeAnswers = ["upgrade", "defer"] as const;
export type UpgradeAnswer = (typeof upgradeAnswers)[number];

export const openUpgradeInput = z.strictObject({
  title: openInput.shape.title,
  pattern: z.string().trim().min(1, "Choose the pattern.").max(120, "At most 120 characters."),
  /** Only those pinned to this version; left out: all that are behind. */
  from: z.number().int("Give a whole number.").min(1).max(10_000).optional(),
  dueOn: openInput.shape.dueOn,
  units: openInput.shape.units,
  remindDays: openInput.shape.remindDays,
});

export const openRaiseInput = z.strictObject({
  title: openInput.shape.title,
  item: z.string().trim().min(1, "Choose the item.").max(60, "At most 60 characters."),
  tiers: z.array(z.number().int().min(1).max(4)).min(1, "Choose at least one tier.").max(4),
  /** From this day on it is required. */
  dueOn: openInput.shape.dueOn,
  remindDays: openInput.shape.remindDays,
});

export const answerUpgradeInput = z
  .strictObject({
    ref: campaignRef,
    /** Names of models; left out: everything that waits on the person. */
    models: z.array(modelKey).min(1, "Select at least one.").max(100, "At most 100 at a time.").optional(),
    answer: z.enum(upgradeAnswers, "upgrade or defer."),
    note: z.string().trim().max(1000, "At most 1000 characters.").default(""),
  })
  .superRefine((input, ctx) => {
    if (input.answer === "defer" && input.note.length < 10)
      ctx.addIssue({ code: "custom", path: ["note"], message: "Say in at least 10 characters why, and until when." });
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
  if (actor.kind !== "person") return no("forbidden", "Only people answer a campaign.");
  const other = items.find((i) => ![i.ownerId, i.deputyId, i.escalatedTo].includes(actor.id));
  return other
    ? no(
        "forbidden",
        `${other.modelName}: only its owner, its deputy, or after the due day the head of its unit answers.`,
      )
    : yes;
}

/** Whoever is asked may defer; moving the pin is also choosing the architecture. */
export function mayAnswerUpgrade(actor: Actor, answer: UpgradeAnswer, items: readonly ItemSubject[]): Verdict {
  const asked = mayAnswer(actor, items);
  if (!asked.ok || answer === "defer" || holds(actor, "patterns:adopt")) return asked;
  return no("forbidden", "Moving a model to a newer pattern needs the role model owner. Ask its owner, or defer.");
}
