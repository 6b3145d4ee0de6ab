import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { CheckState, UnknownCause } from "@/lib/checks/check";
import { type Actor, holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { checklistInForce } from "./assess";
import { checklistItem } from "./subject";

const tierFilter = whole(z.number().int().min(1).max(4)).optional();

function insistOnReading(actor: Actor): void {
  if (!holds(actor, "inventory:read"))
    throw new Refusal("forbidden", "You need a role to see the inventory. Ask an administrator for one.");
}

const scope = (actor: Actor, tier: number | undefined): SQL =>
  sql`${inReach(actor, "inventory:read", sql`m.business_unit_id`)} and m.stage not in ('retired', 'idea') and ${tier === undefined ? sql`true` : sql`m.tier = ${tier}`}`;

export type HeatCell = {
  item: string;
  unit: string | null;
  pass: number;
  fail: number;
  unknown: number;
  waived: number;
};
export type ItemReview = { item: string; waivers: number; models: number; openedAt: string };

/**
 * How every item stands in every business unit, over models as they were last assessed. Units by name; a model without a unit stands
 * under null. One statement each, whatever the number of models.
 */
export const readinessMap = query({
  name: "readiness.map",
  title: "Read the readiness of the organisation by item and business unit",
  http: { method: "GET", path: "/readiness/items" },
  input: z.strictObject({ tier: tierFilter }),
  run: async (read, { tier }, actor) => {
    insistOnReading(actor);
    const count = (state: CheckState) => sql`count(*) filter (where i.state = ${state})::int`;
    const { rows: cells } = await read.execute<HeatCell>(sql`
      select i.item_id as item, m.business_unit_id as unit, ${count("pass")} as pass, ${count("fail")} as fail,
        ${count("unknown")} as unknown, ${count("waived")} as waived
      from readiness_item i join model m on m.id = i.model_id
      where i.required and i.state <> 'not_applicable' and ${scope(actor, tier)} group by 1, 2 limit 20000`);
    const { rows: units } = await read.execute<{ id: string; slug: string; name: string }>(sql`
      select id, slug, name from business_unit where id = any(${`{${[...new Set(cells.flatMap((c) => c.unit ?? []))].join(",")}}`}::uuid[]) order by name`);
    const { rows: reviews } = await read.execute<ItemReview>(sql`
      select item_id as item, waivers, models, opened_at as "openedAt" from control_review where concluded_at is null`);
    const checklist = checklistInForce();
    return {
      checklist: { id: checklist.id, version: checklist.version, title: checklist.title },
      items: checklist.items.map(({ id, title, area }) => ({ id, title, area })),
      units,
      cells,
      reviews,
    };
  },
});

export type ItemRow = {
  model: string;
  tier: number | null;
  unit: string | null;
  owner: string | null;
  stage: string;
  required: boolean;
  state: CheckState;
  cause: UnknownCause | null;
  byHand: boolean;
  since: string;
};

/** The models behind a cell of the map, by name: how one item stands for each of them. */
export const itemModels = query({
  name: "readiness.item.models",
  title: "List how one readiness item stands for each model",
  http: { method: "GET", path: "/readiness/items/{item}" },
  input: z.strictObject({
    item: z.string().trim().min(1).max(60),
    tier: tierFilter,
    /** A business unit's id, or `none` for models without one. */
    unit: z.union([z.uuid(), z.literal("none")]).optional(),
    state: z.enum(["pass", "fail", "unknown", "waived", "not_applicable"]).optional(),
    after: z.string().max(250).optional(),
    limit: whole(z.number().int().min(1).max(200)).default(50),
  }),
  run: async (read, { item: asked, tier, unit, state, after, limit }, actor) => {
    insistOnReading(actor);
    const { item } = checklistItem(asked);
    const where = sql`i.item_id = ${item.id} and i.required and ${scope(actor, tier)}
      and ${unit === undefined ? sql`true` : unit === "none" ? sql`m.business_unit_id is null` : sql`m.business_unit_id = ${unit}`}
      and ${state === undefined ? sql`true` : sql`i.state = ${state}`}`;
    const [{ rows }, { rows: counted }] = await Promise.all([
      read.execute<ItemRow>(sql`
        select m.name as model, m.tier, u.name as unit, p.name as owner, m.stage, i.required, i.state, i.cause, i.by_hand as "byHand", i.since
        from readiness_item i join model m on m.id = i.model_id left join business_unit u on u.id = m.business_unit_id
          left join person p on p.id = m.owner_id
        where ${where} and ${after === undefined ? sql`true` : sql`m.name > ${after}`} order by m.name limit ${limit + 1}`),
      read.execute<{ n: number }>(
        sql`select count(*)::int as n from readiness_item i join model m on m.id = i.model_id where ${where}`,
      ),
    ]);
    const items = rows.slice(0, limit);
    return {
      item: { id: item.id, title: item.title, area: item.area, why: item.why, fix: item.fix, tiers: item.tiers },
      items,
      total: counted[0]?.n ?? 0,
      next: rows.length > limit ? (items.at(-1)?.model ?? null) : null,
    };
  },
});

export type Week = { week: string; met: number; total: number; models: number; ready: number };

/** Readiness at the end of each of the last twelve weeks: required items that pass or are waived, and models that are ready. */
export const readinessTrend = query({
  name: "readiness.trend",
  title: "Read how readiness went over the last weeks",
  http: { method: "GET", path: "/readiness/trend" },
  input: z.strictObject({ tier: tierFilter, model: z.string().trim().min(1).max(250).optional() }),
  run: async (read, { tier, model }, actor, now) => {
    insistOnReading(actor);
    const { rows } = await read.execute<Week>(sql`
      select to_char(w.at, 'YYYY-MM-DD') as week, coalesce(sum(s.pass + s.waived), 0)::int as met, coalesce(sum(s.total), 0)::int as total,
        count(s.total)::int as models, (count(*) filter (where s.fail + s.unknown = 0))::int as ready
      from generate_series(0, 11) n cross join lateral (select ${now.toISOString()}::timestamptz - n * interval '7 days' as at) w
        join model m on ${scope(actor, tier)} and ${model === undefined ? sql`true` : sql`m.name = ${model}`}
        left join lateral (select pass, fail, unknown, waived, total from readiness_step x where x.model_id = m.id and x.at <= w.at
          order by x.at desc limit 1) s on true
      group by w.at order by w.at`);
    return { items: rows };
  },
});
