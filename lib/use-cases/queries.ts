import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "@/lib/core/query";
import { visibleUnits } from "@/lib/models/visible";
import type { UseCaseStatus } from "./use-case";

export type UseCaseRow = {
  id: string;
  ref: string;
  name: string;
  problem: string;
  sponsor: string;
  valueEur: string | null;
  status: UseCaseStatus;
  unit: string;
  unitName: string;
  models: number;
  live: number;
};

/** Use cases by reference, each with how many models serve it. */
export const useCaseList = query({
  name: "use_cases.listed",
  title: "List use cases",
  http: { method: "GET", path: "/use-cases" },
  input: z.strictObject({
    unit: z.string().max(120).optional(),
    after: z
      .string()
      .regex(/^UC-\d+$/, "A use case reference.")
      .optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    const units = visibleUnits(actor);
    const { rows } = await read.execute<UseCaseRow>(sql`
      select c.id, c.ref, c.name, c.problem, c.sponsor, c.value_eur as "valueEur", c.status, u.slug as unit, u.name as "unitName",
        (select count(*)::int from model m where m.use_case_id = c.id) as models,
        (select count(*)::int from model m where m.use_case_id = c.id and m.stage = 'live') as live
      from use_case c join business_unit u on u.id = c.business_unit_id
      where ${units ? sql`c.business_unit_id = any(${`{${units.join(",")}}`}::uuid[])` : sql`true`}
        and ${input.unit ? sql`u.slug = ${input.unit}` : sql`true`}
        and ${input.after ? sql`c.ref > ${input.after}` : sql`true`}
      order by c.ref limit ${input.limit + 1}`);
    const page = rows.slice(0, input.limit);
    return { useCases: page, next: rows.length > input.limit ? (page.at(-1)?.ref ?? null) : null };
  },
});
