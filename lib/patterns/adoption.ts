import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { manyOf } from "@/lib/core/many";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { useCaseKey } from "@/lib/use-cases/use-case";

/** Where a model stands: follows a pattern, has none that fits, or has not chosen. */
export const standings = ["follows", "no_fit", "none"] as const;
export type Standing = (typeof standings)[number];
export const standingName: Record<Standing, string> = {
  follows: "Follows a pattern",
  no_fit: "No pattern fits",
  none: "None chosen",
};

/** How its pinned version stands to the one in force; unknown: this build does not carry the text that was pinned. */
export const drifts = ["current", "behind", "unknown"] as const;
export type Drift = (typeof drifts)[number];
export const driftName: Record<Drift, string> = {
  current: "On the version in force",
  behind: "Behind",
  unknown: "Pinned text unknown",
};

/** open: no accepted decision record allows at least one of them. */
export const departures = ["none", "open", "decided"] as const;
export type Departure = (typeof departures)[number];
export const departureName: Record<Departure, string> = {
  none: "No deviation",
  open: "Open deviation",
  decided: "Decided deviations only",
};

/** A deviation as its page shows it. */
export type DeviationRow = {
  id: string;
  requirement: string | null;
  title: string | null;
  why: string;
  adr: string | null;
  adrTitle: string | null;
  adrStatus: "proposed" | "accepted" | "rejected" | "deprecated" | "superseded" | null;
  recordedBy: string | null;
  recordedAt: string;
};

/** open: nobody answered; planned: a pattern will come; fits: one that is there fits; declined; adopted: the model follows one now. */
export const gapStates = ["open", "planned", "fits", "declined", "adopted"] as const;
export type GapState = (typeof gapStates)[number];
export const gapStateName: Record<GapState, string> = {
  open: "Open",
  planned: "Planned",
  fits: "A pattern fits",
  declined: "Stays on its own",
  adopted: "Adopted one since",
};

/** Models and use cases follow patterns; the rate is of models (governance, KPI 1), use cases are counted beside it. */
export const followers = ["model", "use_case"] as const;
export const followersName: Record<(typeof followers)[number], string> = { model: "Models", use_case: "Use cases" };

export const AdoptionList = z.strictObject({
  of: z.enum(followers).default("model"),
  pattern: manyOf(z.string().trim().min(1).max(120)),
  standing: manyOf(z.enum(standings)),
  drift: manyOf(z.enum(drifts)),
  deviation: manyOf(z.enum(departures)),
  /** Slugs of business units. */
  unit: manyOf(z.string().trim().min(1).max(120)),
  tier: manyOf(z.enum(["1", "2", "3", "4"])),
  after: z.string().max(400).optional(),
  limit: whole(z.number().int().min(1).max(200)).default(50),
});

const model = z.string().trim().min(1, "Name the model.").max(400, "At most 400 characters.");
const words = z.string().trim().min(10, "At least 10 characters.").max(2000, "At most 2000 characters.");
const adr = z.string().trim().min(1, "A decision such as ADR-0007.").max(40, "At most 40 characters.");

const departing = {
  /** Id of a conformance check of the pattern, as GET /patterns/{id} lists them. */
  requirement: z.string().trim().min(1, "Choose the requirement.").max(120, "At most 120 characters."),
  why: words,
  /** The decision record about it; it counts once it is accepted. */
  adr: adr.optional(),
};
const deciding = { id: z.uuid("The deviation's id."), adr };
const ending = { id: z.uuid("The deviation's id."), why: words };

export const RecordDeviation = z.strictObject({ name: model, ...departing });
export const DecideDeviation = z.strictObject({ name: model, ...deciding });
export const EndDeviation = z.strictObject({ name: model, ...ending });

export const RecordUseCaseDeviation = z.strictObject({ useCase: useCaseKey, ...departing });
export const DecideUseCaseDeviation = z.strictObject({ useCase: useCaseKey, ...deciding });
export const EndUseCaseDeviation = z.strictObject({ useCase: useCaseKey, ...ending });

export const ReportGap = z.strictObject({ name: model, missing: words });
export const ReportUseCaseGap = z.strictObject({ useCase: useCaseKey, missing: words });

export const gapAnswers = ["planned", "fits", "declined"] as const;
export const AnswerGap = z
  .strictObject({
    id: z.uuid("The id of the gap."),
    state: z.enum(gapAnswers, "planned, fits or declined."),
    /** Of fits: the pattern that does. */
    pattern: z.string().trim().min(1).max(120, "At most 120 characters.").optional(),
    answer: words,
  })
  .superRefine((input, ctx) => {
    if (input.state === "fits" && !input.pattern)
      ctx.addIssue({ code: "custom", path: ["pattern"], message: "Name the pattern that fits." });
  });

export const GapList = z.strictObject({
  state: manyOf(z.enum(gapStates)),
  after: z.string().max(40).optional(),
  limit: whole(z.number().int().min(1).max(200)).default(50),
});

/** Architects keep the library: answer what is missing, move adopters on, edit the organisation's own texts. */
export function mayManage(actor: Actor): Verdict {
  return actor.kind === "person" && holds(actor, "patterns:manage")
    ? yes
    : no("forbidden", "Keeping the library needs the role ML architect. Ask one.");
}
