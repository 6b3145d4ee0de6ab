import "server-only";
import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Reader, Tx } from "@/db/client";
import { people } from "@/db/schema/org";
import { reviewAdvice } from "@/db/schema/reviewers";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { givenPerson } from "@/lib/people/find";
import { type Advice, mayAdvise, mayAskAdvice, maySayDone } from "./advice-rules";
import { entrySubject, lockedReview } from "./load";
import { Note, ReviewRef } from "./review";

const AdviceId = z.uuid("Use the id of the advice.");
export const AskAdvice = z.strictObject({
  ref: ReviewRef,
  person: z.string().trim().min(1, "Name whom you ask.").max(200),
  question: Note(10, "Say what you want to know"),
});
export const GiveAdvice = z.strictObject({ advice: AdviceId, text: Note(5, "Write the advice") });
export const UseAdvice = z.strictObject({ advice: AdviceId, text: Note(3, "Say what was done with it") });

const columns = {
  id: reviewAdvice.id,
  adviserId: reviewAdvice.adviserId,
  adviser: people.name,
  question: reviewAdvice.question,
  askedAt: reviewAdvice.askedAt,
  answer: reviewAdvice.answer,
  answeredAt: reviewAdvice.answeredAt,
  done: reviewAdvice.done,
};

/** Advice sought for a review, in the order it was asked. */
export const adviceOf = (read: Reader, reviewId: string): Promise<Advice[]> =>
  read
    .select(columns)
    .from(reviewAdvice)
    .innerJoin(people, eq(people.id, reviewAdvice.adviserId))
    .where(eq(reviewAdvice.reviewId, reviewId))
    .orderBy(asc(reviewAdvice.askedAt), asc(reviewAdvice.id))
    .limit(200);

/** The review is locked first, so that advice and submitting wait for each other. */
async function lockedAdvice(tx: Tx, id: string) {
  const [found] = await tx
    .select({ reviewId: reviewAdvice.reviewId })
    .from(reviewAdvice)
    .where(eq(reviewAdvice.id, id));
  if (!found) throw new Refusal("not_found", "There is no such advice.");
  const review = await lockedReview(tx, found.reviewId);
  const advice = (await adviceOf(tx, review.id)).find((a) => a.id === id);
  if (!advice) throw new Error(`advice ${id} vanished between two reads`);
  return { review, advice };
}

export const askAdvice = command({
  name: "review.advice.asked",
  title: "Ask someone for advice on a submission",
  http: { method: "POST", path: "/reviews/{ref}/advice", status: 201 },
  input: AskAdvice,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayAskAdvice,
  async run(tx, { input, subject, actor, now }) {
    const who = await givenPerson(tx, input.person, "person");
    if (who.id === actor.id)
      throw new Refusal("invalid", "Ask someone else: your own view belongs into the submission.", [
        { field: "person", message: "That is you." },
      ]);
    const before = await adviceOf(tx, subject.id);
    if (before.length >= 200)
      throw new Refusal("conflict", `${subject.ref} holds 200 pieces of advice; that is the most.`);
    if (before.some((a) => a.adviserId === who.id && a.answeredAt === null))
      throw new Refusal("conflict", `${who.name} was asked already, and has not answered yet.`);
    const id = newId();
    await tx.insert(reviewAdvice).values({
      id,
      reviewId: subject.id,
      adviserId: who.id,
      question: input.question,
      askedBy: actor.id,
      askedAt: now,
    });
    return {
      result: { id, ref: subject.ref, adviser: who.id },
      entry: {
        ...entrySubject(subject),
        summary: `asked ${who.name} for advice on ${subject.ref}`,
        body: { advice: id, adviser: who.id, question: input.question },
      },
    };
  },
});

export const giveAdvice = command({
  name: "review.advice.given",
  title: "Give the advice one was asked for",
  http: { method: "POST", path: "/advice/{advice}/answer" },
  input: GiveAdvice,
  load: (tx, { advice }) => lockedAdvice(tx, advice),
  may: (actor, { review, advice }) => mayAdvise(actor, review, advice),
  async run(tx, { input, subject: { review, advice }, now }) {
    if (advice.answer !== null)
      throw new Refusal("conflict", "You answered this already; what you said stands. The author can ask again.");
    await tx.update(reviewAdvice).set({ answer: input.text, answeredAt: now }).where(eq(reviewAdvice.id, advice.id));
    return {
      result: { id: advice.id, ref: review.ref },
      entry: {
        ...entrySubject(review),
        summary: `gave advice on ${review.ref}`,
        body: { advice: advice.id, text: input.text },
      },
    };
  },
});

type Used = { id: string; ref: string };

export const recordAdviceUse = command({
  name: "review.advice.used",
  title: "Say what was done with advice",
  http: { method: "POST", path: "/advice/{advice}/done" },
  input: UseAdvice,
  load: (tx, { advice }) => lockedAdvice(tx, advice),
  may: (actor, { review, advice }) => maySayDone(actor, review, advice),
  async run(tx, { input, subject: { review, advice }, actor, now }): Promise<Done<Used> | Unchanged<Used>> {
    const result = { id: advice.id, ref: review.ref };
    if (advice.done === input.text) return { unchanged: result };
    await tx
      .update(reviewAdvice)
      .set({ done: input.text, doneBy: actor.id, doneAt: now })
      .where(eq(reviewAdvice.id, advice.id));
    return {
      result,
      entry: {
        ...entrySubject(review),
        summary: `said what was done with ${advice.adviser}'s advice on ${review.ref}`,
        body: { advice: advice.id, text: input.text, before: advice.done },
      },
    };
  },
});

/** Advice as a submission pins it. */
export const advicePin = (advice: readonly Advice[]) =>
  advice.map((a) => ({
    id: a.id,
    adviser: a.adviserId,
    name: a.adviser,
    asked: a.question,
    said: a.answer,
    done: a.done,
  }));
