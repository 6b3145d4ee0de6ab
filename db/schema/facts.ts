import { index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { FactValue, SourceKind, SubjectKind } from "@/lib/facts/fact";
import type { Conclusion } from "@/lib/readiness/control-review";
import type { Authority, Needs, RiskStatement } from "@/lib/readiness/risk-acceptance";
import { bytea, exactJson, id, instant } from "./columns";
import { models, modelVersions } from "./models";
import { people } from "./org";

/** One observation about a subject. A newer one supersedes it; nothing is overwritten. */
export const facts = pgTable(
  "fact",
  {
    id: id(),
    subjectKind: text().$type<SubjectKind>().notNull(),
    subjectId: uuid().notNull(),
    key: text().notNull(),
    value: exactJson<FactValue>().notNull(),
    /** When it was true in the world, when the source was read, when we wrote it down. */
    effectiveAt: instant().notNull(),
    collectedAt: instant().notNull(),
    recordedAt: instant().notNull(),
    sourceKind: text().$type<SourceKind>().notNull(),
    sourceId: text().notNull(),
    sourceName: text().notNull(),
    runRef: text(),
    supersededAt: instant(),
    logEntryId: uuid(),
    /** How it was read, e.g. the query with its window. */
    detail: text(),
    /** The latest time in the world at which the same value was seen again. */
    confirmedAt: instant(),
  },
  (t) => [
    index("fact_current").on(t.subjectId, t.key, t.supersededAt),
    index("fact_history").on(t.subjectId, t.key, t.recordedAt),
  ],
);

/** A datum in a run's inputs: what MLflow calls a dataset input. */
export const lineageEdges = pgTable(
  "lineage_edge",
  {
    id: id(),
    fromKind: text().notNull(),
    fromId: text().notNull(),
    fromName: text().notNull(),
    toKind: text().notNull(),
    toId: text().notNull(),
    toName: text().notNull(),
    modelId: uuid().references(() => models.id),
    sourceId: text().notNull(),
    firstSeenAt: instant().notNull(),
    lastSeenAt: instant().notNull(),
  },
  (t) => [
    unique("lineage_edge_once").on(t.fromKind, t.fromId, t.toKind, t.toId),
    index("lineage_edge_to").on(t.toKind, t.toId),
    index("lineage_edge_model").on(t.modelId),
  ],
);

/** Evidence file, addressed by content. The bytes are in the blob store. */
export const evidenceFiles = pgTable("evidence_file", {
  sha256: text().primaryKey(),
  name: text().notNull(),
  mediaType: text().notNull(),
  size: integer().notNull(),
  /** Of a snapshot of a link: where it was read. */
  sourceUrl: text(),
  /** What scanned it for viruses; empty when nothing is set to. */
  scannedBy: text().notNull().default(""),
  uploadedBy: text().notNull(),
  uploadedAt: instant().notNull(),
});

/** A person's signed-in word that a readiness item holds, with evidence. Superseded, never replaced. */
export const attestations = pgTable(
  "attestation",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    itemId: text().notNull(),
    outcome: text().$type<"pass" | "fail" | "not_applicable">().notNull(),
    statement: text().notNull(),
    evidenceSha256: text().references(() => evidenceFiles.sha256),
    evidenceUrl: text(),
    effectiveAt: instant().notNull(),
    collectedAt: instant().notNull(),
    recordedAt: instant().notNull(),
    expiresAt: instant().notNull(),
    attestedBy: uuid().notNull(),
    supersededAt: instant(),
    /** Why it does not apply, from a fixed list; only for that outcome. */
    notApplicableReason: text(),
    /** The second person who agreed that it does not apply; needed for tier 1. */
    confirmedBy: uuid(),
    confirmedAt: instant(),
    /** The checklist the person had before them. */
    checklistDigest: text().notNull().default(""),
    /** Days before the end of which was warned. */
    warned: integer().array().notNull().default([]),
    /** The statement that the person signed about it with a key of their own; null while it is their logged word alone. */
    statementSha256: bytea(),
    signedAt: instant(),
  },
  (t) => [
    index("attestation_current").on(t.modelId, t.itemId, t.supersededAt),
    index("attestation_of_item").on(t.modelId, t.itemId, t.recordedAt),
  ],
);

/** A time-boxed exception to one readiness item. */
export const waivers = pgTable(
  "waiver",
  {
    id: id(),
    ref: text().notNull().unique(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    itemId: text().notNull(),
    reason: text().notNull(),
    compensation: text().notNull(),
    requestedBy: uuid().notNull(),
    requestedAt: instant().notNull(),
    acceptedBy: uuid(),
    acceptedAt: instant(),
    refusedAt: instant(),
    refusedBy: uuid(),
    expiresAt: instant().notNull(),
    /** Null on a waiver asked for before risks were stated. */
    risk: jsonb().$type<RiskStatement>(),
    /** CEL over facts that shows that the compensation works; while one fails, the waiver does not count. */
    compensationChecks: text().array().notNull().default([]),
    exitPlan: text().notNull().default(""),
    /** How often the item was waived for the model in the year before. */
    renewal: integer().notNull().default(0),
    /** Whose acceptance it takes: parts, each open to one of several authorities. */
    needs: jsonb().$type<Needs>().notNull().default([]),
    /** Days before the end of which was warned. */
    warned: integer().array().notNull().default([]),
    endedAt: instant(),
    endedBy: uuid().references(() => people.id),
  },
  (t) => [index("waiver_by_model").on(t.modelId, t.itemId)],
);

/** One person's acceptance of one part of what a waiver needs. */
export const waiverAcceptances = pgTable(
  "waiver_acceptance",
  {
    id: id(),
    waiverId: uuid()
      .notNull()
      .references(() => waivers.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    part: integer().notNull(),
    authority: text().$type<Authority>().notNull(),
    reason: text().notNull(),
    at: instant().notNull(),
  },
  (t) => [
    unique("waiver_acceptance_once").on(t.waiverId, t.part),
    unique("waiver_acceptance_by").on(t.waiverId, t.personId),
  ],
);

/** An item that many waive is itself looked at: kept as it is, or changed. */
export const controlReviews = pgTable("control_review", {
  id: id(),
  itemId: text().notNull(),
  waivers: integer().notNull(),
  models: integer().notNull(),
  openedAt: instant().notNull(),
  concludedAt: instant(),
  concludedBy: uuid().references(() => people.id),
  conclusion: text().$type<Conclusion>(),
  reason: text().notNull().default(""),
});

/** A frozen readiness result: the exact bytes an approval refers to. */
export const assessments = pgTable(
  "assessment",
  {
    digest: text().primaryKey(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    versionId: uuid().references(() => modelVersions.id),
    checklistDigest: text().notNull(),
    content: bytea().notNull(),
    pass: integer().notNull(),
    fail: integer().notNull(),
    unknown: integer().notNull(),
    waived: integer().notNull(),
    total: integer().notNull(),
    takenAt: instant().notNull(),
  },
  (t) => [index("assessment_by_model").on(t.modelId, t.takenAt)],
);
