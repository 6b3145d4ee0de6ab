import "server-only";
import canonicalize from "canonicalize";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { conditions, findings, reviewDecisions } from "@/db/schema/reviews";
import type { Actor } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { evaluateJob } from "@/lib/decision-checks/put";
import { lockAccepted } from "@/lib/decisions/judge";
import { lockedAdr } from "@/lib/decisions/load";
import { givenPerson } from "@/lib/people/find";
import { signWithPortal } from "@/lib/signing/store";
import { decisionLacks, monthsAfter, RecordDecision, validMonths } from "./decision";
import { boardOf, entrySubject, insistRound, type LoadedReview, lockedReview, moveReview, sha256 } from "./load";
import { lookDue } from "./look-back";
import { type Ballot, counted, tally } from "./quorum";
import { type Outcome, outcomeLeadsTo, statusName } from "./review";
import { mayDecide } from "./rules";
import { patternsOf, pinnedModels } from "./scope";

type PlannedCondition = {
  id: string;
  ref: string;
  text: string;
  kind: "before_build" | "before_release" | "after_release";
  ownerId: string;
  dueOn: string;
  finding: { id: string; ref: string } | null;
};

/** The board's decision on one round. Of two at the same time exactly one is recorded. */
export const recordDecision = command({
  name: "review.decision.recorded",
  title: "Record the board's decision",
  http: { method: "POST", path: "/reviews/{ref}/decision", status: 201 },
  input: RecordDecision,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayDecide,
  async run(tx, { input, subject, actor, now }) {
    insistRound(subject, input.round);
    const { members, ballots } = await boardOf(tx, subject, dayOf(now));
    const raised = await tx.select().from(findings).where(eq(findings.reviewId, subject.id));
    const lacks = decisionLacks(input, {
      tally: tally(subject.lane ?? "full_board", subject.tier, members, ballots),
      findings: raised,
      deferredBefore: subject.deferredBefore,
      today: dayOf(now),
    });
    if (lacks.length > 0)
      throw new Refusal(
        "conflict",
        `The decision cannot be recorded yet: ${lacks.join(" ")}`,
        lacks.map((message) => ({ field: "", message })),
      );
    const planned: PlannedCondition[] = [];
    for (const [i, condition] of input.conditions.entries()) {
      planned.push({
        id: newId(),
        ref: await nextRef(tx, "con"),
        text: condition.text,
        kind: condition.kind,
        ownerId: (await givenPerson(tx, condition.owner, `conditions.${i}.owner`)).id,
        dueOn: condition.dueOn,
        finding: closes(raised, condition.closes, `conditions.${i}.closes`),
      });
    }
    const adrAccepted = await acceptRecord(tx, subject, input.outcome, now);
    const valid = counted(members, ballots);
    const { leaf, ...decided } = await writeDecision(tx, subject, { ...input, planned, ballots: valid, actor, now });
    return {
      result: { ref: subject.ref, ...decided, conditions: planned.map((c) => c.ref), adrAccepted },
      entry: {
        ...entrySubject(subject),
        summary: `recorded the decision on ${subject.ref}: ${statusName[decided.status].toLowerCase()}`,
        body: {
          round: subject.round,
          outcome: input.outcome,
          rationale: input.rationale,
          digest: decided.digest,
          validUntil: decided.validUntil,
          conditions: planned,
          adrAccepted,
        },
      },
      signatures: [leaf],
      // What decisions expect may be about reviews themselves, and a record that was accepted with this asks from now on.
      jobs: [evaluateJob],
    };
  },
});

/** What a statement about a review's decision says it is; its predicate is the decision's canonical content. */
const predicateType = "https://countersign.dev/attestation/review-decision/v1";

/**
 * Writes the decision, its conditions and the review's new state, and signs it with the portal's key; the caller has made sure
 * that it may be, and passes `leaf` on in its `signatures`.
 */
export async function writeDecision(
  tx: Tx,
  review: LoadedReview,
  decision: {
    outcome: Outcome;
    rationale: string;
    conformance?: string | undefined;
    until?: string | undefined;
    planned: readonly PlannedCondition[];
    ballots: readonly Ballot[];
    actor: Actor;
    now: Date;
  },
) {
  const { row, model } = review;
  const { outcome, actor, now } = decision;
  const status = outcomeLeadsTo[outcome];
  const validUntil =
    status === "approved" || status === "approved_with_conditions" ? monthsAfter(dayOf(now), validMonths) : null;
  const content =
    canonicalize({
      v: "countersign/decision/v2",
      review: row.ref,
      round: review.round,
      models: await pinnedModels(tx, review),
      lane: review.lane,
      subjects: {
        submission: row.submissionDigest,
        adr: row.adrDigest,
        patterns: (await patternsOf(tx, review)).map(({ patternId, version, digest: sha256 }) => ({
          id: patternId,
          version,
          digest: sha256,
        })),
      },
      outcome,
      rationaleSha256: sha256(decision.rationale),
      conformance: decision.conformance ?? null,
      deferredUntil: decision.until ?? null,
      conditions: decision.planned.map((c) => ({
        ref: c.ref,
        textSha256: sha256(c.text),
        kind: c.kind,
        owner: c.ownerId,
        dueOn: c.dueOn,
        closes: c.finding?.ref ?? null,
      })),
      votes: decision.ballots.map((b) => ({
        person: b.personId,
        seat: b.seat,
        choice: b.choice,
        ...(b.for ? { for: b.for.personId } : {}),
      })),
      recused: [...review.recusedIds].sort(),
      decidedBy: { kind: actor.kind, id: actor.id, roles: actor.grants.map((g) => g.role).sort() },
      decidedAt: now.toISOString(),
      validUntil,
    }) ?? "";
  const digest = sha256(content);
  const id = newId();
  await moveReview(
    tx,
    review,
    {
      status,
      decidedAt: outcome === "deferred" ? null : now,
      lookDueOn: outcome === "deferred" || outcome === "not_required" ? null : await lookDue(tx, review, now),
    },
    now,
    "Someone else recorded a decision on this review first. Reload it.",
  );
  await tx.insert(reviewDecisions).values({
    id,
    reviewId: row.id,
    round: review.round,
    outcome,
    rationale: decision.rationale,
    digest,
    content,
    decidedBy: actor.id,
    decidedAt: now,
    validUntil,
  });
  if (decision.planned.length > 0)
    await tx.insert(conditions).values(
      decision.planned.map((c) => ({
        id: c.id,
        ref: c.ref,
        reviewId: row.id,
        decisionId: id,
        modelId: model.id,
        text: c.text,
        kind: c.kind,
        ownerId: c.ownerId,
        dueOn: c.dueOn,
        status: "open" as const,
        findingId: c.finding?.id ?? null,
      })),
    );
  const { leaf } = await signWithPortal(tx, {
    payload: Buffer.from(
      JSON.stringify({
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ name: row.ref, digest: { sha256: digest } }],
        predicateType,
        predicate: JSON.parse(content),
      }),
    ),
    predicateType,
    subjects: [{ name: row.ref, digest }],
    now,
  });
  return { status, outcome, digest, validUntil, content, leaf };
}

/**
 * The board's approval accepts the record it read. A record that was revised since is other content, and an approval of
 * other content is worth nothing.
 */
export async function acceptRecord(tx: Tx, review: LoadedReview, outcome: Outcome, now: Date): Promise<string | null> {
  if (!review.row.adrId || (outcome !== "approved" && outcome !== "approved_with_conditions")) return null;
  const adr = await lockedAdr(tx, review.row.adrId);
  if (adr.digest !== review.row.adrDigest)
    throw new Refusal(
      "conflict",
      `${adr.ref} was revised after ${review.ref} was submitted. Ask for changes, so that it is submitted again with the present text.`,
    );
  if (adr.status === "accepted") return null;
  if (adr.status !== "proposed")
    throw new Refusal(
      "conflict",
      `${adr.ref} is ${adr.status} by now. Ask for changes, so that another record is linked.`,
    );
  await lockAccepted(tx, adr, now);
  return adr.ref;
}

function closes(
  raised: readonly { id: string; ref: string }[],
  ref: string | undefined,
  field: string,
): { id: string; ref: string } | null {
  if (!ref) return null;
  const finding = raised.find((f) => f.ref === ref.toUpperCase());
  if (!finding)
    throw new Refusal("invalid", `${field}: ${ref} is not a finding of this review.`, [
      { field, message: "Not a finding of this review." },
    ]);
  return { id: finding.id, ref: finding.ref };
}
