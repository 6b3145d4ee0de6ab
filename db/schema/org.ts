import { boolean, index, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { newId } from "@/lib/core/ids";
import type { Role } from "@/lib/core/rights";
import { workingCalendars } from "./calendars";
import { bytea, id, instant } from "./columns";

/** A node of the organisation tree. */
export const businessUnits = pgTable(
  "business_unit",
  {
    id: id(),
    slug: text().notNull().unique(),
    name: text().notNull(),
    parentId: uuid(),
    /** Who hears of what the unit's owners leave undone. */
    headId: uuid(),
    /** When work is done there and, unless said otherwise, in the units below. */
    calendarId: uuid().references(() => workingCalendars.id),
  },
  (t) => [index("business_unit_by_parent").on(t.parentId)],
);

/** Someone who signs in. Doubles as next-auth's user table. */
export const people = pgTable("person", {
  id: id(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: instant(),
  image: text(),
  title: text().notNull().default(""),
  businessUnitId: uuid().references(() => businessUnits.id),
  active: boolean().notNull().default(true),
  /** A demo persona: shown for one-click sign-in in demo mode, signs with a software key. */
  persona: boolean().notNull().default(false),
  createdAt: instant().notNull(),
});

/** People who build and keep models together, in one business unit. */
export const teams = pgTable(
  "team",
  {
    id: id(),
    name: text().notNull().unique(),
    businessUnitId: uuid()
      .notNull()
      .references(() => businessUnits.id),
    leadId: uuid().references(() => people.id),
    createdAt: instant().notNull(),
  },
  (t) => [index("team_by_unit").on(t.businessUnitId, t.name)],
);

/** A role a person holds, in one business unit or (null) everywhere. */
export const roleGrants = pgTable(
  "role_grant",
  {
    id: id(),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    role: text().$type<Role>().notNull(),
    businessUnitId: uuid().references(() => businessUnits.id),
    grantedBy: text().notNull(),
    grantedAt: instant().notNull(),
    /** "oidc": read from the provider's groups at sign-in, and taken back the same way. */
    source: text().$type<"portal" | "oidc">().notNull().default("portal"),
  },
  (t) => [unique("role_grant_once").on(t.personId, t.role, t.businessUnitId).nullsNotDistinct()],
);

/** next-auth: the identity at the OIDC provider that belongs to a person. */
export const accounts = pgTable(
  "account",
  {
    userId: uuid()
      .notNull()
      .references(() => people.id),
    type: text().$type<"oidc" | "oauth" | "email" | "webauthn">().notNull(),
    provider: text().notNull(),
    providerAccountId: text().notNull(),
    refresh_token: text(),
    access_token: text(),
    expires_at: integer(),
    token_type: text(),
    scope: text(),
    id_token: text(),
    session_state: text(),
  },
  (t) => [primaryKey({ columns: [t.provider, t.providerAccountId] })],
);

/** A signed-in browser; deleting the row signs it out at once. */
export const sessions = pgTable(
  "session",
  {
    /** SHA-256 (hex) of the cookie's value, so that a copy of this table signs nobody in. */
    sessionToken: text().primaryKey(),
    id: uuid().notNull().unique().$defaultFn(newId),
    userId: uuid()
      .notNull()
      .references(() => people.id),
    expires: instant().notNull(),
    createdAt: instant().notNull().defaultNow(),
    method: text().$type<"oidc" | "persona">().notNull().default("oidc"),
    userAgent: text().notNull().default(""),
  },
  (t) => [index("session_by_user").on(t.userId)],
);

/** A bearer token of the API. Only its SHA-256 is kept. */
export const apiTokens = pgTable(
  "api_token",
  {
    id: id(),
    name: text().notNull(),
    hash: bytea().notNull().unique(),
    /** First characters of the token, for recognition in lists. */
    prefix: text().notNull(),
    actorKind: text().$type<"person" | "service" | "agent">().notNull(),
    /** The person the token acts as; null for a service of its own. */
    personId: uuid().references(() => people.id),
    roles: text().array().$type<Role[]>().notNull(),
    /** Rights the token is limited to; null means all rights of its roles. */
    scopes: text().array(),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant(),
    revokedAt: instant(),
    lastUsedAt: instant(),
  },
  (t) => [index("api_token_by_person").on(t.personId)],
);

/** The answer given to a write that carried an Idempotency-Key, replayed if the key comes again. */
export const idempotencyKeys = pgTable(
  "idempotency_key",
  {
    actorId: text().notNull(),
    key: text().notNull(),
    requestHash: bytea().notNull(),
    status: integer().notNull(),
    body: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.actorId, t.key] })],
);
