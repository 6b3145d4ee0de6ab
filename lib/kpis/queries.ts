import "server-only";
import { desc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { kpiSnapshots } from "@/db/schema/kpis";
import { businessUnits } from "@/db/schema/org";
import type { Kpi } from "@/lib/content/schemas";
import { type Actor, holds } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { compute, type Result, type Row } from "./kpi";
import { loadHistory } from "./load";
import { definitions, type Measure, ruleOf } from "./measures";

/** A KPI with its present result (null: not measured) and its frozen months, oldest first. */
export type KpiView = {
  kpi: Kpi;
  result: Result | null;
  months: { month: string; value: number | null; low: number | null; high: number | null; status: string }[];
};

type Scope = { id: string | null; name: string; slug: string | null };

/** One JSON shape of a frozen result, checked when it is read back. */
const Frozen = z.looseObject({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  status: z.string(),
});

export async function scopeOf(read: Reader, slug: string | undefined): Promise<Scope> {
  if (!slug) return { id: null, name: "Whole organisation", slug: null };
  const [unit] = await read.select().from(businessUnits).where(eq(businessUnits.slug, slug));
  if (!unit) throw new Refusal("not_found", `There is no business unit "${slug}".`);
  return unit;
}

const mayRead = (actor: Actor) => {
  if (!holds(actor, "kpis:read")) throw new Refusal("forbidden", "Your roles do not include reading KPIs.");
};

const frameOf = (measure: Measure, scope: Scope, asOf: Date) => ({
  scope: scope.name,
  window: { from: dayOf(new Date(asOf.getTime() - measure.window * 86_400_000)), to: dayOf(asOf) },
  asOf: asOf.toISOString(),
});

/** Every KPI that the portal can work out, as of an instant, for one scope. */
export async function results(
  read: Reader,
  scope: Scope,
  asOf: Date,
): Promise<{ kpi: Kpi; result: Result; rows: Row[] }[]> {
  const history = await loadHistory(read, asOf, scope.id);
  return definitions().flatMap(({ kpi, measure }) => {
    if (!measure) return [];
    const rows = measure.rows(history);
    return [{ kpi, rows, result: compute(ruleOf(kpi, measure), rows, frameOf(measure, scope, asOf)) }];
  });
}

async function monthsOf(read: Reader, scope: Scope): Promise<Map<string, KpiView["months"]>> {
  const rows = await read
    .select({ kpi: kpiSnapshots.kpi, month: kpiSnapshots.month, content: kpiSnapshots.content })
    .from(kpiSnapshots)
    .where(scope.id === null ? isNull(kpiSnapshots.businessUnitId) : eq(kpiSnapshots.businessUnitId, scope.id))
    .orderBy(desc(kpiSnapshots.month))
    .limit(13 * 18);
  const out = new Map<string, KpiView["months"]>();
  for (const row of rows.reverse()) {
    const { value, low, high, status } = Frozen.parse(JSON.parse(row.content.toString("utf8")));
    out.set(row.kpi, [...(out.get(row.kpi) ?? []), { month: row.month, value, low, high, status }]);
  }
  return out;
}

const unitField = z.string().trim().min(1).max(60).optional();

/** The dashboard: all 18, the five computed now, the others not measured with the system to connect. */
export const kpiBoard = query({
  name: "kpis.read",
  title: "All KPIs of a scope",
  http: { method: "GET", path: "/kpis" },
  input: z.strictObject({ unit: unitField }),
  run: async (read, input, actor, now) => {
    mayRead(actor);
    const scope = await scopeOf(read, input.unit);
    const [current, months, units] = await Promise.all([
      results(read, scope, now),
      monthsOf(read, scope),
      read
        .select({ slug: businessUnits.slug, name: businessUnits.name, parentId: businessUnits.parentId })
        .from(businessUnits)
        .orderBy(businessUnits.name),
    ]);
    const resultOf = new Map(current.map((c) => [c.kpi.id, c.result]));
    const kpis: KpiView[] = definitions().map(({ kpi }) => ({
      kpi,
      result: resultOf.get(kpi.id) ?? null,
      months: months.get(kpi.id) ?? [],
    }));
    return { scope, asOf: now, kpis, units };
  },
});

/** One KPI with the rows behind it. */
export const kpiDetail = query({
  name: "kpi.read",
  title: "One KPI with the rows behind it",
  http: { method: "GET", path: "/kpis/{kpi}" },
  input: z.strictObject({ kpi: z.string().max(80), unit: unitField }),
  run: async (read, input, actor, now) => {
    mayRead(actor);
    const definition = definitions().find(({ kpi }) => kpi.id === input.kpi || String(kpi.n) === input.kpi);
    if (!definition) throw new Refusal("not_found", `There is no KPI "${input.kpi}".`);
    const { kpi } = definition;
    const scope = await scopeOf(read, input.unit);
    const [current, months] = await Promise.all([results(read, scope, now), monthsOf(read, scope)]);
    const found = current.find((c) => c.kpi.id === kpi.id);
    return {
      scope,
      asOf: now,
      kpi,
      result: found?.result ?? null,
      rows: found?.rows ?? [],
      months: months.get(kpi.id) ?? [],
    };
  },
});
