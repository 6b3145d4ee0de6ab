import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";

/** Two lists that are weighed, planned and worked off alike. */
export const backlogKinds = ["debt", "capability"] as const;
export type BacklogKind = (typeof backlogKinds)[number];

export const kindName: Record<BacklogKind, string> = { debt: "Architecture debt", capability: "Capabilities" };
export const kindNoun: Record<BacklogKind, string> = { debt: "debt", capability: "capability" };
export const gainName: Record<BacklogKind, string> = {
  debt: "Interest, points a quarter",
  capability: "Value, 1 to 10",
};

export const backlogStates = ["open", "planned", "started", "done", "dropped"] as const;
export type BacklogState = (typeof backlogStates)[number];
export const stateName: Record<BacklogState, string> = {
  open: "Open",
  planned: "Planned",
  started: "Under way",
  done: "Done",
  dropped: "Dropped",
};
/** Nothing more is to be done about it. */
export const closedStates: readonly BacklogState[] = ["done", "dropped"];
export const openStates: readonly BacklogState[] = ["open", "planned", "started"];
/** What may follow a state. What was closed by mistake is opened again. */
export const leadsTo: Record<BacklogState, readonly BacklogState[]> = {
  open: ["planned", "started", "done", "dropped"],
  planned: ["open", "started", "done", "dropped"],
  started: ["planned", "done", "dropped"],
  done: ["open"],
  dropped: ["open"],
};

export const sourceKinds = ["finding", "exception", "incident", "incident_review", "deviation", "gap"] as const;
export type SourceKind = (typeof sourceKinds)[number];
export const sourceName: Record<SourceKind, string> = {
  finding: "Finding",
  exception: "Exception",
  incident: "Incident",
  incident_review: "Incident review",
  deviation: "Deviation",
  gap: "No pattern fits",
};

const said = (least: number, what: string) =>
  z.string().trim().min(least, `Say in at least ${least} characters ${what}.`).max(4000, "At most 4000 characters.");

export const BacklogRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^(DEB|CAP)-\d{1,9}$/i, "Use a reference like DEB-0003 or CAP-0003.");

const fields = {
  title: z.string().trim().min(5, "Say in a few words what it is.").max(160, "At most 160 characters."),
  why: said(20, "what it costs, or what is wanted"),
  justification: said(20, "what the business gets from it"),
  points: whole(z.number("Points from 1 to 100.").int().min(1, "At least 1.").max(100, "At most 100; split it.")),
  gain: whole(z.number("A whole number.").int().min(0, "At least 0.").max(100, "At most 100.")),
  owner: z.string().trim().min(1, "Name a person.").max(200),
  models: z
    .array(z.string().trim().min(1, "Name a model.").max(256, "At most 256 characters."))
    .max(50, "At most 50 models."),
};

export const OpenItem = z.strictObject({
  ...fields,
  kind: z.enum(backlogKinds, "Choose debt or capability."),
  owner: fields.owner.optional(),
  models: fields.models.default([]),
  /** FND-, WVR-, INC- or PIR-references, or the id of a deviation or of a gap of the library. */
  sources: z
    .array(z.string().trim().min(1, "Name a source.").max(60, "At most 60 characters."))
    .max(20, "At most 20 sources.")
    .default([]),
});

export const EditItem = z.strictObject({
  ref: BacklogRef,
  revision: whole(z.number("The revision that was read.").int().min(1).max(1_000_000_000)),
  title: fields.title.optional(),
  why: fields.why.optional(),
  justification: fields.justification.optional(),
  points: fields.points.optional(),
  gain: fields.gain.optional(),
  owner: fields.owner.nullable().optional(),
  models: fields.models.optional(),
});

export const MoveItem = z.strictObject({
  ref: BacklogRef,
  state: z.enum(backlogStates, `Choose ${backlogStates.join(", ")}.`),
  reason: z.string().trim().min(10, "Say in at least 10 characters why.").max(2000, "At most 2000 characters."),
});

const quarter = z.string().regex(/^\d{4}-Q[1-4]$/, "A quarter such as 2026-Q4.");

export const FindBacklog = z.strictObject({
  kind: z.enum(backlogKinds, "Choose debt or capability.").default("debt"),
  state: z
    .string()
    .max(100, "At most 100 characters.")
    .transform((text) => text.split(",").filter(Boolean))
    .pipe(z.array(z.enum([...backlogStates, "any"])))
    .optional()
    .describe("One or several, joined with commas, or any; left out: open, planned and under way"),
  source: z.enum(sourceKinds).optional(),
  owner: z.union([z.literal("me"), z.literal("none"), z.uuid("Give the person's id, or me, or none.")]).optional(),
  model: z.string().trim().max(256).optional(),
  cohort: quarter.optional().describe("Opened in this quarter"),
  standing: quarter.optional().describe("Not closed at the end of this quarter, or closed since"),
  q: z.string().trim().max(200).optional(),
  after: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type FindBacklog = z.output<typeof FindBacklog>;

export const mayRead = (actor: Actor): Verdict =>
  holds(actor, "decisions:read")
    ? yes
    : no("forbidden", "Reading the backlog needs a role here. Ask an administrator.");

/** Whoever works on designs may say what they owe or lack. */
export const mayOpen = (actor: Actor): Verdict =>
  actor.kind === "person" && holds(actor, "reviews:comment")
    ? yes
    : no(
        "forbidden",
        "Putting something on the backlog needs the right reviews:comment. Model owners and the board have it.",
      );

/** Architects weigh and plan; an owner works on what is theirs. */
export const mayWork = (actor: Actor, item: { ownerId: string | null }): Verdict =>
  actor.kind === "person" && (holds(actor, "patterns:manage") || (item.ownerId !== null && actor.id === item.ownerId))
    ? yes
    : no("forbidden", "Its owner and architects change it. Ask one of them.");

export function mayMove(
  actor: Actor,
  item: { ownerId: string | null; ref: string; state: BacklogState },
  to?: BacklogState,
): Verdict {
  const may = mayWork(actor, item);
  if (!may.ok || to === undefined || to === item.state || leadsTo[item.state].includes(to)) return may;
  return no(
    "conflict",
    `${item.ref} is ${stateName[item.state].toLowerCase()}; it cannot become ${stateName[to].toLowerCase()}.`,
  );
}

/** A value is a mark out of ten; interest is counted in points. Null when the figure may stand. */
export const gainFault = (kind: BacklogKind, gain: number): string | null =>
  kind === "capability" && (gain < 1 || gain > 10) ? "A value is from 1 to 10." : null;

/** What a point of effort earns: interest saved each quarter; value, times how many models wait for it. Higher comes first. */
export const worth = (
  kind: BacklogKind,
  { gain, points, models }: { gain: number; points: number; models: number },
): number => ((kind === "debt" ? 1 : Math.max(1, models)) * gain) / points;
