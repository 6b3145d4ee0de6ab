import "server-only";
import { and, desc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { reviewSubmissions, reviews } from "@/db/schema/reviews";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { mayAskForChange } from "./change-rules";
import { lockedReview } from "./load";
import { editable, Note, ReviewRef, type ReviewStatus } from "./review";
import { standing } from "./standing";
import { changedFields, Submission } from "./submission";

export const AskForChange = z.strictObject({ ref: ReviewRef, reason: Note(10, "Say what is to change, and why") });

/** What a submission's bytes say it was about; v1 and v2 name these parts alike. */
const Fixed = z.object({
  title: z.string(),
  model: z.object({ name: z.string(), tier: z.number().nullable(), legalClass: z.string().nullable() }),
  adr: z.object({ ref: z.string(), revision: z.number() }).nullable(),
  pattern: z.object({ id: z.string(), version: z.number(), deviations: z.string() }).nullable(),
  submission: Submission,
});
type Fixed = z.output<typeof Fixed>;

/** The bytes of the present round of a review; null while it was never submitted. */
async function fixedOf(read: Reader, reviewId: string): Promise<(Fixed & { digest: string; round: number }) | null> {
  const [row] = await read
    .select({ content: reviewSubmissions.content, digest: reviewSubmissions.digest, round: reviewSubmissions.round })
    .from(reviewSubmissions)
    .where(eq(reviewSubmissions.reviewId, reviewId))
    .orderBy(desc(reviewSubmissions.round))
    .limit(1);
  return row
    ? { ...Fixed.parse(JSON.parse(row.content.toString("utf8"))), digest: row.digest, round: row.round }
    : null;
}

/** A new draft that begins as the approved design reads, and names it as what it changes. */
export const askForChange = command({
  name: "review.change.begun",
  title: "Ask for a change to an approved design",
  http: { method: "POST", path: "/reviews/{ref}/change", status: 201 },
  input: AskForChange,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayAskForChange,
  async run(tx, { input, subject: base, actor, now }) {
    const { decision } = await standing(tx, base.model.id, now);
    if (decision && decision.ref !== base.ref)
      throw new Refusal("conflict", `${decision.ref} was decided after ${base.ref}; ask for a change to that.`);
    const [open] = await tx
      .select({ ref: reviews.ref })
      .from(reviews)
      .where(and(eq(reviews.baseId, base.id), inArray(reviews.status, [...editable, "in_review"])));
    if (open) throw new Refusal("conflict", `${open.ref} asks for a change to ${base.ref} already. Go on there.`);
    const approved = await fixedOf(tx, base.id);
    if (!approved) throw new Error(`${base.ref} was approved and never submitted`);
    const { emergency: _, emergencyReason: __, filled: ___, targetDate: ____, ...kept } = approved.submission;
    const submission: Submission = { ...kept, changeType: "material_change", asks: input.reason };
    const id = newId();
    const ref = await nextRef(tx, "rev");
    await tx.insert(reviews).values({
      id,
      ref,
      title: `${base.row.title.slice(0, 190)}, changed`,
      modelId: base.model.id,
      adrId: base.row.adrId,
      baseId: base.id,
      status: "draft",
      submission,
      createdBy: actor.id,
      createdAt: now,
      updatedAt: now,
    });
    return {
      result: { ref, id, base: base.ref },
      entry: {
        subject: { kind: "review", id, ref },
        modelId: base.model.id,
        summary: `began ${ref}, a change to ${base.ref}`,
        body: {
          base: { ref: base.ref, round: approved.round, digest: approved.digest },
          reason: input.reason,
          submission,
        },
      },
    };
  },
});

/** What a submission pins of the design that it changes; null when it changes none. */
export async function basePin(
  read: Reader,
  baseId: string | null,
): Promise<{ review: string; round: number; digest: string } | null> {
  if (!baseId) return null;
  const [base] = await read.select({ ref: reviews.ref }).from(reviews).where(eq(reviews.id, baseId));
  const fixed = await fixedOf(read, baseId);
  return base && fixed ? { review: base.ref, round: fixed.round, digest: fixed.digest } : null;
}

export type Base = {
  ref: string;
  digest: string;
  submission: Submission;
  /** Fields of the submission that differ from what was approved. */
  changed: string[];
  /** What else differs, in words. */
  apart: string[];
};

/** The approved design that a review changes, beside what is asked now. */
export async function baseOf(
  read: Reader,
  review: { id: string; baseId: string | null; submission: Submission },
): Promise<Base | null> {
  if (!review.baseId) return null;
  const [[base], was, now] = await Promise.all([
    read.select({ ref: reviews.ref }).from(reviews).where(eq(reviews.id, review.baseId)),
    fixedOf(read, review.baseId),
    fixedOf(read, review.id),
  ]);
  if (!base || !was) throw new Error(`the base of review ${review.id} is not there`);
  return {
    ref: base.ref,
    digest: was.digest,
    submission: was.submission,
    changed: changedFields(was.submission, review.submission),
    apart: now ? differences(was, now) : [],
  };
}

/** Record, reference architecture and risk of two submissions that differ, in words. */
function differences(was: Fixed, now: Fixed): string[] {
  const adr = (f: Fixed) => (f.adr ? `${f.adr.ref} revision ${f.adr.revision}` : "none");
  const pattern = (f: Fixed) =>
    f.pattern
      ? `${f.pattern.id} version ${f.pattern.version}${f.pattern.deviations ? " with deviations" : ""}`
      : "none";
  const tier = (f: Fixed) => (f.model.tier === null ? "not assessed" : String(f.model.tier));
  const law = (f: Fixed) => f.model.legalClass?.replaceAll("_", " ") ?? "not known";
  return (
    [
      ["Decision record", adr],
      ["Reference architecture", pattern],
      ["Tier", tier],
      ["Legal class", law],
    ] as const
  ).flatMap(([name, of]) => (of(was) === of(now) ? [] : [`${name}: ${of(was)} before, ${of(now)} now.`]));
}

/** Reviews that ask to change this one, the newest first. */
export const changesTo = (read: Reader, reviewId: string): Promise<{ ref: string; status: ReviewStatus }[]> =>
  read
    .select({ ref: reviews.ref, status: reviews.status })
    .from(reviews)
    .where(eq(reviews.baseId, reviewId))
    .orderBy(desc(reviews.id))
    .limit(20);
