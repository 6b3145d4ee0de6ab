import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";

/** The units that a unit lies in, itself among them, as SQL text over an expression of its id. */
const unitsOver = (unit: string): string => `(with recursive up (id, parent_id) as (
  select id, parent_id from business_unit where id = ${unit} union all select b.id, b.parent_id from business_unit b join up on b.id = up.parent_id)
  select id from up)`;

/**
 * Freezes that hold at an instant or begin within 14 days of it, with a release's exemption, as SQL text: the gate's prepared statement
 * and the replay of past answers ask the same. The arguments are SQL expressions, never text from outside.
 */
export const freezesAt = (of: { environment: string; unit: string; release: string; at: string }): string => `
  select jsonb_agg(to_jsonb(z) order by z.starts_at) from (
    select f.ref, f.starts_at, f.ends_at, f.time_zone, f.reason, u.name as unit, e.reason as exempt_reason, p.name as exempt_by
    from release_freeze f left join business_unit u on u.id = f.business_unit_id
      left join release_freeze_exemption e on e.freeze_id = f.id and e.release_id = ${of.release} and e.given_at <= ${of.at}
      left join person p on p.id = e.given_by
    where f.environment = ${of.environment} and f.declared_at <= ${of.at} and (f.lifted_at is null or f.lifted_at > ${of.at})
      and f.ends_at > ${of.at} and f.starts_at <= ${of.at} + interval '14 days'
      and (f.business_unit_id is null or f.business_unit_id in ${unitsOver(of.unit)})
  ) z`;

/** Whether a freeze of a unit (null: of all) holds for models of another. */
export async function covers(read: Reader, freezeUnit: string | null, unit: string | null): Promise<boolean> {
  if (freezeUnit === null) return true;
  const { rows } = await read.execute<{ covered: boolean }>(
    sql`select ${freezeUnit}::uuid in ${sql.raw(unitsOver("x.unit"))} as covered from (select ${unit}::uuid as unit) x`,
  );
  return rows[0]?.covered ?? false;
}
