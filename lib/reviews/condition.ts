import "server-only";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { evidenceFiles } from "@/db/schema/facts";
import { models } from "@/db/schema/models";
import { conditions, findings } from "@/db/schema/reviews";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { involved } from "./load";
import { ConditionRef, type ConditionStatus, Note } from "./review";
import { type ConditionSubject, mayAnswerCondition, mayExtendCondition, mayJudgeAnswer } from "./rules";

export const AnswerCondition = z
  .strictObject({
    ref: ConditionRef,
    text: Note(10, "Say what was done"),
    evidenceSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "A SHA-256 digest has 64 hexadecimal digits.")
      .optional()
      .describe("Digest of an uploaded evidence file"),
    evidenceUrl: z
      .url({ protocol: /^https?$/, error: "Use an address that begins with https://." })
      .max(2000)
      .optional(),
  })
  .refine((a) => a.evidenceSha256 !== undefined || a.evidenceUrl !== undefined, {
    path: ["evidenceUrl"],
    message: "Attach a file or give the address of the evidence.",
  });
export const AcceptCondition = z.strictObject({ ref: ConditionRef });
export const ReturnCondition = z.strictObject({ ref: ConditionRef, reason: Note(10, "Say what is missing") });
export const ExtendCondition = z.strictObject({ ref: ConditionRef, dueOn: day(), reason: Note(10, "Say why") });

type Loaded = ConditionSubject & { row: typeof conditions.$inferSelect };

async function lockedCondition(tx: Tx, ref: string): Promise<Loaded> {
  const [row] = await tx.select().from(conditions).where(eq(conditions.ref, ref.toUpperCase())).for("update");
  if (!row) throw new Refusal("not_found", `There is no condition ${ref}.`);
  const [model] = await tx.select({ unitId: models.businessUnitId }).from(models).where(eq(models.id, row.modelId));
  const { parties } = await involved(tx, row.reviewId);
  return {
    id: row.id,
    ref: row.ref,
    status: row.status,
    unitId: model?.unitId ?? null,
    ownerId: row.ownerId,
    answeredBy: row.answeredBy,
    partyIds: parties,
    row,
  };
}

const about = (condition: Loaded) => ({
  subject: { kind: "condition", id: condition.id, ref: condition.ref },
  modelId: condition.row.modelId,
});

async function move(
  tx: Tx,
  condition: Loaded,
  to: ConditionStatus,
  set: Partial<typeof conditions.$inferInsert>,
): Promise<void> {
  const [moved] = await tx
    .update(conditions)
    .set({ status: to, ...set })
    .where(and(eq(conditions.id, condition.id), eq(conditions.status, condition.status)))
    .returning({ id: conditions.id });
  if (!moved) throw new Refusal("conflict", `${condition.ref} was changed by someone else a moment ago. Reload it.`);
}

export const answerCondition = command({
  name: "condition.answered",
  title: "Answer a condition with evidence",
  http: { method: "POST", path: "/conditions/{ref}/answer" },
  input: AnswerCondition,
  load: (tx, { ref }) => lockedCondition(tx, ref),
  may: mayAnswerCondition,
  async run(tx, { input, subject, actor, now }) {
    if (input.evidenceSha256) {
      const [file] = await tx
        .select({ sha256: evidenceFiles.sha256 })
        .from(evidenceFiles)
        .where(eq(evidenceFiles.sha256, input.evidenceSha256));
      if (!file)
        throw new Refusal("invalid", "evidenceSha256: there is no evidence file with this digest. Upload it first.", [
          { field: "evidenceSha256", message: "No such file. Upload it first." },
        ]);
    }
    await move(tx, subject, "answered", {
      answer: input.text,
      evidenceSha256: input.evidenceSha256 ?? null,
      evidenceUrl: input.evidenceUrl ?? null,
      answeredBy: actor.id,
      answeredAt: now,
      returnedReason: null,
    });
    return {
      result: { ref: subject.ref, status: "answered" as const },
      entry: {
        ...about(subject),
        summary: `answered condition ${subject.ref}`,
        body: {
          text: input.text,
          evidenceSha256: input.evidenceSha256 ?? null,
          evidenceUrl: input.evidenceUrl ?? null,
        },
      },
    };
  },
});

/** Closes the condition, and the finding that it stood for. */
export const acceptCondition = command({
  name: "condition.accepted",
  title: "Accept the answer to a condition",
  http: { method: "POST", path: "/conditions/{ref}/accept" },
  input: AcceptCondition,
  load: (tx, { ref }) => lockedCondition(tx, ref),
  may: mayJudgeAnswer,
  async run(tx, { subject, actor, now }) {
    await move(tx, subject, "closed", { acceptedBy: actor.id, acceptedAt: now });
    const { row } = subject;
    const finding = row.findingId
      ? await tx
          .update(findings)
          .set({
            status: "verified",
            resolution: row.answer,
            resolvedBy: row.answeredBy,
            resolvedAt: row.answeredAt,
            verifiedBy: actor.id,
            verifiedAt: now,
          })
          .where(eq(findings.id, row.findingId))
          .returning({ ref: findings.ref })
      : [];
    return {
      result: { ref: subject.ref, status: "closed" as const },
      entry: {
        ...about(subject),
        summary: `accepted condition ${subject.ref}${finding[0] ? `, which closes ${finding[0].ref}` : ""}`,
        body: {
          answer: row.answer,
          evidenceSha256: row.evidenceSha256,
          evidenceUrl: row.evidenceUrl,
          closes: finding[0]?.ref ?? null,
        },
      },
    };
  },
});

export const returnCondition = command({
  name: "condition.returned",
  title: "Return the answer to a condition",
  http: { method: "POST", path: "/conditions/{ref}/return" },
  input: ReturnCondition,
  load: (tx, { ref }) => lockedCondition(tx, ref),
  may: mayJudgeAnswer,
  async run(tx, { input, subject }) {
    const { answer, evidenceSha256, evidenceUrl } = subject.row;
    await move(tx, subject, "open", { returnedReason: input.reason });
    return {
      result: { ref: subject.ref, status: "open" as const },
      entry: {
        ...about(subject),
        summary: `returned condition ${subject.ref}`,
        body: { reason: input.reason, answer, evidenceSha256, evidenceUrl },
      },
    };
  },
});

export const extendCondition = command({
  name: "condition.extended",
  title: "Extend the due date of a condition",
  http: { method: "POST", path: "/conditions/{ref}/extend" },
  input: ExtendCondition,
  load: (tx, { ref }) => lockedCondition(tx, ref),
  may: mayExtendCondition,
  async run(tx, { input, subject, now }) {
    const { row } = subject;
    if (input.dueOn <= row.dueOn || input.dueOn < dayOf(now))
      throw new Refusal("invalid", `dueOn: choose a day after ${row.dueOn}, and not in the past.`, [
        { field: "dueOn", message: "An extension ends later than before, and not in the past." },
      ]);
    await move(tx, subject, subject.status, {
      dueOn: input.dueOn,
      firstDueOn: row.firstDueOn ?? row.dueOn,
      extensionReason: input.reason,
    });
    return {
      result: { ref: subject.ref, dueOn: input.dueOn },
      entry: {
        ...about(subject),
        summary: `extended condition ${subject.ref} to ${input.dueOn}`,
        body: { from: row.dueOn, to: input.dueOn, reason: input.reason },
      },
    };
  },
});
