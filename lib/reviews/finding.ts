import "server-only";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { models } from "@/db/schema/models";
import { comments, findings } from "@/db/schema/reviews";
import { dayOf } from "@/lib/core/business-days";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { givenPerson } from "@/lib/people/find";
import { anchorName, Diagram, insistAnchor } from "./anchor";
import {
  type FindingSubject,
  mayAcceptFinding,
  mayAnswerFinding,
  mayAssignFinding,
  mayResolveFinding,
  mayVerifyFinding,
} from "./finding-rules";
import { entrySubject, insistRound, involved, lockedReview } from "./load";
import {
  conformances,
  FindingRef,
  type FindingStatus,
  Note,
  ReviewRef,
  Round,
  severities,
  severityName,
} from "./review";
import { mayRaiseFinding } from "./rules";
import { sectionIds } from "./sections";

export const RaiseFinding = z.strictObject({
  ref: ReviewRef,
  round: Round,
  title: z.string().trim().min(5, "Use at least 5 characters.").max(200, "Use at most 200 characters."),
  text: Note(10, "Say what is wrong"),
  severity: z.enum(severities),
  section: z.enum(sectionIds).optional(),
  diagram: Diagram.optional(),
  conformance: z.enum(conformances).optional().describe("How it stands to the standards, in TOGAF's words"),
  owner: z
    .string()
    .trim()
    .max(200)
    .optional()
    .describe("Who has to mend it, by id or e-mail address; else the model's owner"),
  dueOn: day().optional(),
});
export const AcceptFinding = z.strictObject({ ref: FindingRef, dueOn: day().optional() });
export const AssignFinding = z.strictObject({
  ref: FindingRef,
  owner: z.string().trim().max(200).optional(),
  dueOn: day().optional(),
  reason: Note(5, "Say why").optional(),
});
export const AnswerFinding = z.strictObject({ ref: FindingRef, text: Note(1, "Write the answer") });
export const ResolveFinding = z.strictObject({ ref: FindingRef, resolution: Note(10, "Say how it was resolved") });
export const VerifyFinding = z.strictObject({ ref: FindingRef });
export const ReopenFinding = z.strictObject({ ref: FindingRef, reason: Note(10, "Say what is still wrong") });

type Loaded = FindingSubject & { reviewId: string | null; modelId: string; title: string; dueOn: string | null };

async function lockedFinding(tx: Tx, ref: string): Promise<Loaded> {
  const [finding] = await tx.select().from(findings).where(eq(findings.ref, ref.toUpperCase())).for("update");
  if (!finding) throw new Refusal("not_found", `There is no finding ${ref}.`);
  const [model] = await tx
    .select({ unitId: models.businessUnitId, ownerId: models.ownerId })
    .from(models)
    .where(eq(models.id, finding.modelId));
  const { parties, recused } = finding.reviewId
    ? await involved(tx, finding.reviewId)
    : { parties: model?.ownerId ? [model.ownerId] : [], recused: [] };
  return {
    id: finding.id,
    ref: finding.ref,
    status: finding.status,
    unitId: model?.unitId ?? null,
    raisedBy: finding.raisedBy,
    resolvedBy: finding.resolvedBy,
    ownerId: finding.ownerId,
    dueOn: finding.dueOn,
    partyIds: parties,
    recusedIds: recused,
    reviewId: finding.reviewId,
    modelId: finding.modelId,
    title: finding.title,
  };
}

type Assigned = { ref: string; owner: string | null; dueOn: string | null };

function insistAhead(dueOn: string | undefined, now: Date): void {
  if (dueOn !== undefined && dueOn < dayOf(now))
    throw new Refusal("invalid", "The day lies in the past. Choose today or later.", [
      { field: "dueOn", message: "Lies in the past." },
    ]);
}

const about = (finding: Loaded) => ({
  subject: { kind: "finding", id: finding.id, ref: finding.ref },
  modelId: finding.modelId,
});

async function move(
  tx: Tx,
  finding: Loaded,
  to: FindingStatus,
  set: Partial<typeof findings.$inferInsert>,
): Promise<void> {
  const [moved] = await tx
    .update(findings)
    .set({ status: to, ...set })
    .where(and(eq(findings.id, finding.id), eq(findings.status, finding.status)))
    .returning({ id: findings.id });
  if (!moved) throw new Refusal("conflict", `${finding.ref} was changed by someone else a moment ago. Reload it.`);
}

async function say(tx: Tx, finding: Loaded, authorId: string, text: string, now: Date): Promise<void> {
  // A finding of a sync belongs to no review; its thread is the log.
  if (finding.reviewId)
    await tx
      .insert(comments)
      .values({ id: newId(), reviewId: finding.reviewId, findingId: finding.id, authorId, text, createdAt: now });
}

export const raiseFinding = command({
  name: "finding.raised",
  title: "Raise a finding in a review",
  http: { method: "POST", path: "/reviews/{ref}/findings", status: 201 },
  input: RaiseFinding,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayRaiseFinding,
  async run(tx, { input, subject, actor, now }) {
    insistRound(subject, input.round);
    insistAnchor(subject.row.submission, input);
    insistAhead(input.dueOn, now);
    const owner = input.owner ? (await givenPerson(tx, input.owner, "owner")).id : subject.model.ownerId;
    const id = newId();
    const ref = await nextRef(tx, "fnd");
    await tx.insert(findings).values({
      id,
      ref,
      reviewId: subject.id,
      modelId: subject.model.id,
      source: "review",
      title: input.title,
      text: input.text,
      section: input.section ?? null,
      diagram: input.diagram ?? null,
      severity: input.severity,
      conformance: input.conformance ?? null,
      ownerId: owner,
      dueOn: input.dueOn ?? null,
      status: "open",
      raisedBy: actor.id,
      raisedAt: now,
    });
    return {
      result: { ref, id },
      entry: {
        ...entrySubject(subject),
        summary: `raised ${ref} in ${subject.ref}: ${input.title}`,
        body: {
          finding: ref,
          severity: severityName[input.severity],
          section: anchorName(input),
          conformance: input.conformance ?? null,
          owner,
          dueOn: input.dueOn ?? null,
          title: input.title,
          text: input.text,
          round: input.round,
        },
      },
    };
  },
});

export const answerFinding = command({
  name: "finding.answered",
  title: "Answer a finding",
  http: { method: "POST", path: "/findings/{ref}/answers", status: 201 },
  input: AnswerFinding,
  async load(tx, { ref }) {
    const finding = await lockedFinding(tx, ref);
    if (!finding.reviewId)
      throw new Refusal(
        "conflict",
        `${finding.ref} was raised by a sync, not in a review. Resolve it with what was done.`,
      );
    return finding;
  },
  may: mayAnswerFinding,
  async run(tx, { input, subject, actor, now }) {
    await say(tx, subject, actor.id, input.text, now);
    return {
      result: { ref: subject.ref },
      entry: { ...about(subject), summary: `answered ${subject.ref}`, body: { text: input.text } },
    };
  },
});

/** Its owner says: it is so, and I mend it, by that day. */
export const acceptFinding = command({
  name: "finding.accepted",
  title: "Accept a finding",
  http: { method: "POST", path: "/findings/{ref}/accept" },
  input: AcceptFinding,
  load: (tx, { ref }) => lockedFinding(tx, ref),
  may: mayAcceptFinding,
  async run(tx, { input, subject, actor, now }) {
    insistAhead(input.dueOn, now);
    if (subject.dueOn && input.dueOn && input.dueOn > subject.dueOn)
      throw new Refusal("invalid", `The board set ${subject.dueOn}; ask a member of the board for a later day.`, [
        { field: "dueOn", message: `At the latest ${subject.dueOn}.` },
      ]);
    const dueOn = input.dueOn ?? subject.dueOn;
    await move(tx, subject, "accepted", {
      acceptedBy: actor.id,
      acceptedAt: now,
      ownerId: subject.ownerId ?? actor.id,
      dueOn,
    });
    return {
      result: { ref: subject.ref, status: "accepted" as const, dueOn },
      entry: { ...about(subject), summary: `accepted ${subject.ref}`, body: { dueOn } },
    };
  },
});

/** Names who mends it and by when. Moving a day that was set needs its reason. */
export const assignFinding = command({
  name: "finding.assigned",
  title: "Name who mends a finding, and by when",
  http: { method: "PATCH", path: "/findings/{ref}" },
  input: AssignFinding,
  load: (tx, { ref }) => lockedFinding(tx, ref),
  may: mayAssignFinding,
  async run(tx, { input, subject, now }): Promise<Done<Assigned> | Unchanged<Assigned>> {
    const owner = input.owner ? (await givenPerson(tx, input.owner, "owner")).id : subject.ownerId;
    const dueOn = input.dueOn ?? subject.dueOn;
    if (owner === subject.ownerId && dueOn === subject.dueOn) return { unchanged: { ref: subject.ref, owner, dueOn } };
    if (dueOn !== subject.dueOn) insistAhead(input.dueOn, now);
    if (subject.dueOn && dueOn !== subject.dueOn && !input.reason)
      throw new Refusal("invalid", `${subject.ref} was due on ${subject.dueOn}; moving the day needs a reason.`, [
        { field: "reason", message: "Say why the day moves." },
      ]);
    await move(tx, subject, subject.status, { ownerId: owner, dueOn });
    return {
      result: { ref: subject.ref, owner, dueOn },
      entry: {
        ...about(subject),
        summary: `named who mends ${subject.ref}${dueOn ? `, by ${dueOn}` : ""}`,
        body: { owner, dueOn, before: { owner: subject.ownerId, dueOn: subject.dueOn }, reason: input.reason ?? null },
      },
    };
  },
});

export const resolveFinding = command({
  name: "finding.resolved",
  title: "Say that a finding is resolved",
  http: { method: "POST", path: "/findings/{ref}/resolve" },
  input: ResolveFinding,
  load: (tx, { ref }) => lockedFinding(tx, ref),
  may: mayResolveFinding,
  async run(tx, { input, subject, actor, now }) {
    await move(tx, subject, "resolved", { resolution: input.resolution, resolvedBy: actor.id, resolvedAt: now });
    await say(tx, subject, actor.id, input.resolution, now);
    return {
      result: { ref: subject.ref, status: "resolved" as const },
      entry: {
        ...about(subject),
        summary: `resolved ${subject.ref}`,
        body: { from: subject.status, resolution: input.resolution },
      },
    };
  },
});

export const verifyFinding = command({
  name: "finding.verified",
  title: "Verify that a finding is resolved",
  http: { method: "POST", path: "/findings/{ref}/verify" },
  input: VerifyFinding,
  load: (tx, { ref }) => lockedFinding(tx, ref),
  may: mayVerifyFinding,
  async run(tx, { subject, actor, now }) {
    await move(tx, subject, "verified", { verifiedBy: actor.id, verifiedAt: now });
    return {
      result: { ref: subject.ref, status: "verified" as const },
      entry: { ...about(subject), summary: `verified ${subject.ref}`, body: { resolvedBy: subject.resolvedBy } },
    };
  },
});

export const reopenFinding = command({
  name: "finding.reopened",
  title: "Reopen a finding that is not resolved after all",
  http: { method: "POST", path: "/findings/{ref}/reopen" },
  input: ReopenFinding,
  load: (tx, { ref }) => lockedFinding(tx, ref),
  may: mayVerifyFinding,
  async run(tx, { input, subject, actor, now }) {
    await move(tx, subject, "open", {
      acceptedBy: null,
      acceptedAt: null,
      resolution: null,
      resolvedBy: null,
      resolvedAt: null,
    });
    await say(tx, subject, actor.id, input.reason, now);
    return {
      result: { ref: subject.ref, status: "open" as const },
      entry: { ...about(subject), summary: `reopened ${subject.ref}`, body: { reason: input.reason } },
    };
  },
});
