import "server-only";
import { and, asc, eq, inArray, ne, or, type SQL, sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { models } from "@/db/schema/models";
import { reviewModels, reviewPatterns } from "@/db/schema/review-scope";
import { reviews } from "@/db/schema/reviews";
import type { Actor } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { Refusal } from "@/lib/core/refusal";
import type { Right } from "@/lib/core/rights";
import { patternsInForce } from "@/lib/library/editions";
import { editable, openStatuses } from "./review";
import type { Submission } from "./submission";

/** A model that a review concerns. */
export type Covered = typeof models.$inferSelect;

/**
 * The models that a review concerns, the one it was begun for first, the others by name: while its author works on it those that
 * the draft names, else those that its present round pinned.
 */
export async function scopeOf(read: Reader, row: typeof reviews.$inferSelect): Promise<[Covered, ...Covered[]]> {
  const named = row.submission.models ?? [];
  const pinned = read
    .select({ id: reviewModels.modelId })
    .from(reviewModels)
    .where(and(eq(reviewModels.reviewId, row.id), eq(reviewModels.round, row.round)));
  const others = editable.includes(row.status)
    ? named.length > 0
      ? inArray(models.name, named)
      : undefined
    : inArray(models.id, pinned);
  const found = await read
    .select()
    .from(models)
    .where(or(eq(models.id, row.modelId), others))
    .orderBy(asc(models.name));
  const main = found.find((m) => m.id === row.modelId);
  if (!main) throw new Error(`${row.ref} has no model`);
  return [main, ...found.filter((m) => m.id !== main.id)];
}

/** Reviews of which the actor may read at least one model: the one it was begun for, or one of its present round. */
export const seenReviews = (actor: Actor, right: Right): SQL => sql`(${inReach(actor, right, models.businessUnitId)}
  or exists (select from review_model x join model mm on mm.id = x.model_id
    where x.review_id = ${reviews.id} and x.round = ${reviews.round} and ${inReach(actor, right, sql`mm.business_unit_id`)}))`;

type Named = { name: string; unitId: string | null };

/** The further models that a submission names, as the inventory has them; one that is not there is refused by its place. */
export async function namedModels(read: Reader, submission: Submission): Promise<Named[]> {
  const names = submission.models ?? [];
  if (names.length === 0) return [];
  const rows = await read
    .select({ name: models.name, unitId: models.businessUnitId, stage: models.stage, joined: models.joinedToId })
    .from(models)
    .where(inArray(models.name, names));
  return names.map((name, i) => {
    const found = rows.find((m) => m.name === name);
    const fault = !found
      ? `There is no model ${name} in the inventory.`
      : found.joined
        ? `${name} was joined to another model; name that one.`
        : names.indexOf(name) < i
          ? `${name} is named twice.`
          : null;
    if (!found || fault)
      throw new Refusal("invalid", fault ?? "", [{ field: `submission.models.${i}`, message: fault ?? "" }]);
    return { name, unitId: found.unitId };
  });
}

/** What a draft names beside its model must hold: that model is not named again, and the patterns are in the library. */
export async function checkScope(read: Reader, main: { name: string }, submission: Submission): Promise<void> {
  const at = submission.models?.indexOf(main.name) ?? -1;
  if (at >= 0)
    throw new Refusal("invalid", `${main.name} is the model that the review was begun for; name only further ones.`, [
      { field: `submission.models.${at}`, message: "It is the model that the review was begun for." },
    ]);
  await namedPatterns(read, submission);
}

/** The further reference architectures that a submission names, in the version in force. */
export async function namedPatterns(
  read: Reader,
  submission: Submission,
): Promise<{ patternId: string; version: number; digest: string }[]> {
  const ids = submission.patterns ?? [];
  if (ids.length === 0) return [];
  const inForce = await patternsInForce(read);
  return ids.map((id, i) => {
    const pattern = inForce.find((p) => p.id === id);
    const twice = ids.indexOf(id) < i;
    if (!pattern || twice) {
      const fault = twice ? `${id} is named twice.` : `There is no reference architecture ${id} in the library.`;
      throw new Refusal("invalid", fault, [{ field: `submission.patterns.${i}`, message: fault }]);
    }
    return { patternId: id, version: pattern.version, digest: pattern.digest };
  });
}

/**
 * One model is in one open review at a time, emergencies apart: they are decided within the hour and looked at again. Two submissions
 * at once wait here for each other, model by model in one order, and the second sees the first.
 */
export async function insistFree(
  tx: Tx,
  review: { id: string; emergency: boolean },
  covered: readonly Covered[],
): Promise<void> {
  for (const id of covered.map((m) => m.id).sort())
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`review of ${id}`}, 0))`);
  const taken = await tx
    .select({ ref: reviews.ref, model: models.name })
    .from(reviewModels)
    .innerJoin(reviews, and(eq(reviews.id, reviewModels.reviewId), eq(reviews.round, reviewModels.round)))
    .innerJoin(models, eq(models.id, reviewModels.modelId))
    .where(
      and(
        inArray(
          reviewModels.modelId,
          covered.map((m) => m.id),
        ),
        ne(reviews.id, review.id),
        inArray(reviews.status, [...openStatuses]),
        sql`coalesce((${reviews.submission}->>'emergency')::boolean, false) = ${review.emergency}`,
      ),
    )
    .orderBy(reviews.ref, models.name);
  const [first] = taken;
  if (!first) return;
  const faults = taken.map(({ ref, model }) => ({
    field: "models",
    message: `${model} is before the board in ${ref}.`,
  }));
  throw new Refusal(
    "conflict",
    `${first.model} is before the board already, in ${first.ref}. Wait for its decision, or withdraw it first.`,
    faults,
  );
}

/** What a decision on the present round speaks of, model by model: the bytes that were pinned of each. */
export async function pinnedModels(read: Reader, review: { id: string; round: number }) {
  return read
    .select({
      id: models.id,
      name: models.name,
      tier: models.tier,
      pattern: reviewModels.patternDigest,
      assessment: reviewModels.assessmentDigest,
    })
    .from(reviewModels)
    .innerJoin(models, eq(models.id, reviewModels.modelId))
    .where(and(eq(reviewModels.reviewId, review.id), eq(reviewModels.round, review.round)))
    .orderBy(reviewModels.position);
}

/** The patterns that the present round of a review follows: by which of its models, or named by the submission. */
export async function patternsOf(read: Reader, review: { id: string; round: number }) {
  return read
    .select({
      patternId: reviewPatterns.patternId,
      version: reviewPatterns.version,
      digest: reviewPatterns.digest,
      model: models.name,
      deviations: reviewPatterns.deviations,
    })
    .from(reviewPatterns)
    .leftJoin(models, eq(models.id, reviewPatterns.modelId))
    .where(and(eq(reviewPatterns.reviewId, review.id), eq(reviewPatterns.round, review.round)))
    .orderBy(reviewPatterns.position);
}
