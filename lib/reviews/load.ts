import "server-only";
import { createHash } from "node:crypto";
import { and, eq, gte, isNull, lte, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Reader, Tx } from "@/db/client";
import { boardDelegates } from "@/db/schema/board";
import { people } from "@/db/schema/org";
import { reviews, votes } from "@/db/schema/reviews";
import { type Day, dayOf } from "@/lib/core/business-days";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import type { Role } from "@/lib/core/rights";
import { type Ballot, type Delegation, type Idle, type Member, rolesWithSeat, seated, seatOf } from "./quorum";
import { type Seat, strictestTier } from "./review";
import type { ReviewSubject } from "./rules";
import { type Covered, scopeOf } from "./scope";

export const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

export const byRef = (ref: string) => (isUuid(ref) ? eq(reviews.id, ref) : eq(reviews.ref, ref.toUpperCase()));

export type LoadedReview = ReviewSubject & {
  row: typeof reviews.$inferSelect;
  /** The model that it was begun for. */
  model: Covered;
  /** All that it concerns, that one first (scope.ts). */
  models: readonly [Covered, ...Covered[]];
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
  const covered = await scopeOf(read, row);
  const [model] = covered;
  const { parties, recused, deferred } = await involved(read, row.id);
  return {
    id: row.id,
    ref: row.ref,
    status: row.status,
    lane: row.lane,
    round: row.round,
    unitId: model.businessUnitId,
    tier: strictestTier(covered.map((m) => m.tier)),
    createdBy: row.createdBy,
    partyIds: parties,
    recusedIds: recused,
    deferredBefore: deferred,
    row,
    model,
    models: covered,
  };
}

/**
 * Who has a stake (author, submitters, the owners of every model it concerns, everyone who wrote the decision record), who is recused, and
 * whether it was deferred before. One statement: every command on a review asks this.
 */
export async function involved(
  read: Reader,
  reviewId: string,
): Promise<{ parties: string[]; recused: string[]; deferred: boolean }> {
  const { rows } = await read.execute<{ how: "party" | "recused" | "deferred"; id: string }>(sql`
    with r as (select id, round, created_by, model_id, adr_id from review where id = ${reviewId}::uuid),
    n as (select m.owner_id, m.backup_owner_id from model m where m.id in (
      select r.model_id from r union select x.model_id from r join review_model x on x.review_id = r.id and x.round = r.round))
    select 'party' as how, r.created_by::text as id from r
    union select 'party', s.submitted_by::text from r join review_submission s on s.review_id = r.id
    union select 'party', n.owner_id::text from n where n.owner_id is not null
    union select 'party', n.backup_owner_id::text from n where n.backup_owner_id is not null
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

/** The delegations that stand on a day. */
export const delegationsOn = (read: Reader, today: Day): Promise<Delegation[]> =>
  read
    .select({
      memberId: boardDelegates.memberId,
      delegateId: boardDelegates.delegateId,
      delegateName: people.name,
    })
    .from(boardDelegates)
    .innerJoin(people, and(eq(people.id, boardDelegates.delegateId), people.active))
    .where(and(isNull(boardDelegates.endedAt), lte(boardDelegates.fromOn, today), gte(boardDelegates.untilOn, today)))
    .orderBy(boardDelegates.namedAt);

/** Who counts for this review on a day, and the votes of its present round. */
export async function boardOf(
  read: Reader,
  review: ReviewSubject,
  today: Day,
): Promise<{ members: Member[]; idle: Idle[]; ballots: (Ballot & { reason: string; castAt: Date })[] }> {
  const member = alias(people, "member");
  const votesCast = read
    .select({
      personId: votes.personId,
      name: people.name,
      forId: votes.forId,
      forName: member.name,
      seat: votes.seat,
      choice: votes.choice,
      reason: votes.reason,
      castAt: votes.castAt,
    })
    .from(votes)
    .innerJoin(people, eq(people.id, votes.personId))
    .leftJoin(member, eq(member.id, votes.forId))
    .where(and(eq(votes.reviewId, review.id), eq(votes.round, review.round), isNull(votes.supersededAt)))
    .orderBy(votes.castAt);
  const [all, delegations, cast] = await Promise.all([
    boardFor(read, review.unitId),
    delegationsOn(read, today),
    votesCast,
  ]);
  const aside = new Set([...review.recusedIds, ...review.partyIds]);
  return {
    ...seated(all, delegations, aside),
    // A delegate who gained a stake since speaks for nobody; the member's own vote is dropped by the tally.
    ballots: cast
      .filter((ballot) => !ballot.forId || !aside.has(ballot.personId))
      .map(({ forId, forName, ...ballot }) => ({
        ...ballot,
        seat: ballot.seat as Seat,
        ...(forId ? { for: { personId: forId, name: forName ?? "" } } : {}),
      })),
  };
}

/** A review with those who may vote on it today, locked: what voting and standing aside ask. */
export async function lockedForBoard(tx: Tx, ref: string, now: Date) {
  const review = await lockedReview(tx, ref);
  return { ...review, ...(await boardOf(tx, review, dayOf(now))) };
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
  concerns: review.models.slice(1).map((m) => m.id),
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
