import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { CheckState } from "@/lib/checks/check";
import { holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { manyOf } from "@/lib/core/many";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { checklistItem } from "./subject";
import { wouldBeAsked } from "./would-be-asked";

export type Simulated = {
  model: string;
  tier: number | null;
  unit: string | null;
  owner: string | null;
  state: CheckState;
};

/** Which models would not meet an item if it were required of further tiers today, by name; as they were last assessed. */
export const simulateItem = query({
  name: "readiness.item.simulated",
  title: "Read which models would fail if an item were enforced today",
  http: { method: "GET", path: "/readiness/items/{item}/simulation" },
  input: z.strictObject({
    item: z.string().trim().min(1).max(60),
    tiers: manyOf(whole(z.number().int().min(1).max(4))),
    after: z.string().max(250).optional(),
    limit: whole(z.number().int().min(1).max(200)).default(50),
  }),
  run: async (read, { item: asked, tiers = [1, 2, 3, 4], after, limit }, actor) => {
    if (!holds(actor, "inventory:read"))
      throw new Refusal("forbidden", "You need a role to see the inventory. Ask an administrator for one.");
    const { item } = checklistItem(asked);
    const of = sql`${wouldBeAsked(item, tiers)} and ${inReach(actor, "inventory:read", sql`m.business_unit_id`)} and m.stage not in ('retired', 'idea')`;
    const [{ rows: counted }, { rows }] = await Promise.all([
      read.execute<{ unit: string | null; asked: number; missing: number }>(sql`
        select u.name as unit, count(*)::int as asked, (count(*) filter (where i.state in ('fail', 'unknown')))::int as missing
        from readiness_item i join model m on m.id = i.model_id left join business_unit u on u.id = m.business_unit_id
        where ${of} group by u.name order by u.name nulls last limit 500`),
      read.execute<Simulated>(sql`
        select m.name as model, m.tier, u.name as unit, p.name as owner, i.state
        from readiness_item i join model m on m.id = i.model_id left join business_unit u on u.id = m.business_unit_id
          left join person p on p.id = m.owner_id
        where ${of} and i.state in ('fail', 'unknown') and ${after === undefined ? sql`true` : sql`m.name > ${after}`}
        order by m.name limit ${limit + 1}`),
    ]);
    const items = rows.slice(0, limit);
    return {
      item: item.id,
      tiers,
      asked: counted.reduce((sum, r) => sum + r.asked, 0),
      missing: counted.reduce((sum, r) => sum + r.missing, 0),
      units: counted,
      items,
      next: rows.length > limit ? (items.at(-1)?.model ?? null) : null,
    };
  },
});
