import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { recusals, votes } from "@/db/schema/reviews";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { entrySubject, insistRound, lockedForBoard } from "./load";
import { type Choice, choiceName, choices, Note, ReviewRef, Round, type Seat, seatName } from "./review";
import { mayRecuse, mayVote, placeOf } from "./rules";
import { insistVoteOpen } from "./vote-call";

export const CastVote = z.strictObject({
  ref: ReviewRef,
  round: Round,
  choice: z.enum(choices),
  reason: z.string().trim().max(5000, "Use at most 5,000 characters.").default(""),
});
export const DeclareRecusal = z.strictObject({ ref: ReviewRef, reason: Note(10, "Say why") });

type Ballot = { ref: string; seat: Seat; choice: Choice };

/** A changed mind supersedes the earlier vote, which stays on record. Dissent needs its reason. */
export const castVote = command({
  name: "review.vote.cast",
  title: "Vote on a review, or change the vote",
  http: { method: "PUT", path: "/reviews/{ref}/vote" },
  input: CastVote,
  load: (tx, { ref }, _actor, now) => lockedForBoard(tx, ref, now),
  may: mayVote,
  async run(tx, { input, subject, actor, now }): Promise<Done<Ballot> | Unchanged<Ballot>> {
    insistRound(subject, input.round);
    if (input.choice === "reject" && input.reason.length < 10)
      throw new Refusal("invalid", "A rejection needs its reason, so that the dissent is on record.", [
        { field: "reason", message: "Say why in at least 10 characters." },
      ]);
    const place = placeOf(subject, actor.id);
    if (!place) throw new Error(`${actor.id} may vote on ${subject.ref} without a place`);
    const { seat, standsFor } = place;
    await insistVoteOpen(tx, subject, now);
    if (standsFor && subject.ballots.some((b) => b.personId === standsFor.personId))
      throw new Refusal(
        "conflict",
        `${standsFor.name} voted on ${subject.ref} in person, so you cannot vote for that seat.`,
      );
    const current = and(
      eq(votes.reviewId, subject.id),
      eq(votes.round, subject.round),
      eq(votes.personId, actor.id),
      isNull(votes.supersededAt),
    );
    const [before] = await tx.select().from(votes).where(current);
    if (
      before?.choice === input.choice &&
      before.reason === input.reason &&
      before.seat === seat &&
      before.forId === (standsFor?.personId ?? null)
    )
      return { unchanged: { ref: subject.ref, seat, choice: input.choice } };
    if (before) await tx.update(votes).set({ supersededAt: now }).where(eq(votes.id, before.id));
    // The member is back: what a delegate said for them stays on record and counts no more.
    const stoodIn = subject.ballots.find((b) => b.for?.personId === actor.id);
    if (stoodIn)
      await tx
        .update(votes)
        .set({ supersededAt: now })
        .where(
          and(
            eq(votes.reviewId, subject.id),
            eq(votes.round, subject.round),
            eq(votes.forId, actor.id),
            isNull(votes.supersededAt),
          ),
        );
    await tx.insert(votes).values({
      id: newId(),
      reviewId: subject.id,
      round: subject.round,
      personId: actor.id,
      seat,
      forId: standsFor?.personId ?? null,
      choice: input.choice,
      reason: input.reason,
      castAt: now,
    });
    return {
      result: { ref: subject.ref, seat, choice: input.choice },
      entry: {
        ...entrySubject(subject),
        summary: `${before ? "changed the vote" : "voted"} on ${subject.ref}: ${choiceName[input.choice].toLowerCase()} (${seatName[seat].toLowerCase()}${standsFor ? `, for ${standsFor.name}` : ""})`,
        body: {
          round: subject.round,
          seat,
          choice: input.choice,
          reason: input.reason,
          for: standsFor?.personId ?? null,
          before: before?.choice ?? null,
          insteadOf: stoodIn ? { delegate: stoodIn.personId, choice: stoodIn.choice } : null,
        },
      },
    };
  },
});

/** Takes the person out of the vote and out of the quorum's base; a vote they had cast counts no more. */
export const declareRecusal = command({
  name: "review.recusal.declared",
  title: "Declare a conflict of interest",
  http: { method: "POST", path: "/reviews/{ref}/recusal", status: 201 },
  input: DeclareRecusal,
  load: (tx, { ref }, _actor, now) => lockedForBoard(tx, ref, now),
  may: mayRecuse,
  async run(tx, { input, subject, actor, now }) {
    await tx
      .insert(recusals)
      .values({ id: newId(), reviewId: subject.id, personId: actor.id, reason: input.reason, declaredAt: now });
    const dropped = await tx
      .update(votes)
      .set({ supersededAt: now })
      .where(and(eq(votes.reviewId, subject.id), eq(votes.personId, actor.id), isNull(votes.supersededAt)))
      .returning({ choice: votes.choice, round: votes.round });
    return {
      result: { ref: subject.ref },
      entry: {
        ...entrySubject(subject),
        summary: `declared a recusal from ${subject.ref}`,
        body: { reason: input.reason, votesDropped: dropped },
      },
    };
  },
});
