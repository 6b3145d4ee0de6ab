import { sql } from "drizzle-orm";
import {
  boolean,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  real,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { Settings } from "@/lib/connectors/registry";
import type { System } from "@/lib/connectors/systems";
import type { LegalClass, ModelKind, Platform, ServingType, Stage, TargetKind } from "@/lib/models/model";
import type { Answers, Driver, LegalBasis } from "@/lib/risk/tier";
import type { EuRole, UseCaseStatus, ValueKind } from "@/lib/use-cases/use-case";
import { bytea, id, instant } from "./columns";
import { businessUnits, people } from "./org";

/** A registry Countersign reads from and promotes in. */
export const connections = pgTable("connection", {
  id: id(),
  name: text().notNull().unique(),
  system: text().$type<System>().notNull(),
  baseUrl: text().notNull(),
  /** How to sign in: the id of one of the kind's ways (lib/connectors/kinds.ts). */
  auth: text().notNull(),
  username: text(),
  /** AES-256-GCM sealed secret (lib/config/seal.ts). */
  secret: bytea(),
  /** What else the kind of registry asks for. */
  settings: jsonb().$type<Settings>().notNull().default({}),
  /** When a person confirmed what would be imported; nothing is imported before. */
  importConfirmedAt: instant(),
  /** Minutes between scheduled syncs. */
  everyMinutes: integer().notNull().default(15),
  /** Alias that marks what serves in production. */
  prodAlias: text().notNull().default("champion"),
  createdAt: instant().notNull(),
  createdBy: text().notNull(),
  removedAt: instant(),
  /** Last sweep that completed; everything read from this connection is as of then. */
  lastCompletedAt: instant(),
});

export const syncRuns = pgTable(
  "sync_run",
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id),
    trigger: text().$type<"manual" | "schedule" | "webhook" | "first">().notNull(),
    state: text().$type<"running" | "completed" | "failed">().notNull(),
    /** Where a resumed run goes on. */
    cursor: jsonb().$type<Record<string, unknown>>().notNull(),
    modelsSeen: integer().notNull().default(0),
    versionsSeen: integer().notNull().default(0),
    changed: integer().notNull().default(0),
    skipped: integer().notNull().default(0),
    /** Of a source of facts: observations read, and subjects that are no model. */
    factsSeen: integer().notNull().default(0),
    unmatched: integer().notNull().default(0),
    error: text(),
    startedAt: instant().notNull(),
    finishedAt: instant(),
  },
  (t) => [index("sync_run_by_connection").on(t.connectionId, t.startedAt)],
);

/** An AI use case: the purpose that models serve. */
export const useCases = pgTable(
  "use_case",
  {
    id: id(),
    ref: text().notNull().unique(),
    name: text().notNull().unique(),
    problem: text().notNull(),
    sponsor: text().notNull(),
    /** Expected value a year; amount, currency and kind are given together or not at all. */
    valueAmount: numeric({ precision: 14, scale: 2 }),
    valueCurrency: text(),
    valueKind: text().$type<ValueKind>(),
    /** The amount where it is in EUR, which is what is added up. */
    valueEur: numeric({ precision: 14, scale: 2 }).generatedAlwaysAs(
      sql`case when value_currency = 'EUR' then value_amount end`,
    ),
    status: text().$type<UseCaseStatus>().notNull(),
    euRole: text().$type<EuRole>(),
    legalClass: text().$type<LegalClass>(),
    ownerId: uuid().references(() => people.id),
    businessUnitId: uuid()
      .notNull()
      .references(() => businessUnits.id),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    /** Optimistic lock. */
    revision: integer().notNull().default(1),
  },
  (t) => [index("use_case_by_unit").on(t.businessUnitId, t.ref), index("use_case_by_owner").on(t.ownerId)],
);

export const models = pgTable(
  "model",
  {
    id: id(),
    /** Name in the inventory, unique; the registry's name is externalName. */
    name: text().notNull().unique(),
    description: text().notNull().default(""),
    kind: text().$type<ModelKind>(),
    method: text().notNull().default(""),
    servingType: text().$type<ServingType>(),
    platform: text().$type<Platform>().notNull(),
    stage: text().$type<Stage>().notNull(),
    businessUnitId: uuid().references(() => businessUnits.id),
    ownerId: uuid().references(() => people.id),
    backupOwnerId: uuid().references(() => people.id),
    team: text().notNull().default(""),
    /** The main use case, where value is counted; `model_use_case` holds further ones. */
    useCaseId: uuid().references(() => useCases.id),
    tier: integer(),
    tierProvisional: boolean().notNull().default(false),
    tierDriver: text(),
    legalClass: text().$type<LegalClass>(),
    connectionId: uuid().references(() => connections.id),
    /** The registry's own id, which a rename does not change, and its name there. */
    externalId: text(),
    externalName: text(),
    sourceUrl: text(),
    claimedAt: instant(),
    lastSeenAt: instant(),
    /** Set when two completed sweeps in a row did not see it. */
    vanishedAt: instant(),
    missedSweeps: integer().notNull().default(0),
    /** Hash of what the registry last said about the model. */
    registrySha256: bytea(),
    /** The model that this registry record is part of (reconciliation); null for a model of its own. */
    joinedToId: uuid(),
    /** Since when it is in its stage; the database keeps it. */
    stageSince: instant(),
    /** When it shall end, what takes its place, why, and when those who rely on it were told. */
    endOfLife: date(),
    successorId: uuid(),
    endReason: text().notNull().default(""),
    consumersToldOn: date(),
    /** The answers that the tier rests on. */
    riskAssessmentId: uuid(),
    /** Since when, and why, the tier has to be scored again. */
    rescoreSince: instant(),
    rescoreWhy: text().array().notNull().default([]),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    /** Optimistic lock, also the ETag. */
    revision: integer().notNull().default(1),
    /** Projection of the last readiness assessment, so that a list needs no join per row. */
    readinessPass: integer(),
    readinessFail: integer(),
    readinessUnknown: integer(),
    readinessWaived: integer(),
    readinessTotal: integer(),
    /** The assessment these numbers come from, and when it was last taken. */
    readinessDigest: text(),
    readinessAt: instant(),
    lastReleaseAt: instant(),
    gateDecision: text().$type<"allow" | "deny" | "unknown">(),
    gateReasons: integer(),
  },
  (t) => [
    uniqueIndex("model_external").on(t.connectionId, t.externalId),
    index("model_external_name").on(t.connectionId, t.externalName),
    index("model_by_tier_name").on(t.tier, t.name),
    index("model_by_unit").on(t.businessUnitId, t.name),
    index("model_by_owner").on(t.ownerId, t.name),
    index("model_by_stage").on(t.stage, t.name),
  ],
);

/** A use case that a model serves beside its main one. */
export const modelUseCases = pgTable(
  "model_use_case",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    useCaseId: uuid()
      .notNull()
      .references(() => useCases.id),
    since: instant().notNull(),
  },
  (t) => [unique().on(t.modelId, t.useCaseId), index("model_use_case_by_use_case").on(t.useCaseId)],
);

export const modelVersions = pgTable(
  "model_version",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    version: text().notNull(),
    /** sha256 hex of the artefact (signing.md section 1); null while nobody measured it. */
    digest: text(),
    digestSource: text(),
    runId: text(),
    commit: text(),
    sourceUri: text(),
    status: text().notNull().default("READY"),
    aliases: text().array().notNull().default([]),
    trainedBy: text(),
    /** SPDX identifier, or the licence's own name. */
    licence: text(),
    /** What it was trained from, as its publisher calls it. */
    baseModel: text(),
    /** What it runs in: language, libraries, image. */
    runtime: text(),
    registeredAt: instant().notNull(),
    lastSeenAt: instant(),
    /** When its run was read after it had ended; null while it is still to be read. */
    runReadAt: instant(),
    /** Last change in the registry. */
    changedAt: instant(),
    /** The registry's own record, as it came. */
    raw: bytea(),
    rawSha256: bytea(),
  },
  (t) => [
    unique("model_version_once").on(t.modelId, t.version),
    index("model_version_latest").on(t.modelId, t.registeredAt),
  ],
);

/** What serves (or served) in an environment, as reported or read back from the registry. */
export const deployments = pgTable(
  "deployment",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    versionId: uuid()
      .notNull()
      .references(() => modelVersions.id),
    environment: text().notNull(),
    digest: text(),
    /** The release that allowed it; null is a gate bypass. */
    releaseId: uuid(),
    source: text().notNull(),
    kind: text().$type<"new" | "rollback" | "redeploy">().notNull().default("new"),
    since: instant().notNull(),
    until: instant(),
    bypassFindingId: uuid(),
    /** Name of the endpoint or job; empty when only the environment is known. */
    target: text().notNull().default(""),
    targetKind: text().$type<TargetKind>(),
    region: text().notNull().default(""),
    /** Share of the target's traffic, 0 to 100. */
    percent: integer().notNull().default(100),
  },
  (t) => [index("deployment_by_model").on(t.modelId, t.since), index("deployment_by_since").on(t.environment, t.since)],
);

/** An owner was asked for something about a model; one open request per model and subject. */
export const ownerRequests = pgTable(
  "owner_request",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    about: text().$type<"readiness" | "ownership">().notNull(),
    note: text().notNull().default(""),
    askedBy: text().notNull(),
    askedByName: text().notNull(),
    askedAt: instant().notNull(),
    doneAt: instant(),
  },
  (t) => [
    uniqueIndex("owner_request_open_once").on(t.modelId, t.about).where(sql`done_at is null`),
    index("owner_request_by_person").on(t.personId, t.doneAt),
  ],
);

/** Answers to the twelve risk questions and what follows from them (governance.md section 2). */
export const riskAssessments = pgTable(
  "risk_assessment",
  {
    id: id(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    methodVersion: text().notNull(),
    answers: jsonb().$type<Answers>().notNull(),
    score: real().notNull(),
    tier: integer(),
    blocked: boolean().notNull().default(false),
    provisional: boolean().notNull(),
    drivers: jsonb().$type<Driver[]>().notNull(),
    legalClass: text().$type<LegalClass>().notNull(),
    /** What the legal class rests on. */
    legal: jsonb().$type<LegalBasis>().notNull().default({}),
    digest: text().notNull(),
    answeredBy: uuid().notNull(),
    answeredAt: instant().notNull(),
    /** What the model was when the answers were given (lib/risk/rescore.ts). */
    context: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** When people gave the answers; a change of method keeps it. */
    answersAt: instant().notNull(),
    /** method: the same answers under a newly adopted version. */
    basis: text().$type<"answers" | "method">().notNull().default("answers"),
    driver: text(),
  },
  (t) => [index("risk_assessment_by_model").on(t.modelId, t.answeredAt)],
);

export const incidents = pgTable(
  "incident",
  {
    id: id(),
    ref: text().notNull().unique(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    title: text().notNull(),
    severity: integer().notNull(),
    startedAt: instant().notNull(),
    resolvedAt: instant(),
    /** The deployment that caused it, when it was caused by a change. */
    deploymentId: uuid().references(() => deployments.id),
    cause: text().notNull().default(""),
    intervention: text().$type<"rollback" | "hotfix" | "disable" | "traffic_shift" | "none">().notNull(),
    reportedBy: text().notNull(),
    reportedOn: date().notNull(),
    /** Which other system told of it, and what it calls it. */
    externalSource: text(),
    externalId: text(),
  },
  (t) => [
    index("incident_by_start").on(t.startedAt),
    index("incident_by_model").on(t.modelId),
    unique("incident_external").on(t.modelId, t.externalSource, t.externalId),
  ],
);
