import "server-only";
import { and, count, eq, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { people } from "@/db/schema/org";
import { personExpertise, reviewReviewers } from "@/db/schema/reviewers";
import { reviews } from "@/db/schema/reviews";
import { type Actor, holds } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { findPerson, findPersonFor, givenPerson } from "@/lib/people/find";
import { boardFor, entrySubject, type LoadedReview, lockedReview, reviewNamed } from "./load";
import { Note, ReviewRef } from "./review";
import {
  cannotReview,
  challengeOf,
  type Expertise,
  expertiseName,
  expertises,
  mayAssignReviewer,
  mayNameExperts,
  maySayExpertise,
  needsOf,
  type Suggestion,
  suggest,
} from "./reviewers";

const Person = z.string().trim().min(1, "Name the person.").max(200);
export const AssignReviewer = z.strictObject({ ref: ReviewRef, person: Person });
export const UnassignReviewer = z.strictObject({ ref: ReviewRef, person: Person, reason: Note(5, "Say why") });
export const SayExpertise = z.strictObject({
  person: Person,
  fields: z
    .array(z.enum(expertises))
    .max(expertises.length)
    .default([])
    .describe("All that they know; what is left out ends"),
});

/** Everyone free to read a review, the best first, by what they know and what they carry. Three statements. */
async function suggestions(read: Reader, review: LoadedReview): Promise<Suggestion[]> {
  const board = await boardFor(read, review.unitId);
  const free = board.filter((m) => cannotReview(m.personId, m.name, review, true) === null);
  const ids = free.map((m) => m.personId);
  if (ids.length === 0) return [];
  const [known, loads] = await Promise.all([
    read
      .select({ personId: personExpertise.personId, field: personExpertise.field })
      .from(personExpertise)
      .where(and(inArray(personExpertise.personId, ids), isNull(personExpertise.endedAt))),
    read
      .select({ personId: reviewReviewers.personId, n: count() })
      .from(reviewReviewers)
      .innerJoin(reviews, eq(reviews.id, reviewReviewers.reviewId))
      .where(
        and(
          inArray(reviewReviewers.personId, ids),
          isNull(reviewReviewers.endedAt),
          inArray(reviews.status, ["in_review", "changes_requested", "deferred"]),
        ),
      )
      .groupBy(reviewReviewers.personId),
  ]);
  const { kind, legalClass } = review.model;
  return suggest(
    free.map((m) => ({
      ...m,
      knows: known.filter((k) => k.personId === m.personId).map((k) => k.field),
      load: loads.find((l) => l.personId === m.personId)?.n ?? 0,
    })),
    needsOf({ kind, tier: review.tier, legalClass, submission: review.row.submission }),
  );
}

/** Who reads a review for the board now, with what made them able to challenge it. */
export const reviewersOf = (read: Reader, reviewId: string) =>
  read
    .select({
      personId: reviewReviewers.personId,
      name: people.name,
      expertise: reviewReviewers.expertise,
      independence: reviewReviewers.independence,
      standing: reviewReviewers.standing,
      assignedAt: reviewReviewers.assignedAt,
    })
    .from(reviewReviewers)
    .innerJoin(people, eq(people.id, reviewReviewers.personId))
    .where(and(eq(reviewReviewers.reviewId, reviewId), isNull(reviewReviewers.endedAt)))
    .orderBy(reviewReviewers.assignedAt, reviewReviewers.id);

export const suggestReviewers = query({
  name: "review.reviewers.suggested",
  title: "Suggest who should read a review, with the reasons",
  http: { method: "GET", path: "/reviews/{ref}/reviewers" },
  input: z.strictObject({ ref: ReviewRef }),
  async run(read, { ref }, actor) {
    const review = await reviewNamed(read, ref);
    if (!holds(actor, "reviews:read", review.unitId)) throw new Refusal("not_found", `There is no review ${ref}.`);
    const [named, found] = await Promise.all([reviewersOf(read, review.id), suggestions(read, review)]);
    return { assigned: named, suggested: found.filter((s) => !named.some((n) => n.personId === s.personId)) };
  },
});

export const assignReviewer = command({
  name: "review.reviewer.assigned",
  title: "Name someone who reads a review for the board",
  http: { method: "POST", path: "/reviews/{ref}/reviewers", status: 201 },
  input: AssignReviewer,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayAssignReviewer,
  async run(tx, { input, subject, actor, now }): Promise<Done<Named> | Unchanged<Named>> {
    const who = await givenPerson(tx, input.person, "person");
    const found = (await suggestions(tx, subject)).find((s) => s.personId === who.id);
    if (!found)
      throw new Refusal("conflict", cannotReview(who.id, who.name, subject, false) ?? `${who.name} cannot review it.`, [
        { field: "person", message: "Choose someone of the board without a stake in it." },
      ]);
    const challenge = challengeOf(found);
    const result = { ref: subject.ref, person: who.id, ...challenge };
    const already = await reviewersOf(tx, subject.id);
    if (already.some((r) => r.personId === who.id)) return { unchanged: result };
    await tx.insert(reviewReviewers).values({
      id: newId(),
      reviewId: subject.id,
      personId: who.id,
      ...challenge,
      assignedBy: actor.id,
      assignedAt: now,
    });
    return {
      result,
      entry: {
        ...entrySubject(subject),
        summary: `named ${who.name} to read ${subject.ref}`,
        body: { person: who.id, why: found.why, ...challenge },
      },
    };
  },
});

type Named = { ref: string; person: string; expertise: string; independence: string; standing: string };

export const unassignReviewer = command({
  name: "review.reviewer.unassigned",
  title: "Take someone off reading a review",
  http: { method: "POST", path: "/reviews/{ref}/reviewers/{person}/end" },
  input: UnassignReviewer,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayAssignReviewer,
  async run(tx, { input, subject, now }) {
    const who = await findPerson(tx, input.person);
    const [ended] = await tx
      .update(reviewReviewers)
      .set({ endedAt: now, endedReason: input.reason })
      .where(
        and(
          eq(reviewReviewers.reviewId, subject.id),
          eq(reviewReviewers.personId, who.id),
          isNull(reviewReviewers.endedAt),
        ),
      )
      .returning({ id: reviewReviewers.id });
    if (!ended) throw new Refusal("conflict", `${who.name} is not named for ${subject.ref}.`);
    return {
      result: { ref: subject.ref, person: who.id },
      entry: {
        ...entrySubject(subject),
        summary: `took ${who.name} off reading ${subject.ref}`,
        body: { person: who.id, reason: input.reason },
      },
    };
  },
});

/** Someone whose knowledge is spoken of: whoever names reviewers reaches everyone, others whom they may see. */
const personSpokenOf = (read: Reader, key: string, actor: Actor) =>
  key !== "me" && mayNameExperts(actor).ok ? findPerson(read, key) : findPersonFor(read, key, actor);

/** What someone knows at present. */
const expertiseOf = async (read: Reader, personId: string): Promise<Expertise[]> =>
  (
    await read
      .select({ field: personExpertise.field })
      .from(personExpertise)
      .where(and(eq(personExpertise.personId, personId), isNull(personExpertise.endedAt)))
  ).map((row) => row.field);

export const readExpertise = query({
  name: "person.expertise.read",
  title: "Read what someone is said to know",
  http: { method: "GET", path: "/people/{person}/expertise" },
  input: z.strictObject({ person: Person }),
  async run(read, { person }, actor) {
    const { id } = await personSpokenOf(read, person, actor);
    return { person: id, fields: await expertiseOf(read, id) };
  },
});

type Said = { person: string; fields: Expertise[] };

export const sayExpertise = command({
  name: "person.expertise.said",
  title: "Say what someone knows",
  http: { method: "PUT", path: "/people/{person}/expertise" },
  input: SayExpertise,
  load: (tx, { person }, actor) => personSpokenOf(tx, person, actor),
  may: maySayExpertise,
  async run(tx, { input, subject, actor, now }): Promise<Done<Said> | Unchanged<Said>> {
    const before = await expertiseOf(tx, subject.id);
    const fields = expertises.filter((e) => input.fields.includes(e));
    const gone = before.filter((e) => !fields.includes(e));
    const added = fields.filter((e) => !before.includes(e));
    const result = { person: subject.id, fields };
    if (gone.length + added.length === 0) return { unchanged: result };
    if (gone.length > 0)
      await tx
        .update(personExpertise)
        .set({ endedAt: now })
        .where(
          and(
            eq(personExpertise.personId, subject.id),
            inArray(personExpertise.field, gone),
            isNull(personExpertise.endedAt),
          ),
        );
    if (added.length > 0)
      await tx
        .insert(personExpertise)
        .values(added.map((field) => ({ id: newId(), personId: subject.id, field, saidBy: actor.id, saidAt: now })));
    return {
      result,
      entry: {
        subject: { kind: "person", id: subject.id, ref: subject.email },
        summary: `said what ${actor.id === subject.id ? "they know" : `${subject.name} knows`}: ${fields.map((f) => expertiseName[f].toLowerCase()).join(", ") || "nothing in particular"}`,
        body: { fields, added, ended: gone },
      },
    };
  },
});
