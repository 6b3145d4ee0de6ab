import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { GateReason, ReleaseStatus } from "@/lib/releases/release";
import { bytea, id, instant } from "./columns";
import { models, modelVersions } from "./models";
import { people } from "./org";
import { credentials, statements } from "./signing";

export const releases = pgTable(
  "release",
  {
    id: id(),
    ref: text().notNull().unique(),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    versionId: uuid()
      .notNull()
      .references(() => modelVersions.id),
    digest: text().notNull(),
    environment: text().notNull(),
    policyId: text().notNull(),
    policyDigest: text().notNull(),
    assessmentDigest: text().notNull(),
    adrDigest: text(),
    patternDigest: text(),
    decisionDigest: text(),
    note: text().notNull().default(""),
    status: text().$type<ReleaseStatus>().notNull(),
    requestedBy: uuid()
      .notNull()
      .references(() => people.id),
    requestedAt: instant().notNull(),
    /** The request statement (signing.md section 1); approvals refer to its digest. */
    statementSha256: bytea()
      .notNull()
      .references(() => statements.sha256),
    promotedAt: instant(),
    closedAt: instant(),
  },
  (t) => [
    index("release_by_model").on(t.modelId, t.requestedAt),
    index("release_by_status").on(t.status, t.requestedAt),
    index("release_by_version").on(t.versionId, t.environment, t.requestedAt),
    uniqueIndex("release_open_once")
      .on(t.modelId, t.versionId, t.environment)
      .where(sql`status in ('open', 'allowed')`),
  ],
);

export const approvals = pgTable(
  "approval",
  {
    id: id(),
    releaseId: uuid()
      .notNull()
      .references(() => releases.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    role: text().notNull(),
    decision: text().$type<"APPROVE" | "REJECT">().notNull(),
    reason: text().notNull().default(""),
    /** SHA-256 hex of the artefact and SHA-256 of the request statement that the signature covers. */
    digest: text().notNull(),
    requestSha256: bytea().notNull(),
    statementSha256: bytea()
      .notNull()
      .references(() => statements.sha256),
    credentialId: uuid()
      .notNull()
      .references(() => credentials.id),
    signedAt: instant().notNull(),
    expiresAt: instant().notNull(),
    revokedAt: instant(),
    revokeReason: text(),
    /** Set when the person signed again after the request changed. */
    supersededAt: instant(),
  },
  (t) => [
    index("approval_by_release").on(t.releaseId),
    index("approval_by_person").on(t.personId, t.signedAt),
    uniqueIndex("approval_once").on(t.releaseId, t.personId).where(sql`revoked_at is null and superseded_at is null`),
  ],
);

/** Every question the gate was asked and the signed answer it gave. */
export const gateChecks = pgTable(
  "gate_check",
  {
    id: id(),
    modelName: text().notNull(),
    modelId: uuid(),
    releaseId: uuid(),
    version: text().notNull(),
    digest: text().notNull(),
    environment: text().notNull(),
    decision: text().$type<"allow" | "deny">().notNull(),
    reasons: jsonb().$type<GateReason[]>().notNull(),
    nonce: text(),
    statementSha256: bytea().notNull(),
    askedBy: text().notNull(),
    askedAt: instant().notNull(),
    expiresAt: instant().notNull(),
    /** The break-glass that made it an allow (table break_glass). */
    breakGlassId: uuid(),
  },
  (t) => [
    index("gate_check_by_model").on(t.modelId, t.askedAt),
    index("gate_check_by_release").on(t.releaseId, t.askedAt),
  ],
);
