import "server-only";
import canonicalize from "canonicalize";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { adrRevisions, adrs, patternAdoptions } from "@/db/schema/decisions";
import { waivers } from "@/db/schema/facts";
import { reviewSubmissions } from "@/db/schema/reviews";
import { calendarOfUnit } from "@/lib/calendars/find";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { find, parseAdr } from "@/lib/decisions/madr";
import { takeAssessment } from "@/lib/readiness/assess";
import { adviceOf, advicePin } from "./advice";
import { adviceLack } from "./advice-rules";
import { basePin } from "./change";
import { entrySubject, type LoadedReview, lockedReview, moveReview, sha256 } from "./load";
import { promised } from "./promise";
import { laneName, ReviewRef, type TriageReason } from "./review";
import { mayEdit } from "./rules";
import { changedFields, missing, Submission } from "./submission";
import { isSampled, triage } from "./triage";

export const SubmitReview = z.strictObject({
  ref: ReviewRef,
  revision: whole(z.number().int().min(1).max(10_000_000)).optional().describe("Revision of the draft that was read"),
});

/** Fixes what the board will read: every digest, the lane with its reasons, and the promised date. */
export const submitReview = command({
  name: "review.submitted",
  title: "Submit a review to the board",
  http: { method: "POST", path: "/reviews/{ref}/submit" },
  input: SubmitReview,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayEdit,
  async run(tx, { input, subject, actor, now }) {
    const { row, model } = subject;
    if (input.revision !== undefined && input.revision !== row.revision)
      throw new Refusal("conflict", `${row.ref} was saved since you read it. Reload it, then submit.`);
    const advice = await adviceOf(tx, row.id);
    const faults = [
      ...missing(row.submission, subject.tier, advice.length),
      ...advice.flatMap((a) => adviceLack(a) ?? []),
    ];
    if (faults.length > 0 || subject.tier === null)
      throw new Refusal(
        "invalid",
        `${faults.length === 1 ? "One answer is" : `${faults.length} answers are`} missing: ${faults[0]?.message}`,
        faults,
      );

    const adr = row.adrId ? await pinnedAdr(tx, row.adrId) : null;
    const adoption = await currentAdoption(tx, model.id);
    // Taken now, so that the board and the gate speak about the same bytes.
    const assessment = await takeAssessment(tx, model.id, null, now);
    const { lane, reasons, version } = triage({
      tier: subject.tier,
      legalClass: model.legalClass,
      adoption,
      readiness: assessment.counts,
      repeatedWaivers: await repeatedWaivers(tx, model.id),
      submission: row.submission,
    });
    if (!adr && subject.tier <= 3 && (lane === "fast_track" || lane === "full_board"))
      throw new Refusal(
        "invalid",
        `The lane ${laneName[lane]} needs a decision record. Write one under Decisions and link it here.`,
        [{ field: "adr", message: "Link the decision record that the board will read." }],
      );

    if (adr && subject.tier <= 2 && !adr.confirmation)
      throw new Refusal(
        "invalid",
        `${adr.ref} has no “Confirmation” section, which tier ${subject.tier} needs: how will it be checked that the decision is followed?`,
        [{ field: "adr", message: "Add a “Confirmation” section to the record." }],
      );

    // A draft that was never submitted begins round 1; every later submission begins the next round.
    const before = await lastSubmission(tx, row.id);
    const round = before ? row.round + 1 : 1;
    const content = Buffer.from(
      canonicalize({
        v: "countersign/submission/v2",
        review: row.ref,
        round,
        title: row.title,
        model: { id: model.id, name: model.name, tier: subject.tier, legalClass: model.legalClass },
        adr: adr && { ref: adr.ref, revision: adr.revision, digest: adr.digest },
        pattern: adoption && {
          id: adoption.patternId,
          version: adoption.version,
          digest: adoption.digest,
          deviations: adoption.deviations,
        },
        assessment: assessment.digest,
        base: await basePin(tx, row.baseId),
        advice: advicePin(advice),
        submission: row.submission,
      }) ?? "",
      "utf8",
    );
    const digest = sha256(content);
    const changed = before ? changedFields(before.submission, row.submission) : [];
    const pins = {
      adrDigest: adr?.digest ?? null,
      patternDigest: adoption?.digest ?? null,
      assessmentDigest: assessment.digest,
    };
    await tx.insert(reviewSubmissions).values({
      id: newId(),
      reviewId: row.id,
      round,
      digest,
      content,
      ...pins,
      submittedBy: actor.id,
      submittedAt: now,
    });
    const submittedAt = row.submittedAt ?? now;
    const keep = keptLane(row.lane, row.laneReasons, lane, reasons);
    const { id: calendarId, calendar } = await calendarOfUnit(tx, subject.unitId);
    const { at: promisedAt, on: promisedOn } = promised(keep.lane, submittedAt, calendar);
    await moveReview(
      tx,
      subject,
      {
        status: "in_review",
        round,
        ...pins,
        submissionDigest: digest,
        lane: keep.lane,
        laneReasons: keep.reasons,
        triageVersion: version,
        submittedAt,
        calendarId,
        promisedAt,
        promisedOn,
        decidedAt: null,
        sampled: keep.lane === "self_service" && isSampled(digest),
      },
      now,
      `${row.ref} was changed a moment ago. Reload it.`,
    );
    return {
      result: {
        ref: row.ref,
        status: "in_review" as const,
        round,
        lane: keep.lane,
        reasons: keep.reasons,
        promisedOn,
        digest,
      },
      entry: {
        ...entrySubject(subject),
        summary:
          round === 1
            ? `submitted ${row.ref} (${laneName[keep.lane].toLowerCase()})`
            : `resubmitted ${row.ref} (round ${round})`,
        body: {
          round,
          digest,
          ...pins,
          lane: keep.lane,
          reasons: keep.reasons,
          triageVersion: version,
          promisedOn,
          promisedAt: promisedAt.toISOString(),
          calendar: calendar.slug,
          changed,
        },
      },
      jobs:
        keep.lane === "self_service"
          ? [
              {
                name: "review.decide_automatically",
                payload: { ref: row.ref },
                uniqueKey: `review.decide_automatically:${row.id}`,
                runAt: now,
              },
            ]
          : [],
    };
  },
});

/** A lane that a reviewer raised stays raised through a resubmission. */
function keptLane(
  before: LoadedReview["row"]["lane"],
  beforeReasons: TriageReason[],
  lane: NonNullable<LoadedReview["row"]["lane"]>,
  reasons: TriageReason[],
) {
  const moved = beforeReasons.find((r) => r.rule === "reviewer");
  return before && moved ? { lane: before, reasons: [moved, ...reasons] } : { lane, reasons };
}

async function pinnedAdr(
  tx: Tx,
  id: string,
): Promise<{ ref: string; revision: number; digest: string; confirmation: boolean }> {
  const [adr] = await tx
    .select({
      ref: adrs.ref,
      status: adrs.status,
      revision: adrRevisions.number,
      digest: adrRevisions.digest,
      content: adrRevisions.content,
    })
    .from(adrs)
    .innerJoin(adrRevisions, and(eq(adrRevisions.adrId, adrs.id), eq(adrRevisions.number, adrs.currentRevision)))
    .where(eq(adrs.id, id));
  if (!adr) throw new Error(`the decision record ${id} has no current revision`);
  if (adr.status !== "proposed" && adr.status !== "accepted")
    throw new Refusal("conflict", `${adr.ref} is ${adr.status} by now. Link a record that stands.`, [
      { field: "adr", message: `It is ${adr.status}.` },
    ]);
  const { sections } = parseAdr(adr.content.toString("utf8")).record;
  return {
    ref: adr.ref,
    revision: adr.revision,
    digest: adr.digest,
    confirmation: find(sections, "confirmation") !== null,
  };
}

async function currentAdoption(tx: Tx, modelId: string) {
  const [adoption] = await tx
    .select({
      patternId: patternAdoptions.patternId,
      version: patternAdoptions.version,
      digest: patternAdoptions.digest,
      deviations: patternAdoptions.deviations,
    })
    .from(patternAdoptions)
    .where(and(eq(patternAdoptions.modelId, modelId), isNull(patternAdoptions.endedAt)))
    .orderBy(desc(patternAdoptions.adoptedAt))
    .limit(1);
  return adoption ?? null;
}

async function repeatedWaivers(tx: Tx, modelId: string): Promise<string[]> {
  const rows = await tx
    .select({ itemId: waivers.itemId })
    .from(waivers)
    .where(and(eq(waivers.modelId, modelId), sql`${waivers.acceptedAt} is not null`))
    .groupBy(waivers.itemId)
    .having(sql`count(*) > 1`)
    .orderBy(waivers.itemId);
  return rows.map((row) => row.itemId);
}

async function lastSubmission(tx: Tx, reviewId: string): Promise<{ submission: Submission } | null> {
  const [row] = await tx
    .select({ content: reviewSubmissions.content })
    .from(reviewSubmissions)
    .where(eq(reviewSubmissions.reviewId, reviewId))
    .orderBy(desc(reviewSubmissions.round))
    .limit(1);
  return row ? { submission: submissionIn(row.content) } : null;
}

/** Fields were added with v2; what v1 fixed has fewer of them, and reads the same. */
const Fixed = z.object({
  v: z.enum(["countersign/submission/v1", "countersign/submission/v2"]),
  submission: Submission,
});

/** The submission inside the bytes that a round fixed. */
export const submissionIn = (content: Buffer): Submission =>
  Fixed.parse(JSON.parse(content.toString("utf8"))).submission;
