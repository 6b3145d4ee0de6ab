import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { findUnit } from "./find";
import type { Unit } from "./unit";

function insistOnReading(actor: Actor): void {
  if (actor.kind !== "system" && !holds(actor, "inventory:read"))
    throw new Refusal("forbidden", "You need a role to see the organisation. Ask an administrator for one.");
}

/** The organisation tree, parents before children; a few hundred rows at most. */
export const listUnits = query({
  name: "units.list",
  title: "List business units",
  http: { method: "GET", path: "/units" },
  input: z.strictObject({}),
  run: async (read, _input, actor) => {
    insistOnReading(actor);
    const { rows } = await read.execute<Unit>(sql`
      with recursive t as (
        select id, slug, name, parent_id, 0 as depth, name as path from business_unit where parent_id is null
        union all
        select b.id, b.slug, b.name, b.parent_id, t.depth + 1, t.path || ' / ' || b.name from business_unit b join t on b.parent_id = t.id
      )
      select id, slug, name, parent_id as "parentId", depth, path from t order by path limit 2000`);
    return { items: rows };
  },
});

/** One unit: where it stands, what is below, its teams, and how much of the inventory is its own or stands below it. */
export const getUnit = query({
  name: "unit.read",
  title: "Read a business unit",
  http: { method: "GET", path: "/units/{unit}" },
  input: z.strictObject({ unit: z.string().min(1).max(60) }),
  run: async (read, input, actor) => {
    insistOnReading(actor);
    const unit = await findUnit(read, input.unit);
    const { rows } = await read.execute<{
      above: { slug: string; name: string }[];
      below: { slug: string; name: string }[];
      teams: { id: string; name: string; lead: string | null; models: number }[];
      models: number;
      models_below: number;
      use_cases: number;
    }>(sql`
      with recursive above as (
        select id, slug, name, parent_id, 0 as step from business_unit where id = ${unit.id}
        union all select b.id, b.slug, b.name, b.parent_id, a.step + 1 from business_unit b join above a on b.id = a.parent_id
      ), below as (
        select id from business_unit where id = ${unit.id}
        union select b.id from business_unit b join below on b.parent_id = below.id
      )
      select
        coalesce((select json_agg(json_build_object('slug', slug, 'name', name) order by step desc) from above where step > 0), '[]') as above,
        coalesce((select json_agg(json_build_object('slug', slug, 'name', name) order by name) from business_unit where parent_id = ${unit.id}), '[]') as below,
        coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name, 'lead', p.name,
          'models', (select count(*)::int from model m where m.team = t.name and m.team <> '')) order by t.name)
          from team t left join person p on p.id = t.lead_id where t.business_unit_id = ${unit.id}), '[]') as teams,
        (select count(*)::int from model where business_unit_id = ${unit.id}) as models,
        (select count(*)::int from model where business_unit_id in (select id from below)) as models_below,
        (select count(*)::int from use_case where business_unit_id in (select id from below)) as use_cases`);
    const row = rows[0];
    return {
      ...unit,
      above: row?.above ?? [],
      below: row?.below ?? [],
      teams: row?.teams ?? [],
      models: row?.models ?? 0,
      modelsWithBelow: row?.models_below ?? 0,
      useCases: row?.use_cases ?? 0,
    };
  },
});
