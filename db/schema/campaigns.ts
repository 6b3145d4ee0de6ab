import { date, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { Attested, ItemState, Raise, Scope, Upgrade } from "@/lib/campaigns/campaign";
import { bytea, id, instant } from "./columns";
import { models } from "./models";
import { businessUnits, people } from "./org";

/** A round in which owners are asked about their models: who answers for them, or to move them to a newer pattern. */
export const campaigns = pgTable("campaign", {
  id: id(),
  ref: text().notNull().unique(),
  title: text().notNull(),
  scope: jsonb().$type<Scope>().notNull(),
  dueOn: date().notNull(),
  /** Of a campaign that moves adopters of a pattern to a newer text of it; null: it asks who answers for the models. */
  upgrade: jsonb().$type<Upgrade>(),
  /** Of a campaign that raises a readiness item: required in further tiers from a day on. */
  raise: jsonb().$type<Raise>(),
  /** Days before the due day on which those who have not answered are reminded. */
  remindDays: integer().array().notNull(),
  openedAt: instant().notNull(),
  openedBy: text().notNull(),
  openedByName: text().notNull(),
  closedAt: instant(),
  closedByName: text(),
  /** What was attested, byte for byte, from the moment it closed. */
  snapshot: bytea(),
  snapshotSha256: text(),
});

/** One model in a campaign. */
export const campaignItems = pgTable(
  "campaign_item",
  {
    id: id(),
    campaignId: uuid()
      .notNull()
      .references(() => campaigns.id),
    modelId: uuid()
      .notNull()
      .references(() => models.id),
    modelName: text().notNull(),
    businessUnitId: uuid().references(() => businessUnits.id),
    /** Who is asked: the owner, or whoever it was handed over to. */
    ownerId: uuid().references(() => people.id),
    state: text().$type<ItemState>().notNull(),
    attested: jsonb().$type<Attested>(),
    note: text().notNull().default(""),
    answeredAt: instant(),
    answeredBy: uuid().references(() => people.id),
    remindedAt: instant(),
    escalatedAt: instant(),
    escalatedTo: uuid().references(() => people.id),
  },
  (t) => [unique("campaign_item_once").on(t.campaignId, t.modelId)],
);
