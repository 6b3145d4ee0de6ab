import "server-only";
import { and, desc, eq, isNull, lte } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { reviews, voteCalls } from "@/db/schema/reviews";
import { systemActor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { sayMinute } from "@/lib/core/say-day";
import { instant } from "@/lib/core/when";
import type { JobHandlers } from "@/lib/jobs/job";
import { entrySubject, insistRound, type LoadedReview, lockedForBoard, lockedReview } from "./load";
import { counted } from "./quorum";
import { ReviewRef, Round, seatName, seats } from "./review";
import { mayOpenVote } from "./rules";

const OpenVote = z.strictObject({
  ref: ReviewRef,
  round: Round,
  closesAt: instant('The instant at which voting closes, such as "2026-12-01T15:00:00Z".', true),
});

/** The latest call of a round; null: voting is open until the decision. */
export async function voteCallOf(read: Reader, review: { id: string; round: number }) {
  const [call] = await read
    .select({ id: voteCalls.id, closesAt: voteCalls.closesAt, reportedAt: voteCalls.reportedAt })
    .from(voteCalls)
    .where(and(eq(voteCalls.reviewId, review.id), eq(voteCalls.round, review.round)))
    .orderBy(desc(voteCalls.openedAt), desc(voteCalls.id))
    .limit(1);
  return call ?? null;
}

/** Silence is not yes, and neither is a word that comes too late. */
export async function insistVoteOpen(read: Reader, review: LoadedReview, now: Date): Promise<void> {
  const call = await voteCallOf(read, review);
  if (call && now >= call.closesAt)
    throw new Refusal(
      "conflict",
      `Voting on ${review.ref} closed on ${sayMinute(call.closesAt)}. The chair can open it anew.`,
    );
}

/** The chair sets when voting closes, or opens it anew with a later time. */
export const openVote = command({
  name: "review.vote.opened",
  title: "Open the vote on a review until a set time",
  http: { method: "PUT", path: "/reviews/{ref}/vote-call" },
  input: OpenVote,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayOpenVote,
  async run(tx, { input, subject: review, actor, now }) {
    insistRound(review, input.round);
    const closesAt = new Date(input.closesAt);
    const hours = (closesAt.getTime() - now.getTime()) / 3_600_000;
    if (hours < 1 || hours > 30 * 24) {
      const message = "Leave at least an hour, and at most 30 days.";
      throw new Refusal("invalid", message, [{ field: "closesAt", message }]);
    }
    const before = await voteCallOf(tx, review);
    await tx.insert(voteCalls).values({
      id: newId(),
      reviewId: review.id,
      round: review.round,
      closesAt,
      openedBy: actor.id,
      openedAt: now,
    });
    return {
      result: { ref: review.ref, closesAt: closesAt.toISOString() },
      entry: {
        ...entrySubject(review),
        summary: `opened the vote on ${review.ref} until ${sayMinute(closesAt)}`,
        body: {
          round: review.round,
          closesAt: closesAt.toISOString(),
          before: before?.closesAt.toISOString() ?? null,
        },
      },
    };
  },
});

type Closed = { ref: string; silent: string[] };

/** Job: says once that voting closed, and which seats were silent. */
const reportVote = command({
  name: "review.vote.closed",
  title: "Report that voting on a review closed",
  http: null,
  input: z.strictObject({ ref: ReviewRef }),
  load: (tx, { ref }, _actor, now) => lockedForBoard(tx, ref, now),
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal itself says when voting closed.")),
  async run(tx, { subject: review, now }): Promise<Done<Closed> | Unchanged<Closed>> {
    const call = await voteCallOf(tx, review);
    await tx
      .update(voteCalls)
      .set({ reportedAt: now })
      .where(and(eq(voteCalls.reviewId, review.id), isNull(voteCalls.reportedAt), lte(voteCalls.closesAt, now)));
    // Opened anew, resubmitted or decided meanwhile: there is nothing to report.
    if (!call || call.reportedAt || call.closesAt > now || review.status !== "in_review")
      return { unchanged: { ref: review.ref, silent: [] } };
    const spoke = new Set(counted(review.members, review.ballots).map((b) => b.seat));
    const silent = seats.filter((seat) => review.members.some((m) => m.seat === seat) && !spoke.has(seat));
    const said = silent.map((seat) => seatName[seat].toLowerCase());
    return {
      result: { ref: review.ref, silent },
      entry: {
        ...entrySubject(review),
        summary: `noted that voting on ${review.ref} closed; ${said.length === 0 ? "every seat voted" : `silent: ${said.join(", ")}`}`,
        body: { round: review.round, closesAt: call.closesAt.toISOString(), silent },
      },
    };
  },
});

export const voteJobs: JobHandlers = {
  "votes.close": async (ctx) => {
    const over = await ctx.db
      .selectDistinct({ ref: reviews.ref })
      .from(voteCalls)
      .innerJoin(reviews, eq(reviews.id, voteCalls.reviewId))
      .where(and(isNull(voteCalls.reportedAt), lte(voteCalls.closesAt, ctx.now())))
      .limit(200);
    for (const { ref } of over) await reportVote({ ...ctx, actor: systemActor }, { ref });
  },
};
