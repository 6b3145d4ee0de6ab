import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader, Tx } from "@/db/client";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mayRead } from "./visible";

/** A model that may be the one somebody is about to enter. */
export type NearModel = {
  name: string;
  owner: string | null;
  unit: string | null;
  stage: string;
  why: "name" | "digest";
};

/**
 * Models that a new name, or a digest, may belong to: the same name but for case, punctuation, environment or catalogue, or the same
 * artefact. At most five. Names are shown across business units: whoever enters a model must learn that it exists.
 */
export async function nearTo(read: Reader, of: { name: string; digest?: string }): Promise<NearModel[]> {
  const { rows } = await read.execute<NearModel>(sql`
    select m.name, p.name as owner, u.name as unit, m.stage, x.why from (
      select id, 'name' as why from model where model_name_key(coalesce(external_name, name)) = model_name_key(${of.name})
      union
      select model_id, 'digest' from model_version where digest = ${of.digest ?? null}
    ) x join model m on m.id = x.id left join person p on p.id = m.owner_id left join business_unit u on u.id = m.business_unit_id
    where m.name <> ${of.name} and m.joined_to_id is null and m.stage <> 'retired' order by m.owner_id is null, m.name limit 5`);
  return rows;
}

/** Two models that somebody said are not one are not brought up again by the next comparison. */
export async function rememberApart(
  tx: Tx,
  id: string,
  name: string,
  reason: string,
  by: string,
  now: Date,
): Promise<void> {
  await tx.execute(sql`
    insert into reconciliation_item (id, kind, model_id, other_id, evidence, found_at, status, reason, settled_at, settled_by)
    select gen_random_uuid(), 'duplicate', m.id, ${id}, '{"by": "name"}'::jsonb, ${now.toISOString()}::timestamptz, 'apart', ${reason},
      ${now.toISOString()}::timestamptz, ${by}
    from model m where model_name_key(coalesce(m.external_name, m.name)) = model_name_key(${name}) and m.id <> ${id}
    on conflict do nothing`);
}

export const sayNear = (near: readonly NearModel[]): string =>
  near
    .map(
      (n) =>
        `${n.name} (${n.owner ?? "nobody owns it"}${n.unit ? `, ${n.unit}` : ""}${n.why === "digest" ? ", same artefact" : ""})`,
    )
    .join(", ");

export const nearModels = query({
  name: "models.near",
  title: "Find models that a new one may be",
  http: { method: "GET", path: "/models/near" },
  input: z.strictObject({
    name: z.string().trim().min(1, "Name the model.").max(400),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "A SHA-256 in lower-case hex, 64 digits.")
      .optional(),
  }),
  run: async (read, input, actor) => {
    insist(mayRead(actor));
    return { items: await nearTo(read, input) };
  },
});
