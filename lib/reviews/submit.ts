import "server-only";
import canonicalize from "canonicalize";
import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { adrRevisions, adrs } from "@/db/schema/decisions";
import { reviewModels, reviewPatterns } from "@/db/schema/review-scope";
import { reviewSubmissions } from "@/db/schema/reviews";
import { calendarOfUnit } from "@/lib/calendars/find";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { find, parseAdr } from "@/lib/decisions/madr";
import { adviceOf, advicePin } from "./advice";
import { adviceLack } from "./advice-rules";
import { basePin } from "./change";
import { entrySubject, type LoadedReview, lockedReview, moveReview, sha256 } from "./load";
import { overlapsOf } from "./overlap";
import { overlapLack } from "./overlap-rules";
import { modelLack, modelPin, patternPin, pinModels, unknownControls } from "./pins";
import { promised } from "./promise";
import { laneName, ReviewRef, type TriageReason } from "./review";
import { all, mayEdit, mayName } from "./rules";
import { insistFree, namedModels, namedPatterns } from "./scope";
import { changedFields, missing, Submission } from "./submission";
import { isSampled, triageAll } from "./triage";

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
  may: (actor, subject) =>
    all(
      () => mayEdit(actor, subject),
      () =>
        mayName(
          actor,
          subject.models.map((m) => ({ name: m.name, unitId: m.businessUnitId })),
        ),
    ),
  async run(tx, { input, subject, actor, now }) {
    const { row, model } = subject;
    if (input.revision !== undefined && input.revision !== row.revision)
      throw new Refusal("conflict", `${row.ref} was saved since you read it. Reload it, then submit.`);
    const advice = await adviceOf(tx, row.id);
    await namedModels(tx, row.submission);
    const faults = [
      ...missing(row.submission, model.tier === null ? null : subject.tier, advice.length),
      ...subject.models.slice(1).flatMap(modelLack),
      ...advice.flatMap((a) => adviceLack(a) ?? []),
      ...unknownControls(row.submission),
      ...overlapLack(
        await overlapsOf(tx, { reviewId: row.id, models: subject.models, system: row.submission.system ?? "" }, actor),
        row.submission,
      ),
    ];
    if (faults.length > 0 || subject.tier === null)
      throw new Refusal(
        "invalid",
        `${faults.length === 1 ? "One answer is" : `${faults.length} answers are`} missing: ${faults[0]?.message}`,
        faults,
      );

    const adr = row.adrId ? await pinnedAdr(tx, row.adrId) : null;
    await insistFree(tx, { id: row.id, emergency: row.submission.emergency === true }, subject.models);
    const pinned = await pinModels(tx, subject.models, now);
    const [{ adoption, assessment }] = pinned;
    const named = await namedPatterns(tx, row.submission);
    const { lane, reasons, version } = triageAll(
      pinned.map((p) => ({
        model: p.model.name,
        tier: p.model.tier,
        legalClass: p.model.legalClass,
        adoption: p.adoption,
        readiness: p.assessment.counts,
        controls: p.assessment.items.filter((i) => i.required),
        repeatedWaivers: p.repeatedWaivers,
        submission: row.submission,
      })),
    );
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
        v: "countersign/submission/v3",
        review: row.ref,
        round,
        title: row.title,
        model: modelPin(model),
        adr: adr && { ref: adr.ref, revision: adr.revision, digest: adr.digest },
        pattern: patternPin(adoption),
        assessment: assessment.digest,
        further: pinned.slice(1).map((p) => ({
          model: modelPin(p.model),
          pattern: patternPin(p.adoption),
          assessment: p.assessment.digest,
        })),
        patterns: named.map(({ patternId, ...p }) => ({ id: patternId, ...p })),
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
    await tx.insert(reviewModels).values(
      pinned.map((p, i) => ({
        reviewId: row.id,
        round,
        position: i + 1,
        modelId: p.model.id,
        patternDigest: p.adoption?.digest ?? null,
        assessmentDigest: p.assessment.digest,
      })),
    );
    const patterns = [
      ...pinned.flatMap((p) => (p.adoption ? [{ ...p.adoption, modelId: p.model.id }] : [])),
      ...named.map((p) => ({ ...p, modelId: null, deviations: "" })),
    ];
    if (patterns.length > 0)
      await tx
        .insert(reviewPatterns)
        .values(patterns.map((p, i) => ({ ...p, reviewId: row.id, round, position: i + 1 })));
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
          models: pinned.map((p) => p.model.name),
          patterns: patterns.map((p) => `${p.patternId} v${p.version}`),
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

async function lastSubmission(tx: Tx, reviewId: string): Promise<{ submission: Submission } | null> {
  const [row] = await tx
    .select({ content: reviewSubmissions.content })
    .from(reviewSubmissions)
    .where(eq(reviewSubmissions.reviewId, reviewId))
    .orderBy(desc(reviewSubmissions.round))
    .limit(1);
  return row ? { submission: submissionIn(row.content) } : null;
}

/** Fields were added with v2, further models and patterns with v3; what was fixed before has fewer, and reads the same. */
const Fixed = z.object({
  v: z.enum(["countersign/submission/v1", "countersign/submission/v2", "countersign/submission/v3"]),
  submission: Submission,
});

/** The submission inside the bytes that a round fixed. */
export const submissionIn = (content: Buffer): Submission =>
  Fixed.parse(JSON.parse(content.toString("utf8"))).submission;
