import { bigint, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns";
import { businessUnits } from "./org";

/** A KPI of one closed month and scope, frozen: the exact bytes of its result (lib/kpis/kpi.ts Result). */
export const kpiSnapshots = pgTable(
  "kpi_snapshot",
  {
    id: id(),
    kpi: text().notNull(),
    /** Null: the whole organisation. */
    businessUnitId: uuid().references(() => businessUnits.id),
    /** YYYY-MM. */
    month: text().notNull(),
    methodVersion: text().notNull(),
    content: bytea().notNull(),
    digest: text().notNull(),
    /** Size of the log when the figure was frozen. */
    logSize: bigint({ mode: "number" }).notNull(),
    frozenAt: instant().notNull(),
  },
  (t) => [unique("kpi_snapshot_once").on(t.kpi, t.businessUnitId, t.month).nullsNotDistinct()],
);
