import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";

/** Of an evaluation: while it is a draft, options, weights and scores change; concluded, none of them do. */
export const evaluationStates = ["draft", "concluded"] as const;
export type EvaluationState = (typeof evaluationStates)[number];

export const optionKinds = ["build", "buy", "adopt", "extend", "keep"] as const;
export type OptionKind = (typeof optionKinds)[number];

export const optionKindName: Record<OptionKind, string> = {
  build: "Build",
  buy: "Buy",
  adopt: "Adopt open source",
  extend: "Extend what we have",
  keep: "Do nothing",
};

/** One way to meet the need. `key` is its letter, a to h; that of one taken out goes to the next one named. */
export type Option = { key: string; name: string; kind: OptionKind; note: string };
/** Points of each criterion, by its id; only the proportions count. */
export type Weights = Readonly<Record<string, number>>;

const ref = z
  .string()
  .max(20)
  .regex(/^EVA-\d{4,}$/, "An evaluation such as EVA-0001.");
const title = z.string().trim().min(5, "At least 5 characters.").max(160, "At most 160 characters.");
const reason = z
  .string()
  .trim()
  .min(10, "At least 10 characters: what is it based on?")
  .max(1000, "At most 1000 characters.");
const optionName = z.string().trim().min(2, "At least 2 characters.").max(80, "At most 80 characters.");
const optionKey = z.string().regex(/^[a-h]$/, "An option by its letter, a to h.");
const criterion = z
  .string()
  .max(60)
  .regex(/^[a-z0-9-]+$/, "A criterion by its id.");

export const OneEvaluation = z.strictObject({ ref });

export const FindEvaluations = z.strictObject({
  status: z.enum(evaluationStates, "draft or concluded.").optional(),
  after: ref.optional(),
  limit: whole(z.number().int().min(1).max(200)).default(50),
});

export const OpenEvaluation = z.strictObject({
  title,
  need: z
    .string()
    .trim()
    .min(20, "At least 20 characters: who needs what, and by when?")
    .max(4000, "At most 4000 characters."),
});

export const AddOption = z.strictObject({
  ref,
  name: optionName,
  kind: z.enum(optionKinds, "build, buy, adopt, extend or keep."),
  note: z.string().trim().max(1000, "At most 1000 characters.").default(""),
});

export const EditOption = z.strictObject({
  ref,
  option: optionKey,
  name: optionName.optional(),
  kind: z.enum(optionKinds, "build, buy, adopt, extend or keep.").optional(),
  note: z.string().trim().max(1000, "At most 1000 characters.").optional(),
});

export const RemoveOption = z.strictObject({ ref, option: optionKey, reason });

export const Weigh = z.strictObject({
  ref,
  /** All criteria; a weight of 0 leaves one out. */
  weights: z
    .record(criterion, whole(z.number().int().min(0, "Not below 0.").max(100, "At most 100.")))
    .refine((w) => Object.values(w).some((points) => points > 0), "Give at least one criterion a weight."),
  reason,
});

/** A score with its reason, or null: it is not known (any more). */
export const Score = z.strictObject({
  ref,
  option: optionKey,
  scores: z
    .record(
      criterion,
      z
        .strictObject({
          score: whole(z.number().int().min(1, "1 to 5.").max(5, "1 to 5.")).nullable(),
          reason: reason.optional(),
        })
        .refine((s) => s.score === null || s.reason !== undefined, {
          path: ["reason"],
          message: "Say what the score is based on.",
        }),
    )
    .refine((s) => Object.keys(s).length > 0, "Score at least one criterion."),
});

export const Conclude = z.strictObject({
  ref,
  chosen: optionKey,
  reason: z.string().trim().min(20, "At least 20 characters: why this one?").max(4000, "At most 4000 characters."),
  /** The decision that it led to. */
  adr: z
    .string()
    .trim()
    .max(20)
    .regex(/^ADR-\d{4,}$/i, "A decision such as ADR-0012.")
    .optional(),
});

const frozen = (at: { ref: string; status: EvaluationState }): Verdict | null =>
  at.status === "concluded"
    ? no(
        "conflict",
        `${at.ref} is concluded; what it rested on stays as it was. Open another if it must be looked at again.`,
      )
    : null;

export const mayRead = (actor: Actor): Verdict =>
  holds(actor, "decisions:read")
    ? yes
    : no("forbidden", "Reading evaluations needs a role here. Ask an administrator for one.");

/** Whoever may write decisions prepares evaluations: agents too, since nothing is decided by it. */
export const mayOpen = (actor: Actor): Verdict =>
  holds(actor, "decisions:write")
    ? yes
    : no("forbidden", "Evaluations are prepared by those who write decisions: model owners, architects and reviewers.");

export const mayPrepare = (actor: Actor, at: { ref: string; status: EvaluationState }): Verdict =>
  frozen(at) ?? mayOpen(actor);

export const mayConclude = (
  actor: Actor,
  at: { ref: string; status: EvaluationState; options: readonly Option[] },
): Verdict => {
  const stands = frozen(at);
  if (stands) return stands;
  if (actor.kind !== "person") return no("forbidden", "Only people conclude an evaluation.");
  if (at.options.length < 2) return no("conflict", "Name at least two options; one alone is no choice.");
  return mayOpen(actor);
};
