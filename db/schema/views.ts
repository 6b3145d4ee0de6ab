import { pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { ViewList, ViewScope } from "@/lib/views/view";
import { id, instant } from "./columns";
import { businessUnits, people } from "./org";

/** A list as someone wants to see it again. */
export const savedViews = pgTable(
  "saved_view",
  {
    id: id(),
    list: text().$type<ViewList>().notNull(),
    name: text().notNull(),
    query: text().notNull(),
    ownerId: uuid()
      .notNull()
      .references(() => people.id),
    scope: text().$type<ViewScope>().notNull(),
    businessUnitId: uuid().references(() => businessUnits.id),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [unique().on(t.ownerId, t.list, t.name)],
);
