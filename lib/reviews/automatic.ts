import "server-only";
import { and, eq, isNull, ne } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { findings, votes } from "@/db/schema/reviews";
import { systemActor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { evaluateJob } from "@/lib/decision-checks/put";
import type { JobHandler } from "@/lib/jobs/job";
import { acceptRecord, writeDecision } from "./decide";
import { entrySubject, lockedReview, reviewNamed } from "./load";
import { ReviewRef } from "./review";
import { mayDecideAutomatically } from "./rules";
import { because } from "./triage";

const DecideAutomatically = z.strictObject({ ref: ReviewRef });

/** What people said before the portal decided: a finding that asks for something, or a vote; null where nobody spoke. */
async function saidOn(read: Reader, review: { id: string; round: number }): Promise<string | null> {
  const [finding] = await read
    .select({ ref: findings.ref })
    .from(findings)
    .where(and(eq(findings.reviewId, review.id), ne(findings.severity, "note"), ne(findings.status, "verified")))
    .orderBy(findings.ref)
    .limit(1);
  if (finding) return `${finding.ref} is open`;
  const cast = await read.$count(
    votes,
    and(eq(votes.reviewId, review.id), eq(votes.round, review.round), isNull(votes.supersededAt)),
  );
  return cast > 0 ? "A member of the board voted" : null;
}

/**
 * The self-service lane: the portal decides by its rules, says so, and signs with its own key. One in ten is marked for a
 * look by people afterwards.
 */
export const decideAutomatically = command({
  name: "review.decision.automated",
  title: "Decide a self-service review by the rules",
  http: null,
  input: DecideAutomatically,
  async load(tx, { ref }) {
    const review = await lockedReview(tx, ref);
    return { ...review, said: await saidOn(tx, review) };
  },
  may: mayDecideAutomatically,
  async run(tx, { subject, actor, now }) {
    const rationale = `Decided by the portal's rules (triage ${subject.row.triageVersion}), not by people. ${because(subject.row.laneReasons)}`;
    const adrAccepted = await acceptRecord(tx, subject, "approved", now);
    const decided = await writeDecision(tx, subject, {
      outcome: "approved",
      rationale,
      planned: [],
      ballots: [],
      actor,
      now,
    });
    return {
      result: { ref: subject.ref, status: decided.status, digest: decided.digest, sampled: subject.row.sampled },
      entry: {
        ...entrySubject(subject),
        summary: `decided ${subject.ref} by rule: approved${subject.row.sampled ? ", drawn for a later look" : ""}`,
        body: {
          round: subject.round,
          rationale,
          digest: decided.digest,
          validUntil: decided.validUntil,
          sampled: subject.row.sampled,
          adrAccepted,
        },
      },
      signatures: [decided.leaf],
      jobs: [evaluateJob],
    };
  },
});

/** Job: decides what entered the self-service lane. A review that moved on meanwhile is left alone. */
export const decideAutomaticallyJob: JobHandler = async (ctx, payload) => {
  const { ref } = DecideAutomatically.parse(payload);
  const subject = await reviewNamed(ctx.db, ref);
  if (!mayDecideAutomatically(systemActor, { ...subject, said: await saidOn(ctx.db, subject) }).ok) return;
  await decideAutomatically({ ...ctx, actor: systemActor }, { ref });
};
