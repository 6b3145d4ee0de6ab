import "server-only";
import { createHash } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { models } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { reviews, votes } from "@/db/schema/reviews";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import type { Role } from "@/lib/core/rights";
import { type Ballot, type Member, rolesWithSeat, seatOf } from "./quorum";
import type { Seat } from "./review";
import type { ReviewSubject } from "./rules";

export const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

export const byRef = (ref: string) => (isUuid(ref) ? eq(reviews.id, ref) : eq(reviews.ref, ref.toUpperCase()));

export type LoadedReview = ReviewSubject & {
  row: typeof reviews.$inferSelect;
  model: typeof models.$inferSelect;
};

/**
 * A review as its rules see it. With a transaction's lock, whoever comes second waits here and then sees what the first did:
 * votes, recusals and decisions on one review happen one after the other.
 */
export async function lockedReview(tx: Tx, ref: string): Promise<LoadedReview> {
  const [row] = await tx.select().from(reviews).where(byRef(ref)).for("update");
  if (!row) throw new Refusal("not_found", `There is no review ${ref}.`);
  return withRules(tx, row);
}

/** The same without a lock, for reading. */
export async function reviewNamed(read: Reader, ref: string): Promise<LoadedReview> {
  const [row] = await read.select().from(reviews).where(byRef(ref));
  if (!row) throw new Refusal("not_found", `There is no review ${ref}.`);
  return withRules(read, row);
}

async function withRules(read: Reader, row: typeof reviews.$inferSelect): Promise<LoadedReview> {
  const [model] = await read.select().from(models).where(eq(models.id, row.modelId));
  if (!model) throw new Error(`${row.ref} has no model`);
  const { parties, recused, deferred } = await involved(read, row.id);
  return {
    id: row.id,
    ref: row.ref,
    status: row.status,
    lane: row.lane,
    round: row.round,
    unitId: model.businessUnitId,
    tier: model.tier,
    createdBy: row.createdBy,
    partyIds: parties,
    recusedIds: recused,
    deferredBefore: deferred,
    row,
    model,
  };
}

/**
 * Who has a stake (author, submitters, the model's owners, everyone who wrote the decision record), who is recused, and
 * whether it was deferred before. One statement: every command on a review asks this.
 */
export async function involved(
  read: Reader,
  reviewId: string,
): Promise<{ parties: string[]; recused: string[]; deferred: boolean }> {
  const { rows } = await read.execute<{ how: "party" | "recused" | "deferred"; id: string }>(sql`
    with r as (select id, created_by, model_id, adr_id from review where id = ${reviewId}::uuid)
    select 'party' as how, r.created_by::text as id from r
    union select 'party', s.submitted_by::text from r join review_submission s on s.review_id = r.id
    union select 'party', m.owner_id::text from r join model m on m.id = r.model_id where m.owner_id is not null
    union select 'party', m.backup_owner_id::text from r join model m on m.id = r.model_id where m.backup_owner_id is not null
    union select 'party', v.author_id::text from r join adr_revision v on v.adr_id = r.adr_id
    union select 'recused', c.person_id::text from r join recusal c on c.review_id = r.id
    union select 'deferred', d.id::text from r join review_decision d on d.review_id = r.id and d.outcome = 'deferred'`);
  const of = (how: string) => rows.filter((row) => row.how === how).map((row) => row.id);
  return { parties: of("party"), recused: of("recused"), deferred: of("deferred").length > 0 };
}

/** Everyone active who holds a seat for a business unit: by a role held everywhere, there, or above. */
export async function boardFor(read: Reader, unitId: string | null): Promise<Member[]> {
  const { rows } = await read.execute<{ id: string; name: string; roles: Role[] }>(sql`
    with recursive above (id, parent_id) as (
      select id, parent_id from business_unit where id = ${unitId}::uuid
      union select b.id, b.parent_id from business_unit b join above a on b.id = a.parent_id
    )
    select p.id, p.name, array_agg(distinct g.role) as roles
    from person p join role_grant g on g.person_id = p.id
    where p.active and g.role in (${sql.join(
      rolesWithSeat.map((role) => sql`${role}`),
      sql`, `,
    )})
      and (g.business_unit_id is null or g.business_unit_id in (select id from above) or ${unitId}::uuid is null)
    group by p.id, p.name order by p.name`);
  return rows.flatMap((row) => {
    const seat = seatOf(row.roles);
    return seat ? [{ personId: row.id, name: row.name, seat }] : [];
  });
}

/** Who counts for this review, and the votes of its present round. */
export async function boardOf(
  read: Reader,
  review: ReviewSubject,
): Promise<{ members: Member[]; ballots: (Ballot & { reason: string; castAt: Date })[] }> {
  const all = await boardFor(read, review.unitId);
  const cast = await read
    .select({
      personId: votes.personId,
      name: people.name,
      seat: votes.seat,
      choice: votes.choice,
      reason: votes.reason,
      castAt: votes.castAt,
    })
    .from(votes)
    .innerJoin(people, eq(people.id, votes.personId))
    .where(and(eq(votes.reviewId, review.id), eq(votes.round, review.round), isNull(votes.supersededAt)))
    .orderBy(votes.castAt);
  return {
    members: all.filter((m) => !review.recusedIds.includes(m.personId) && !review.partyIds.includes(m.personId)),
    ballots: cast.map((ballot) => ({ ...ballot, seat: ballot.seat as Seat })),
  };
}

/** The caller read a round; a resubmission in between makes what they say about it stale. */
export function insistRound(review: ReviewSubject, round: number): void {
  if (round !== review.round)
    throw new Refusal(
      "conflict",
      `${review.ref} was resubmitted: you read round ${round}, it is in round ${review.round} now. Read what changed first.`,
      [{ field: "round", message: `The present round is ${review.round}.` }],
    );
}

export const entrySubject = (review: LoadedReview) => ({
  subject: { kind: "review", id: review.id, ref: review.ref },
  modelId: review.model.id,
});

/** Moves a review out of the state it was loaded in, or says that someone else was faster. */
export async function moveReview(
  tx: Tx,
  review: LoadedReview,
  set: Partial<typeof reviews.$inferInsert>,
  now: Date,
  lost: string,
): Promise<void> {
  const [moved] = await tx
    .update(reviews)
    .set({ updatedAt: now, revision: sql`${reviews.revision} + 1`, ...set })
    .where(and(eq(reviews.id, review.id), eq(reviews.status, review.status), eq(reviews.round, review.round)))
    .returning({ id: reviews.id });
  if (!moved) throw new Refusal("conflict", lost);
}
