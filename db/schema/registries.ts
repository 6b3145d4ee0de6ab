import { index, integer, pgTable, real, text, unique, uuid } from "drizzle-orm/pg-core";
import type { Stream } from "@/lib/connectors/registry";
import { bytea, id, instant } from "./columns";
import { connections, models, modelVersions, syncRuns } from "./models";

/** The registry's own record of a model, as it came; a version keeps its own. */
export const registryRecords = pgTable("registry_record", {
  modelId: uuid()
    .primaryKey()
    .references(() => models.id),
  raw: bytea().notNull(),
  rawSha256: bytea().notNull(),
  readAt: instant().notNull(),
});

/** A registry's webhooks to us: the key they are signed with (sealed), and how many came. */
export const registryWebhooks = pgTable("registry_webhook", {
  connectionId: uuid()
    .primaryKey()
    .references(() => connections.id),
  secret: bytea().notNull(),
  createdAt: instant().notNull(),
  lastReceivedAt: instant(),
  received: integer().notNull().default(0),
  refused: integer().notNull().default(0),
});

/** What an endpoint or job serves, as the registry tells it; null ids are unknown to the inventory. */
export const servedVersions = pgTable(
  "served_version",
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id),
    externalId: text().notNull(),
    endpoint: text().notNull(),
    kind: text().$type<"endpoint" | "job">().notNull(),
    region: text(),
    externalModel: text().notNull(),
    version: text().notNull(),
    modelId: uuid().references(() => models.id),
    versionId: uuid().references(() => modelVersions.id),
    /** Percent. */
    traffic: real(),
    state: text().notNull(),
    url: text(),
    changedAt: instant(),
    firstSeenAt: instant().notNull(),
    lastSeenAt: instant().notNull(),
    missedSweeps: integer().notNull().default(0),
    /** Set when two completed sweeps in a row did not see it. */
    goneAt: instant(),
    raw: bytea().notNull(),
    rawSha256: bytea().notNull(),
  },
  (t) => [
    unique("served_version_once").on(t.connectionId, t.externalId),
    index("served_version_by_model").on(t.modelId),
  ],
);

/** A record that could not be understood. */
export const quarantinedRecords = pgTable(
  "quarantined_record",
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id),
    stream: text().$type<Stream>().notNull(),
    externalKey: text().notNull(),
    reason: text().notNull(),
    /** As it came, at most 16 KiB. */
    raw: text().notNull(),
    runId: uuid()
      .notNull()
      .references(() => syncRuns.id),
    times: integer().notNull().default(1),
    firstSeenAt: instant().notNull(),
    lastSeenAt: instant().notNull(),
  },
  (t) => [unique("quarantined_record_once").on(t.connectionId, t.stream, t.externalKey)],
);
