import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { holds } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import type { Unit } from "./unit";

/** The organisation tree, parents before children; a few hundred rows at most. */
export const listUnits = query({
  name: "units.list",
  title: "List business units",
  http: { method: "GET", path: "/units" },
  input: z.strictObject({}),
  run: async (read, _input, actor) => {
    if (actor.kind !== "system" && !holds(actor, "inventory:read"))
      throw new Refusal("forbidden", "You need a role to see the organisation. Ask an administrator for one.");
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
