import "server-only";
import { and, asc, eq, type SQLWrapper, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { adrRevisions, adrs } from "@/db/schema/decisions";
import { assessments } from "@/db/schema/facts";
import { businessUnits, people } from "@/db/schema/org";
import { comments, conditions, findings, recusals, reviewSubmissions } from "@/db/schema/reviews";
import { acceptancesOf } from "@/lib/acceptances/read";
import { allCalendars } from "@/lib/calendars/find";
import { loadContent } from "@/lib/content/load";
import { holds } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { modelNamed } from "@/lib/decisions/load";
import { entriesFor } from "@/lib/log/queries";
import { adviceOf } from "./advice";
import { afterwardsOf } from "./afterwards";
import { reviewersOf } from "./assign";
import { baseOf, changesTo } from "./change";
import { clocksOf } from "./clocks-read";
import { decisionsOf } from "./decided";
import { escalationsOf } from "./escalated";
import { boardOf, type LoadedReview, reviewNamed } from "./load";
import { undecidedOf } from "./not-required";
import { precedents } from "./precedents";
import { owed } from "./promise";
import { tally } from "./quorum";
import { ReviewRef } from "./review";
import { patternsOf } from "./scope";
import { standing } from "./standing";
import { changedFields } from "./submission";
import { submissionIn } from "./submit";
import { voteCallOf } from "./vote-call";

export const getReview = query({
  name: "review.read",
  title: "Read a review with its votes, findings, conditions and decision",
  http: { method: "GET", path: "/reviews/{ref}" },
  input: z.strictObject({ ref: ReviewRef }),
  async run(read, { ref }, actor, now) {
    const review = await reviewNamed(read, ref);
    // Absent and hidden look alike.
    if (!review.models.some((m) => holds(actor, "reviews:read", m.businessUnitId)))
      throw new Refusal("not_found", `There is no review ${ref}.`);
    const [
      board,
      adr,
      thread,
      raised,
      recused,
      decided,
      conditionRows,
      rounds,
      assessment,
      similar,
      unit,
      author,
      history,
      calendarOf,
      raisedTo,
      reviewers,
      voteCall,
      base,
      changeRequests,
      advice,
      afterwards,
      patterns,
      acceptances,
    ] = await Promise.all([
      boardOf(read, review, dayOf(now)),
      adrOf(read, review),
      threadOf(read, review.id),
      findingsOf(read, review.id, dayOf(now)),
      read
        .select({
          personId: recusals.personId,
          name: people.name,
          reason: recusals.reason,
          declaredAt: recusals.declaredAt,
        })
        .from(recusals)
        .innerJoin(people, eq(people.id, recusals.personId))
        .where(eq(recusals.reviewId, review.id))
        .orderBy(recusals.declaredAt),
      decisionsOf(read, review.id),
      conditionsOf(read, review.id, dayOf(now)),
      roundsOf(read, review.id),
      review.row.assessmentDigest ? assessmentOf(read, review.row.assessmentDigest) : null,
      precedents(read, { id: review.model.id, kind: review.model.kind, unitId: review.unitId }, review.id),
      review.unitId
        ? read.select({ name: businessUnits.name }).from(businessUnits).where(eq(businessUnits.id, review.unitId))
        : [],
      read.select({ name: people.name }).from(people).where(eq(people.id, review.createdBy)),
      entriesFor(read, { subject: { kind: "review", id: review.id }, limit: 8 }),
      allCalendars(read),
      escalationsOf(read, review.id),
      reviewersOf(read, review.id),
      voteCallOf(read, review),
      baseOf(read, review.row),
      changesTo(read, review.id),
      adviceOf(read, review.id),
      afterwardsOf(read, review, actor.id),
      patternsOf(read, review),
      acceptancesOf(read, review.id, now),
    ]);
    const times = await clocksOf(
      read,
      [{ id: review.id, submittedAt: review.row.submittedAt, calendar: calendarOf(review.row.calendarId) }],
      now,
    );
    const { row, model, models, ...subject } = review;
    const today = dayOf(now);
    return {
      ...subject,
      title: row.title,
      revision: row.revision,
      model: {
        id: model.id,
        name: model.name,
        kind: model.kind,
        tier: model.tier,
        legalClass: model.legalClass,
        ownerId: model.ownerId,
      },
      /** All models that it concerns, that one first. */
      models: models.map(({ id, name, kind, tier, legalClass }) => ({ id, name, kind, tier, legalClass })),
      /** Models that the board has to decide, since the gate asks for it; asked while it is in review. */
      undecided: review.status === "in_review" ? await undecidedOf(read, review, now) : [],
      /** The reference architectures of its present round; none before it is submitted. */
      patterns,
      unit: unit[0]?.name ?? null,
      author: author[0]?.name ?? "",
      submission: row.submission,
      pins: {
        submission: row.submissionDigest,
        adr: row.adrDigest,
        pattern: row.patternDigest,
        assessment: row.assessmentDigest,
      },
      laneReasons: row.laneReasons,
      triageVersion: row.triageVersion,
      sampled: row.sampled,
      createdAt: row.createdAt,
      submittedAt: row.submittedAt,
      promisedOn: row.promisedOn,
      ...owed(row, now, calendarOf(row.calendarId)),
      decidedAt: row.decidedAt,
      today,
      adr,
      assessment,
      members: board.members,
      idle: board.idle,
      votingClosesAt: voteCall?.closesAt ?? null,
      votingOver: voteCall !== null && now >= voteCall.closesAt,
      votes: board.ballots,
      tally: tally(review.lane ?? "full_board", review.tier, board.members, board.ballots),
      ...raisedTo,
      ...afterwards,
      recusals: recused,
      comments: thread,
      findings: raised,
      reviewers,
      base,
      changeRequests,
      advice,
      acceptances,
      clocks: times.get(review.id) ?? null,
      conditions: conditionRows,
      decisions: decided,
      rounds,
      precedents: similar,
      history,
    };
  },
});

async function adrOf(read: Reader, review: LoadedReview) {
  if (!review.row.adrId) return null;
  const [adr] = await read
    .select({
      ref: adrs.ref,
      title: adrs.title,
      status: adrs.status,
      digest: adrRevisions.digest,
      revision: adrRevisions.number,
    })
    .from(adrs)
    .innerJoin(adrRevisions, and(eq(adrRevisions.adrId, adrs.id), eq(adrRevisions.number, adrs.currentRevision)))
    .where(eq(adrs.id, review.row.adrId));
  return adr ?? null;
}

const threadOf = (read: Reader, reviewId: string) =>
  read
    .select({
      id: comments.id,
      section: comments.section,
      diagram: comments.diagram,
      findingId: comments.findingId,
      authorId: comments.authorId,
      author: people.name,
      title: people.title,
      text: comments.text,
      createdAt: comments.createdAt,
    })
    .from(comments)
    .innerJoin(people, eq(people.id, comments.authorId))
    .where(eq(comments.reviewId, reviewId))
    .orderBy(asc(comments.createdAt), asc(comments.id))
    .limit(500);

const nameOf = (id: SQLWrapper) => sql<string | null>`(select name from person where id = ${id})`;

const findingsOf = (read: Reader, reviewId: string, today: string) =>
  read
    .select({
      id: findings.id,
      ref: findings.ref,
      title: findings.title,
      text: findings.text,
      section: findings.section,
      diagram: findings.diagram,
      conformance: findings.conformance,
      ownerId: findings.ownerId,
      owner: nameOf(findings.ownerId),
      dueOn: findings.dueOn,
      overdue: sql<boolean>`${findings.status} in ('open', 'accepted') and coalesce(${findings.dueOn} < ${today}::date, false)`,
      severity: findings.severity,
      status: findings.status,
      raisedBy: findings.raisedBy,
      raiser: people.name,
      raiserTitle: people.title,
      raisedAt: findings.raisedAt,
      accepter: nameOf(findings.acceptedBy),
      acceptedAt: findings.acceptedAt,
      resolution: findings.resolution,
      resolvedBy: findings.resolvedBy,
      resolver: nameOf(findings.resolvedBy),
      resolvedAt: findings.resolvedAt,
      verifier: nameOf(findings.verifiedBy),
      verifiedAt: findings.verifiedAt,
    })
    .from(findings)
    .leftJoin(people, sql`${people.id}::text = ${findings.raisedBy}`)
    .where(eq(findings.reviewId, reviewId))
    .orderBy(asc(findings.raisedAt), asc(findings.id));

const conditionsOf = (read: Reader, reviewId: string, today: string) =>
  read
    .select({
      id: conditions.id,
      ref: conditions.ref,
      text: conditions.text,
      kind: conditions.kind,
      status: conditions.status,
      ownerId: conditions.ownerId,
      owner: people.name,
      dueOn: conditions.dueOn,
      firstDueOn: conditions.firstDueOn,
      extensionReason: conditions.extensionReason,
      answer: conditions.answer,
      answeredBy: conditions.answeredBy,
      answeredAt: conditions.answeredAt,
      evidenceSha256: conditions.evidenceSha256,
      evidenceUrl: conditions.evidenceUrl,
      returnedReason: conditions.returnedReason,
      acceptedAt: conditions.acceptedAt,
      findingId: conditions.findingId,
      overdue: sql<boolean>`${conditions.status} in ('open', 'answered') and ${conditions.dueOn} < ${today}::date`,
    })
    .from(conditions)
    .innerJoin(people, eq(people.id, conditions.ownerId))
    .where(eq(conditions.reviewId, reviewId))
    .orderBy(asc(conditions.ref));

/** What each round was about, and which fields differ from the round before. */
async function roundsOf(read: Reader, reviewId: string) {
  const rows = await read
    .select({
      round: reviewSubmissions.round,
      digest: reviewSubmissions.digest,
      content: reviewSubmissions.content,
      by: people.name,
      at: reviewSubmissions.submittedAt,
      adrDigest: reviewSubmissions.adrDigest,
    })
    .from(reviewSubmissions)
    .innerJoin(people, eq(people.id, reviewSubmissions.submittedBy))
    .where(eq(reviewSubmissions.reviewId, reviewId))
    .orderBy(asc(reviewSubmissions.round));
  return rows.map(({ content, ...row }, i) => {
    const submission = submissionIn(content);
    const before = rows[i - 1];
    return {
      ...row,
      submission,
      changed: before ? changedFields(submissionIn(before.content), submission) : [],
      recordChanged: before ? before.adrDigest !== row.adrDigest : false,
    };
  });
}

/** The items of a frozen assessment. Its bytes hold ids and states; titles come from the checklist of that digest. */
const Frozen = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      required: z.boolean().optional(),
      state: z.enum(["pass", "fail", "unknown", "waived", "not_applicable"]),
      cause: z.string().nullish(),
    }),
  ),
});

async function assessmentOf(read: Reader, digest: string) {
  const [row] = await read.select().from(assessments).where(eq(assessments.digest, digest));
  if (!row) return null;
  const { content, checklistDigest, pass, fail, unknown, waived, total, takenAt } = row;
  const { checklists } = loadContent();
  const checklist = checklists.find((c) => c.digest === checklistDigest) ?? checklists.at(-1);
  const titles = new Map(checklist?.items.map((i) => [i.id, i.title]));
  const frozen = Frozen.safeParse(JSON.parse(content.toString("utf8")));
  const items = (frozen.success ? frozen.data.items : [])
    .filter((i) => i.required !== false)
    .map((i) => ({ id: i.id, title: titles.get(i.id) ?? i.id, state: i.state, cause: i.cause ?? null }));
  return { digest, pass, fail, unknown, waived, total, takenAt, items };
}

export const getStanding = query({
  name: "review.standing.read",
  title: "How the board stands to a model: its decision and open conditions",
  http: { method: "GET", path: "/models/{model}/standing" },
  input: z.strictObject({ model: z.string().trim().min(1).max(255) }),
  async run(read, { model }, actor, now) {
    const found = await modelNamed(read, model);
    if (!holds(actor, "reviews:read", found.businessUnitId))
      throw new Refusal("not_found", `There is no model ${model} in the inventory.`);
    return standing(read, found.id, now);
  },
});

/** People who can own a condition: everyone active. Short, for a choice on the page. */
export async function activePeople(read: Reader): Promise<{ id: string; name: string; title: string }[]> {
  return read
    .select({ id: people.id, name: people.name, title: people.title })
    .from(people)
    .where(eq(people.active, true))
    .orderBy(people.name)
    .limit(500);
}
