import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mayRead } from "@/lib/models/visible";
import { type SavedView, viewLists } from "./view";

/** The views that the reader may open: their own, those of their business units, and those of the whole organisation. */
export const viewList = query({
  name: "views.listed",
  title: "List saved views",
  http: { method: "GET", path: "/views" },
  input: z.strictObject({ list: z.enum(viewLists).default("models") }),
  run: async (read, input, actor) => {
    insist(mayRead(actor));
    const mine = actor.kind === "person" ? sql`v.owner_id = ${actor.id}::uuid` : sql`false`;
    const ours = inReach(actor, "inventory:read", sql`v.business_unit_id`);
    const { rows } = await read.execute<SavedView>(sql`
      select v.id, v.list, v.name, v.query, v.scope, v.owner_id as "ownerId", p.name as owner, u.slug as unit, u.name as "unitName"
      from saved_view v join person p on p.id = v.owner_id left join business_unit u on u.id = v.business_unit_id
      where v.list = ${input.list} and (${mine} or v.scope = 'organisation' or (v.scope = 'unit' and ${ours}))
      order by (${mine}) desc, v.name, v.id limit 200`);
    return { items: rows };
  },
});
