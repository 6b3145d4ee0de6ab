import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { isUuid } from "@/lib/core/ids";
import { query } from "@/lib/core/query";
import { type LegalClass, legalClasses, type Stage } from "@/lib/models/model";
import { seenModels } from "@/lib/models/visible";
import { findUseCaseFor } from "./find";
import { euRoles, type UseCaseRow, useCaseKey, useCaseStatuses } from "./use-case";

const columns = sql`c.id, c.ref, c.name, c.problem, c.sponsor, c.value_amount as "valueAmount", c.value_currency as "valueCurrency",
  c.value_kind as "valueKind", c.value_eur as "valueEur", c.status, c.business_unit_id as "businessUnitId", c.eu_role as "euRole", c.legal_class as "legalClass", c.revision,
  case when p.id is not null then json_build_object('id', p.id, 'name', p.name, 'email', p.email) end as owner,
  u.slug as unit, u.name as "unitName", coalesce(n.models, 0) as models, coalesce(n.live, 0) as live`;

/** Models that serve the use case `c`, as their main one or beside it. */
const serving = sql`(select m.* from model m where m.use_case_id = c.id
  union select m.* from model_use_case l join model m on m.id = l.model_id where l.use_case_id = c.id)`;

const from = sql`use_case c join business_unit u on u.id = c.business_unit_id left join person p on p.id = c.owner_id
  left join lateral (select count(*)::int as models, count(*) filter (where m.stage = 'live')::int as live from ${serving} m) n on true`;

export const useCaseListInput = z.strictObject({
  /** Business unit (slug or id), with everything below it. */
  unit: z.string().max(120).optional(),
  status: z.enum(useCaseStatuses).optional(),
  euRole: z.enum([...euRoles, "none"]).optional(),
  legalClass: z.enum([...legalClasses, "none"]).optional(),
  /** Person (e-mail address or id), or "none". */
  owner: z.string().max(254).optional(),
  /** Words of name or problem. */
  q: z.string().trim().max(200).optional(),
  after: z
    .string()
    .max(20)
    .regex(/^UC-\d+$/, "A use case reference.")
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Use cases by reference, each with how many models serve it. */
export const useCaseList = query({
  name: "use_cases.listed",
  title: "List use cases",
  http: { method: "GET", path: "/use-cases" },
  input: useCaseListInput,
  run: async (read, input, actor) => {
    const all: SQL[] = [seenModels(actor, sql`c.business_unit_id`)];
    if (input.unit)
      all.push(sql`c.business_unit_id in (with recursive below as (
        select id from business_unit where slug = ${input.unit} or id::text = ${input.unit}
        union select b.id from business_unit b join below on b.parent_id = below.id) select id from below)`);
    if (input.status) all.push(sql`c.status = ${input.status}`);
    if (input.euRole) all.push(input.euRole === "none" ? sql`c.eu_role is null` : sql`c.eu_role = ${input.euRole}`);
    if (input.legalClass)
      all.push(input.legalClass === "none" ? sql`c.legal_class is null` : sql`c.legal_class = ${input.legalClass}`);
    if (input.owner === "none") all.push(sql`c.owner_id is null`);
    else if (input.owner)
      all.push(
        isUuid(input.owner) ? sql`c.owner_id = ${input.owner}::uuid` : sql`p.email = ${input.owner.toLowerCase()}`,
      );
    if (input.q) {
      const like = `%${input.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
      all.push(sql`(c.name ilike ${like} or c.problem ilike ${like} or c.ref ilike ${like})`);
    }
    if (input.after) all.push(sql`c.ref > ${input.after}`);
    const { rows } = await read.execute<UseCaseRow>(sql`select ${columns} from ${from}
      where ${all.length > 0 ? sql.join(all, sql` and `) : sql`true`} order by c.ref limit ${input.limit + 1}`);
    const page = rows.slice(0, input.limit);
    return { useCases: page, next: rows.length > input.limit ? (page.at(-1)?.ref ?? null) : null };
  },
});

/** A model that serves a use case; `main`: it is the model's main one. */
export type ServingModel = {
  id: string;
  name: string;
  stage: Stage;
  tier: number | null;
  legalClass: LegalClass | null;
  owner: string | null;
  main: boolean;
};

/** One use case with the models that serve it, as far as the reader may see them; `hidden` counts the others. */
export const useCaseGet = query({
  name: "use_case.read",
  title: "Read a use case",
  http: { method: "GET", path: "/use-cases/{useCase}" },
  input: z.strictObject({ useCase: useCaseKey }),
  run: async (read, input, actor) => {
    const found = await findUseCaseFor(read, input.useCase, actor);
    const [{ rows }, { rows: models }] = await Promise.all([
      read.execute<UseCaseRow>(sql`select ${columns} from ${from} where c.id = ${found.id}`),
      read.execute<ServingModel>(sql`
        select m.id, m.name, m.stage, m.tier, m.legal_class as "legalClass", p.name as owner, (m.use_case_id = c.id) as main
        from use_case c cross join lateral ${serving} m left join person p on p.id = m.owner_id
        where c.id = ${found.id} and ${seenModels(actor)} order by m.name limit 200`),
    ]);
    const [row] = rows;
    if (!row) throw new Error(`use case ${found.id} has no business unit`);
    return {
      ...row,
      createdAt: found.createdAt,
      updatedAt: found.updatedAt,
      serving: models,
      hidden: Math.max(0, row.models - models.length),
    };
  },
});
