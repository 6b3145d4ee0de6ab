import { z } from "zod";
import { OpenItem } from "@/lib/backlog/backlog";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { whole } from "@/lib/core/whole";
import { libraryKinds } from "@/lib/library/library";
import { conditionKinds, Note } from "@/lib/reviews/review";

export const reviewStates = ["open", "published"] as const;
export type ReviewState = (typeof reviewStates)[number];

/** What may follow from an incident. */
export const outcomeKinds = ["condition", "standard", "debt"] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];
export const outcomeName: Record<OutcomeKind, string> = {
  condition: "Condition on the standing decision",
  standard: "Change of a text of the library",
  debt: "Architecture debt",
};

export const IncidentRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^INC-\d{1,9}$/i, "Use a reference like INC-0003.");
/** What the page of an incident is found by: its own reference or its review's. */
export const IncidentOrReview = z
  .string()
  .trim()
  .max(20)
  .regex(/^(INC|PIR)-\d{1,9}$/i, "Use a reference like INC-0003.");
export const PostRef = z
  .string()
  .trim()
  .max(20)
  .regex(/^PIR-\d{1,9}$/i, "Use a reference like PIR-0003.");
const person = z.string().trim().min(1, "Name a person.").max(200, "At most 200 characters.");

export const OpenReview = z.strictObject({ incident: IncidentRef, owner: person, dueOn: day() });

export const WriteReview = z.strictObject({
  ref: PostRef,
  revision: whole(z.number("The revision that was read.").int().min(1).max(1_000_000_000)),
  facts: z.string().trim().max(20_000, "At most 20,000 characters."),
  /** What the system allowed, each in a sentence; roles and systems, not names. */
  causes: z
    .array(z.string().trim().min(10, "Say each in at least 10 characters.").max(1000, "At most 1000 characters."))
    .max(20, "At most 20 causes."),
  lessons: z.string().trim().max(10_000, "At most 10,000 characters.").default(""),
});

export const AddCondition = z.strictObject({
  ref: PostRef,
  text: Note(10, "Say what has to be done"),
  kind: z.enum(conditionKinds, `Choose ${conditionKinds.join(", ")}.`),
  owner: person,
  dueOn: day(),
});

export const ProposeChange = z.strictObject({
  ref: PostRef,
  /** Of the library: "pattern/online-inference-kubernetes". */
  text: z
    .string()
    .trim()
    .max(140)
    .regex(new RegExp(`^(${libraryKinds.join("|")})/[a-z0-9-]+$`), "Name a text as in standard/naming."),
  change: Note(20, "Say what the text should say"),
});

const { title, why, justification, points, gain } = OpenItem.shape;
export const AddDebt = z.strictObject({ ref: PostRef, title, why, justification, points, gain });

export const PublishReview = z.strictObject({ ref: PostRef });

export type PostReview = {
  ref: string;
  state: ReviewState;
  ownerId: string;
  unitId: string | null;
};

export const mayOpenReview = (actor: Actor, unitId: string | null): Verdict =>
  actor.kind === "person" && holds(actor, "incidents:report", unitId)
    ? yes
    : no("forbidden", "Opening a review of an incident needs the role model owner, architect or security.");

const stillOpen = (review: PostReview): Verdict =>
  review.state === "open" ? yes : no("conflict", `${review.ref} is published and stays as it is.`);

/** Its owner writes it, and architects and security of the unit with them. */
export function mayWrite(actor: Actor, review: PostReview): Verdict {
  if (actor.kind !== "person" || !(actor.id === review.ownerId || holds(actor, "incidents:report", review.unitId)))
    return no("forbidden", "Its owner writes it, and who may report incidents here. Ask one of them.");
  return stillOpen(review);
}

/** A condition binds as the board's own do; who records decisions adds it. */
export function mayAddCondition(actor: Actor, review: PostReview): Verdict {
  if (actor.kind !== "person" || !holds(actor, "reviews:decide", review.unitId))
    return no("forbidden", "Only the chair adds a condition to a decision that stands.");
  return stillOpen(review);
}

/** Whoever is answerable publishes it, once there is something to learn from. */
export function mayPublish(actor: Actor, review: PostReview): Verdict {
  if (actor.kind !== "person" || !(actor.id === review.ownerId || holds(actor, "reviews:decide", review.unitId)))
    return no("forbidden", "Its owner or the chair publishes it.");
  return stillOpen(review);
}

/** What is missing to publish, in words; empty when nothing is. */
export const lacks = (review: {
  facts: string;
  causes: readonly string[];
  lessons: string;
  outcomes: number;
}): string[] => [
  ...(review.facts.trim().length < 20 ? ["Say what happened, in order."] : []),
  ...(review.causes.length === 0 ? ["Name at least one contributing cause."] : []),
  ...(review.outcomes === 0 && review.lessons.trim().length < 20
    ? ["Say what follows: a condition, a change, debt, or in the lessons why nothing does."]
    : []),
];

/** The first of some names that a text holds: a review asks what the system allowed, not who did it. */
export function namedIn(text: string, names: readonly string[]): string | null {
  const lower = ` ${text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ")} `;
  return (
    names.find((name) =>
      lower.includes(
        ` ${name
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
          .trim()} `,
      ),
    ) ?? null
  );
}
