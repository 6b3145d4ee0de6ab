import "server-only";
import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { decisionSignatures } from "@/db/schema/decision-signatures";
import { people } from "@/db/schema/org";
import { conditions, reviewDecisions, reviewSubmissions } from "@/db/schema/reviews";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, Refusal } from "@/lib/core/refusal";
import { keyToSignWith, openSignature, Signed, takeSignature } from "@/lib/credentials/signature";
import { hosts } from "@/lib/signing/hosts";
import { signingRequestBy } from "@/lib/signing/requests";
import { build, nonce } from "@/lib/signing/statement";
import { decidersIn, maySignDecision, modelsIn } from "./decider";
import { entrySubject, type LoadedReview, reviewNamed } from "./load";
import { choiceName, outcomeLeadsTo, ReviewRef, seatName, statusName } from "./review";

/** What the open signing request remembers beside the statement. */
const Context = z.strictObject({ decisionId: z.uuid(), credentialId: z.uuid() });

/** A decision with who made it and who signed it; the latest one of the review unless its id is given. */
async function decisionOn(read: Reader, review: LoadedReview, id: string | null) {
  const [row] = await read
    .select()
    .from(reviewDecisions)
    .where(and(eq(reviewDecisions.reviewId, review.id), id === null ? undefined : eq(reviewDecisions.id, id)))
    .orderBy(desc(reviewDecisions.round))
    .limit(1);
  if (!row) throw new Refusal("conflict", `${review.ref} is not decided yet, so there is nothing to sign.`);
  const signed = await read
    .select({ personId: decisionSignatures.personId })
    .from(decisionSignatures)
    .where(eq(decisionSignatures.decisionId, row.id));
  return {
    review,
    row,
    ref: review.ref,
    deciders: decidersIn(row.content),
    signedBy: signed.map((s) => s.personId),
  };
}

/** Digest of what a round submitted: a deferred review may be in a later round by now. */
async function submissionOf(read: Reader, review: LoadedReview, round: number): Promise<string> {
  const [row] = await read
    .select({ digest: reviewSubmissions.digest })
    .from(reviewSubmissions)
    .where(and(eq(reviewSubmissions.reviewId, review.id), eq(reviewSubmissions.round, round)));
  if (!row) throw new Error(`round ${round} of ${review.ref} was decided without a submission`);
  return row.digest;
}

/** The review that an open link is about, for the page that shows it. */
export async function decisionOf(read: Reader, context: string) {
  const { decisionId, credentialId } = Context.parse(JSON.parse(context));
  const [row] = await read
    .select({ reviewId: reviewDecisions.reviewId })
    .from(reviewDecisions)
    .where(eq(reviewDecisions.id, decisionId));
  if (!row) throw new Refusal("not_found", "There is no such decision.");
  return { ...(await decisionOn(read, await reviewNamed(read, row.reviewId), decisionId)), credentialId };
}

/**
 * Words the board's decision for one of those who made it and opens the signing page for it. The first subject is the decision's
 * canonical content, which pins the submission, the record, the architectures, the assessments and every vote.
 */
export const prepareDecisionSignature = command({
  name: "review.decision.signature.prepared",
  title: "Prepare a signature of the board's decision",
  http: { method: "POST", path: "/reviews/{ref}/decision/signature", status: 201 },
  input: z.strictObject({ ref: ReviewRef, credential: z.string().trim().min(1).max(100).optional() }),
  load: async (tx, { ref }) => decisionOn(tx, await reviewNamed(tx, ref), null),
  may: maySignDecision,
  async run(tx, { input, subject: { review, row, deciders }, actor, now }) {
    const key = await keyToSignWith(tx, actor, input.credential);
    const own = deciders.find((d) => d.personId === actor.id);
    const planned = await tx
      .select({ text: conditions.text, dueOn: conditions.dueOn })
      .from(conditions)
      .where(eq(conditions.decisionId, row.id))
      .orderBy(conditions.ref);
    const [member] = own?.vote?.for
      ? await tx.select({ name: people.name }).from(people).where(eq(people.id, own.vote.for))
      : [];
    const statement = build(
      `https://${hosts().name}/attestation/board-decision/v1`,
      [
        { name: `decision on ${review.ref}`, digest: row.digest },
        { name: "submission", digest: await submissionOf(tx, review, row.round) },
      ],
      {
        decisionId: row.id,
        review: review.ref,
        round: row.round,
        model: modelsIn(row.content).join(", "),
        outcome: statusName[outcomeLeadsTo[row.outcome]],
        rationale: row.rationale,
        conditions: planned.map((c) => ({ ...c, status: "as decided" })),
        decider: {
          id: `user:${actor.id}`,
          name: actor.name,
          ...(own?.vote ? { seat: seatName[own.vote.seat], choice: choiceName[own.vote.choice] } : {}),
          ...(member ? { standsFor: member.name } : {}),
          recorded: own?.recorded ?? false,
          credential: key.kid,
        },
        decidedAt: row.decidedAt.toISOString(),
        ...(row.validUntil ? { validUntil: row.validUntil } : {}),
        issuedAt: now.toISOString(),
        nonce: nonce(),
      },
    );
    const { opened, requestId } = await openSignature(tx, {
      purpose: "decide",
      payload: statement.payload,
      key,
      context: { decisionId: row.id },
      now,
    });
    return {
      result: { ref: review.ref, round: row.round, ...opened },
      entry: {
        ...entrySubject(review),
        summary: `opened the signing page for the decision on ${review.ref}`,
        body: { decision: row.id, round: row.round, request: requestId, paeSha256: opened.paeSha256 },
      },
    };
  },
});

/** Records the signature of one of those who decided, after everything about it was checked once more. */
export const signDecision = command({
  name: "review.decision.signed",
  title: "Record a signature of the board's decision",
  http: { method: "POST", path: "/reviews/decision-signatures", status: 201 },
  input: Signed,
  async load(tx, { token }) {
    // Whether the link has expired is checked in `run`, where the clock is.
    const request = await signingRequestBy(tx, token, "decide", new Date(0));
    return { request, ...(await decisionOf(tx, request.context)) };
  },
  may: (actor, decision) =>
    actor.id === decision.request.personId
      ? maySignDecision(actor, decision)
      : no("forbidden", "This link is another person's."),
  async run(tx, { input, subject: { review, row, credentialId }, actor, now }) {
    const request = await signingRequestBy(tx, input.token, "decide", now);
    const signed = await takeSignature(tx, { input, request, credentialId, actor, now });
    const [kept] = await tx
      .insert(decisionSignatures)
      .values({
        id: newId(),
        decisionId: row.id,
        personId: actor.id,
        statementSha256: signed.statement,
        credentialId: signed.key.id,
        signedAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: decisionSignatures.id });
    if (!kept) throw new Refusal("conflict", `You signed the decision on ${review.ref} a moment ago.`);
    const statement = signed.statement.toString("hex");
    return {
      result: { ref: review.ref, round: row.round, statement },
      entry: {
        ...entrySubject(review),
        summary: `signed the decision on ${review.ref} with ${signed.with}`,
        body: {
          decision: row.id,
          digest: row.digest,
          credential: signed.key.kid,
          keyKind: signed.key.kind,
          statement,
        },
      },
      signatures: [signed.leaf],
    };
  },
});
