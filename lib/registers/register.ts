import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { type EscalationStep, ladders, type Told, toldName } from "@/lib/reviews/escalation";

/** What the board keeps a register of: duties, departures, and risks that somebody bears. */
export const registers = ["conditions", "exceptions", "risks"] as const;
export type Register = (typeof registers)[number];

export const registerName: Record<Register, string> = {
  conditions: "Conditions",
  exceptions: "Exceptions",
  risks: "Accepted risks",
};
/** One row, in a sentence. */
export const registerNoun: Record<Register, string> = {
  conditions: "condition",
  exceptions: "exception",
  risks: "risk",
};

/** How long a row has been open, in days: from the first bound up to, and not with, the next. */
export const bands = ["fresh", "month", "quarter", "half_year"] as const;
export type Band = (typeof bands)[number];
export const bandFrom: Record<Band, number> = { fresh: 0, month: 30, quarter: 90, half_year: 180 };
export const bandName: Record<Band, string> = {
  fresh: "Under 30 days",
  month: "30 to 89 days",
  quarter: "90 to 179 days",
  half_year: "180 days and more",
};

/** `lapsed`: the time it was given for is over, and nobody ended or renewed it. */
export const rowStates = [
  "open",
  "answered",
  "requested",
  "accepted",
  "lapsed",
  "closed",
  "refused",
  "ended",
  "withdrawn",
] as const;
export type RowState = (typeof rowStates)[number];
export const rowStateName: Record<RowState, string> = {
  open: "Open",
  answered: "Answered",
  requested: "Requested",
  accepted: "In force",
  lapsed: "Ran out",
  closed: "Closed",
  refused: "Refused",
  ended: "Ended",
  withdrawn: "Withdrawn",
};

/** States in which a register still asks something of somebody. An item whose waiver ran out counts again by itself; a risk does not go away. */
export const runningIn: Record<Register, readonly RowState[]> = {
  conditions: ["open", "answered"],
  exceptions: ["requested", "accepted"],
  risks: ["requested", "accepted", "lapsed"],
};
export const statesIn: Record<Register, readonly RowState[]> = {
  conditions: ["open", "answered", "closed", "withdrawn"],
  exceptions: ["requested", "accepted", "lapsed", "refused", "ended"],
  risks: ["requested", "accepted", "lapsed", "refused", "ended"],
};

const oneOf = <T extends string>(values: readonly [T, ...T[]]) =>
  z
    .string()
    .max(200, "At most 200 characters.")
    .transform((text) => text.split(",").filter(Boolean))
    .pipe(z.array(z.enum(values)));

export const FindRegister = z.strictObject({
  register: z.enum(registers, `Choose ${registers.join(", ")}.`),
  /** Several joined with commas; left out: what still asks something of somebody. `any`: all. */
  state: z.union([z.literal("any").transform(() => null), oneOf(rowStates)]).optional(),
  band: oneOf(bands).optional().describe("How long it has been open: one or several, joined with commas"),
  due: z.enum(["overdue", "soon"], "Choose overdue or soon.").optional().describe("soon: within 30 days"),
  owner: z
    .union([z.literal("me"), z.literal("none"), z.uuid("Give the person's id, or me, or none.")])
    .optional()
    .describe("Who answers for it: a person's id, me, or none"),
  tier: oneOf(["1", "2", "3", "4"]).optional(),
  unit: z.string().trim().max(120).optional().describe("Slug of a business unit"),
  model: z.string().trim().max(255).optional(),
  q: z.string().trim().max(200).optional(),
  after: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type FindRegister = z.output<typeof FindRegister>;

const told: ReadonlyMap<string, { after: number; tells: Told }> = new Map(
  Object.values(ladders).flatMap((ladder) => ladder.map((step) => [step.id satisfies EscalationStep, step] as const)),
);

/** The step of a ladder that was taken last, or the warning given last ("warned_14"), in words; null for none. */
export function stepInWords(step: string | null): string | null {
  if (step === null) return null;
  const warned = /^warned_(\d+)$/.exec(step)?.[1];
  if (warned) return `Owner warned ${warned} days before`;
  const taken = told.get(step);
  return taken ? `Before ${toldName[taken.tells]}, ${taken.after} days over` : null;
}

export const mayReadRegisters = (actor: Actor): Verdict =>
  holds(actor, "reviews:read") ? yes : no("forbidden", "Reading the registers needs the right reviews:read.");
