import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mayRead } from "./visible";

/** What lists and forms let one choose from: business units, use cases, people who own models, connections by name. */
export const modelFacets = query({
  name: "models.facets",
  title: "List what models can be filtered by",
  http: { method: "GET", path: "/models/facets" },
  input: z.strictObject({}),
  run: async (read, _input, actor) => {
    insist(mayRead(actor));
    const { rows } = await read.execute<{
      units: { slug: string; name: string }[];
      sources: string[];
      use_cases: { ref: string; name: string }[];
      people: { email: string; name: string }[];
    }>(sql`
      select
        coalesce((select json_agg(json_build_object('slug', slug, 'name', name) order by name) from (select slug, name from business_unit order by name limit 500) u), '[]') as units,
        coalesce((select json_agg(name order by name) from connection where removed_at is null), '[]') as sources,
        coalesce((select json_agg(json_build_object('ref', ref, 'name', name) order by name) from (select ref, name from use_case order by name limit 500) c), '[]') as use_cases,
        coalesce((select json_agg(json_build_object('email', email, 'name', name) order by name) from (
          select distinct p.email, p.name from person p join role_grant g on g.person_id = p.id
          where p.active and g.role in ('contributor', 'architect') order by p.name limit 500) p), '[]') as people`);
    const row = rows[0];
    return {
      units: row?.units ?? [],
      sources: row?.sources ?? [],
      useCases: row?.use_cases ?? [],
      people: row?.people ?? [],
    };
  },
});
