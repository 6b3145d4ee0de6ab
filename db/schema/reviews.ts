import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { EscalationKind, EscalationStep } from "@/lib/reviews/escalation";
import type { LookOutcome } from "@/lib/reviews/look";
import type { conformances, Lane, Outcome, ReviewStatus, TriageReason } from "@/lib/reviews/review";
import type { SectionId } from "@/lib/reviews/sections";
import type { Submission } from "@/lib/reviews/submission";
import { workingCalendars } from "./calendars";
import { bytea, id, instant } from "./columns";
import { adrs } from "./decisions";
import { models } from "./models";
import { people } from "./org";

export const reviews = pgTable(
  "review",
  {
    id: id(),
    ref: text().notNull().unique(),
    title: text().notNull(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    adrId: uuid().references(() => adrs.id),
    /** The approved review that this one asks to change. */
    baseId: uuid().references((): AnyPgColumn => reviews.id),
    adrDigest: text(),
    patternDigest: text(),
    assessmentDigest: text(),
    status: text().$type<ReviewStatus>().notNull(),
    lane: text().$type<Lane>(),
    laneReasons: jsonb().$type<TriageReason[]>().notNull().default([]),
    triageVersion: text(),
    submission: jsonb().$type<Submission>().notNull(),
    /** SHA-256 of the canonical submission, fixed when it is submitted. */
    submissionDigest: text(),
    round: integer().notNull().default(1),
    createdBy: uuid()
      .notNull()
      .references(() => people.id),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    /** First complete submission: the review clock starts here and keeps running through resubmission. */
    submittedAt: instant(),
    /** The calendar that the promise was counted in; null: the plain one. */
    calendarId: uuid().references(() => workingCalendars.id),
    promisedAt: instant(),
    /** The local day of `promisedAt` in that calendar. */
    promisedOn: date(),
    decidedAt: instant(),
    revision: integer().notNull().default(1),
    /** An automatic decision that was drawn for a look by people afterwards. */
    sampled: boolean().notNull().default(false),
    /** The day by which people look at the decision again; null: they need not. */
    lookDueOn: date(),
    lookedAt: instant(),
    lookedBy: uuid().references(() => people.id),
    lookOutcome: text().$type<LookOutcome>(),
    lookText: text(),
  },
  (t) => [
    index("review_by_creator").on(t.createdBy, t.status),
    index("review_by_status").on(t.status, t.promisedOn),
    index("review_by_model").on(t.modelId),
    index("review_by_decided").on(t.decidedAt),
    index("review_by_base").on(t.baseId).where(sql`base_id is not null`),
    uniqueIndex("review_one_open_change")
      .on(t.baseId)
      .where(sql`base_id is not null and status in ('draft', 'in_review', 'changes_requested', 'deferred')`),
    index("review_by_look").on(t.lookDueOn).where(sql`look_due_on is not null and looked_at is null`),
    index("review_by_promise").on(t.promisedAt).where(sql`status in ('in_review', 'changes_requested', 'deferred')`),
  ],
);

/** What a round was about: canonical JSON of the submission, byte for byte, with the digests it refers to. */
export const reviewSubmissions = pgTable(
  "review_submission",
  {
    id: id(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    round: integer().notNull(),
    digest: text().notNull(),
    content: bytea().notNull(),
    adrDigest: text(),
    patternDigest: text(),
    assessmentDigest: text(),
    submittedBy: uuid()
      .notNull()
      .references(() => people.id),
    submittedAt: instant().notNull(),
  },
  (t) => [unique("review_submission_once_per_round").on(t.reviewId, t.round)],
);

export const comments = pgTable(
  "review_comment",
  {
    id: id(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    findingId: uuid(),
    /** Section of the submission it is anchored to. */
    section: text().$type<SectionId>(),
    /** The diagram of that section it is about, counted from 1; null when it is about the text. */
    diagram: integer(),
    authorId: uuid()
      .notNull()
      .references(() => people.id),
    text: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [index("review_comment_by_review").on(t.reviewId, t.createdAt)],
);

export const findings = pgTable(
  "finding",
  {
    id: id(),
    ref: text().notNull().unique(),
    reviewId: uuid().references(() => reviews.id),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    source: text().$type<"review" | "gate_bypass">().notNull(),
    title: text().notNull(),
    text: text().notNull(),
    section: text().$type<SectionId>(),
    diagram: integer(),
    severity: text().$type<"must_fix" | "should_fix" | "note">().notNull(),
    /** How the design stands to the standards in this point, in TOGAF's words. */
    conformance: text().$type<(typeof conformances)[number]>(),
    /** Who has to mend it, and by when. */
    ownerId: uuid().references(() => people.id),
    dueOn: date(),
    status: text().$type<"open" | "accepted" | "resolved" | "verified">().notNull(),
    raisedBy: text().notNull(),
    raisedAt: instant().notNull(),
    acceptedBy: uuid().references(() => people.id),
    acceptedAt: instant(),
    resolution: text(),
    resolvedBy: uuid(),
    resolvedAt: instant(),
    verifiedBy: uuid(),
    verifiedAt: instant(),
  },
  (t) => [
    index("finding_by_review").on(t.reviewId),
    index("finding_by_model").on(t.modelId, t.status),
    index("finding_by_owner").on(t.ownerId, t.status, t.dueOn),
    index("finding_by_raised").on(t.raisedAt, t.id),
  ],
);

export const recusals = pgTable(
  "recusal",
  {
    id: id(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    reason: text().notNull(),
    declaredAt: instant().notNull(),
  },
  (t) => [unique("recusal_once").on(t.reviewId, t.personId)],
);

export const votes = pgTable(
  "vote",
  {
    id: id(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    round: integer().notNull(),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    seat: text().notNull(),
    /** The member whose seat a delegate voted in; null: the voter's own. */
    forId: uuid().references(() => people.id),
    choice: text().$type<"approve" | "approve_with_conditions" | "reject" | "abstain">().notNull(),
    reason: text().notNull().default(""),
    castAt: instant().notNull(),
    /** A changed mind supersedes the earlier vote and stays on record. */
    supersededAt: instant(),
  },
  (t) => [
    uniqueIndex("vote_current_once").on(t.reviewId, t.round, t.personId).where(sql`superseded_at is null`),
    uniqueIndex("vote_current_for_once")
      .on(t.reviewId, t.round, t.forId)
      .where(sql`superseded_at is null and for_id is not null`),
    index("vote_by_review").on(t.reviewId),
  ],
);

export const reviewDecisions = pgTable(
  "review_decision",
  {
    id: id(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    round: integer().notNull(),
    outcome: text().$type<Outcome>().notNull(),
    rationale: text().notNull(),
    /** SHA-256 of the canonical decision: subject digests, outcome, conditions, rationale hash, roles, time. */
    digest: text().notNull(),
    content: text().notNull(),
    decidedBy: text().notNull(),
    decidedAt: instant().notNull(),
    validUntil: date(),
  },
  (t) => [unique("review_decision_once_per_round").on(t.reviewId, t.round)],
);

export const conditions = pgTable(
  "condition",
  {
    id: id(),
    ref: text().notNull().unique(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    decisionId: uuid()
      .notNull()
      .references(() => reviewDecisions.id),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    text: text().notNull(),
    kind: text().$type<"before_build" | "before_release" | "after_release">().notNull(),
    ownerId: uuid()
      .notNull()
      .references(() => people.id),
    dueOn: date().notNull(),
    status: text().$type<"open" | "answered" | "closed" | "withdrawn">().notNull(),
    answer: text(),
    evidenceSha256: text(),
    evidenceUrl: text(),
    answeredBy: uuid(),
    answeredAt: instant(),
    acceptedBy: uuid(),
    acceptedAt: instant(),
    /** The finding that this condition closes. */
    findingId: uuid().references(() => findings.id),
    returnedReason: text(),
    /** The due date that the decision set, when it was extended since. */
    firstDueOn: date(),
    extensionReason: text(),
  },
  (t) => [
    index("condition_by_review").on(t.reviewId),
    index("condition_by_model").on(t.modelId, t.status),
    index("condition_by_owner").on(t.ownerId, t.status, t.dueOn),
  ],
);

/** Who was told that a promise was missed, a condition is overdue or a disagreement stands: one row a step. */
export const escalations = pgTable(
  "escalation",
  {
    id: id(),
    kind: text().$type<EscalationKind>().notNull(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    conditionId: uuid().references(() => conditions.id),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    step: text().$type<EscalationStep>().notNull(),
    /** What the ladder is counted from; another promise or due day begins it anew. */
    since: instant().notNull(),
    raisedAt: instant().notNull(),
    told: uuid().array().notNull(),
    text: text().notNull(),
    /** Who disagrees; null where the portal found it. */
    raisedBy: uuid().references(() => people.id),
    answer: text(),
    answeredBy: uuid().references(() => people.id),
    answeredAt: instant(),
  },
  (t) => [
    uniqueIndex("escalation_once").on(t.reviewId, t.kind, sql`coalesce(condition_id, review_id)`, t.since, t.step),
    index("escalation_by_open").on(t.since).where(sql`kind = 'disagreement' and answered_at is null`),
  ],
);

/** Voting on a round until a set time; a later call for the same round stands for the earlier. */
export const voteCalls = pgTable(
  "vote_call",
  {
    id: id(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    round: integer().notNull(),
    closesAt: instant().notNull(),
    openedBy: uuid()
      .notNull()
      .references(() => people.id),
    openedAt: instant().notNull(),
    /** When its end was reported, with who was silent. */
    reportedAt: instant(),
  },
  (t) => [index("vote_call_by_review").on(t.reviewId, t.round, t.openedAt)],
);

/** How those concerned found a review, asked once after each decision; 1 to 5. */
export const reviewSurveys = pgTable(
  "review_survey",
  {
    id: id(),
    reviewId: uuid()
      .notNull()
      .references(() => reviews.id),
    round: integer().notNull(),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    speed: integer(),
    clarity: integer(),
    usefulness: integer(),
    text: text().notNull(),
    answeredAt: instant().notNull(),
  },
  (t) => [unique("review_survey_once").on(t.reviewId, t.round, t.personId)],
);
