import { sql } from "drizzle-orm";
import { boolean, index, pgTable, primaryKey, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { SigningPurpose } from "@/lib/signing/purpose";
import { bytea, id, instant } from "./columns";
import { people } from "./org";

/** A key of the portal itself (signing.md section 3): statement (P-256) or log (Ed25519). */
export const portalKeys = pgTable(
  "portal_key",
  {
    kid: text().primaryKey(),
    purpose: text().$type<"statement" | "log">().notNull(),
    alg: text().$type<"ES256" | "Ed25519">().notNull(),
    spki: bytea().notNull(),
    createdAt: instant().notNull(),
    retiredAt: instant(),
  },
  (t) => [uniqueIndex("portal_key_active_once").on(t.purpose).where(sql`retired_at is null`)],
);

/** An approver's own key: a passkey, or a software key of a demo persona. */
export const credentials = pgTable(
  "credential",
  {
    id: id(),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    kind: text().$type<"passkey" | "software">().notNull(),
    label: text().notNull(),
    /** SSH fingerprint, SHA256:…, the key id used everywhere. */
    kid: text().notNull().unique(),
    spki: bytea().notNull(),
    /** WebAuthn credential id; null for a software key. */
    webauthnId: bytea(),
    rpId: text(),
    origin: text(),
    aaguid: text(),
    backupEligible: boolean(),
    enrolmentSha256: bytea().notNull(),
    enrolledAt: instant().notNull(),
    revokedAt: instant(),
    revokeReason: text(),
  },
  (t) => [index("credential_by_person").on(t.personId)],
);

/** Exact bytes that somebody signed. Immutable. */
export const statements = pgTable("statement", {
  sha256: bytea().primaryKey(),
  payload: bytea().notNull(),
  payloadType: text().notNull(),
  predicateType: text().notNull(),
  createdAt: instant().notNull(),
});

/** Index of the digests a statement is about. */
export const statementSubjects = pgTable(
  "statement_subject",
  {
    statementSha256: bytea()
      .notNull()
      .references(() => statements.sha256),
    name: text().notNull(),
    digest: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.statementSha256, t.name, t.digest] }),
    index("statement_subject_by_digest").on(t.digest),
  ],
);

/** One signature over one statement, by a person's credential or by a portal key. Immutable. */
export const signatures = pgTable(
  "signature",
  {
    id: id(),
    statementSha256: bytea()
      .notNull()
      .references(() => statements.sha256),
    kind: text().$type<"dsse" | "webauthn">().notNull(),
    kid: text().notNull(),
    credentialId: uuid().references(() => credentials.id),
    sig: bytea().notNull(),
    /** WebAuthn only: the two byte strings that the signature covers. */
    authenticatorData: bytea(),
    clientDataJson: bytea(),
    logEntryId: uuid().notNull().unique(),
    createdAt: instant().notNull(),
  },
  (t) => [unique("signature_once").on(t.statementSha256, t.kid), index("signature_by_kid").on(t.kid)],
);

/** A one-time link to the signing page. The token itself is never stored, only its SHA-256. */
export const signingRequests = pgTable("signing_request", {
  id: id(),
  tokenHash: bytea().notNull().unique(),
  purpose: text().$type<SigningPurpose>().notNull(),
  personId: uuid()
    .notNull()
    .references(() => people.id),
  /** Exact statement to sign; for an enrolment it is completed with the new key on the page. */
  payload: bytea().notNull(),
  context: text().notNull(),
  releaseId: uuid(),
  /** Twelve digits from SHA-256 of the PAE, shown on the page before the signing page; empty for an enrolment. */
  code: text().notNull().default(""),
  createdAt: instant().notNull(),
  expiresAt: instant().notNull(),
  usedAt: instant(),
  declinedAt: instant(),
});
