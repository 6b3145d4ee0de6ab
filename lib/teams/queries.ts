import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mayRead } from "@/lib/models/visible";

/** Teams by name, with their unit, lead and how many models name them. */
export const teamList = query({
  name: "teams.listed",
  title: "List teams",
  http: { method: "GET", path: "/teams" },
  input: z.strictObject({
    after: z.string().max(120).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(200),
  }),
  run: async (read, input, actor) => {
    insist(mayRead(actor));
    const { rows } = await read.execute<{
      id: string;
      name: string;
      unit: string;
      unitName: string;
      lead: string | null;
      models: number;
    }>(sql`
      select t.id, t.name, u.slug as unit, u.name as "unitName", p.name as lead,
        (select count(*)::int from model m where m.team = t.name and m.team <> '') as models
      from team t join business_unit u on u.id = t.business_unit_id left join person p on p.id = t.lead_id
      where ${input.after === undefined ? sql`true` : sql`t.name > ${input.after}`}
      order by t.name limit ${input.limit + 1}`);
    const page = rows.slice(0, input.limit);
    return { items: page, next: rows.length > input.limit ? (page.at(-1)?.name ?? null) : null };
  },
});
