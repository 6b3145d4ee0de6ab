import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";

const courseId = z.string().trim().min(1).max(120);

export const OneCourse = z.strictObject({ id: courseId });

export const CompleteCourse = z.strictObject({
  id: courseId,
  /** The version that was read; another one has other questions. */
  version: whole(z.number().int().min(1).max(10_000)),
  /** The number of the chosen option of each question, from 0, by the question's id. */
  answers: z.record(z.string().max(60), whole(z.number().int().min(0).max(9))),
});

export const FindCompletions = z.strictObject({
  course: courseId.optional(),
  after: z.uuid("Go on from the last row's id.").optional(),
  limit: whole(z.number().int().min(1).max(200)).default(100),
});

/** People learn; a token does not. */
export const mayComplete = (actor: Actor): Verdict =>
  actor.kind !== "person"
    ? no("forbidden", "Only people complete courses.")
    : holds(actor, "inventory:read")
      ? yes
      : no("forbidden", "You need a role to take courses. Ask an administrator for one.");

/** Who has learnt what is the business of those who keep people's rights, and of those who audit. One's own is shown with the course. */
export const mayListCompletions = (actor: Actor): Verdict =>
  holds(actor, "people:manage") || holds(actor, "log:export")
    ? yes
    : no("forbidden", "The list of completions is for administrators, compliance and audit.");
