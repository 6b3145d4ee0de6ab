import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Outcome } from "./review";

/** A decided review that resembles the case at hand, with what was asked of it then. */
export type Precedent = {
  ref: string;
  title: string;
  model: string;
  outcome: Outcome;
  decidedAt: string;
  why: string[];
  conditions: string[];
};

/**
 * The five decided reviews most like a model: the same kind counts most, then the same pattern, unit and tier; of equals the
 * newest. Automatic decisions are left out, since nobody thought about them.
 */
export async function precedents(
  read: Reader,
  model: { id: string; kind: string | null; unitId: string | null },
  except: string | null = null,
): Promise<Precedent[]> {
  const { rows } = await read.execute<{
    ref: string;
    title: string;
    model: string;
    outcome: Outcome;
    decided_at: Date | string;
    same_kind: boolean;
    same_pattern: boolean;
    same_unit: boolean;
    same_model: boolean;
    conditions: string[] | null;
  }>(sql`
    with alike as (select distinct a.model_id from pattern_adoption a join pattern_adoption h on h.pattern_id = a.pattern_id
      where h.model_id = ${model.id}::uuid and h.ended_at is null and a.ended_at is null)
    select r.ref, r.title, m.name as model, d.outcome, d.decided_at,
      coalesce(m.kind = ${model.kind}, false) as same_kind,
      m.id in (select model_id from alike) as same_pattern,
      coalesce(m.business_unit_id = ${model.unitId}::uuid, false) as same_unit,
      m.id = ${model.id}::uuid as same_model,
      (select array_agg(c.text order by c.ref) from condition c where c.decision_id = d.id) as conditions
    from review r
    join model m on m.id = r.model_id
    join review_decision d on d.review_id = r.id and d.round = r.round
    where r.status in ('approved', 'approved_with_conditions', 'rejected') and r.lane <> 'self_service'
      and (${except}::uuid is null or r.id <> ${except}::uuid)
      and (m.kind = ${model.kind} or m.business_unit_id = ${model.unitId}::uuid or m.id = ${model.id}::uuid
        or m.id in (select model_id from alike))
    order by (m.id = ${model.id}::uuid)::int * 2
      + coalesce(m.kind = ${model.kind}, false)::int * 4
      + (m.id in (select model_id from alike))::int * 3
      + coalesce(m.business_unit_id = ${model.unitId}::uuid, false)::int * 2 desc, d.decided_at desc
    limit 5`);
  return rows.map((row) => ({
    ref: row.ref,
    title: row.title,
    model: row.model,
    outcome: row.outcome,
    decidedAt: new Date(row.decided_at).toISOString(),
    why: [
      ...(row.same_model ? ["same model"] : []),
      ...(row.same_kind ? ["same kind of model"] : []),
      ...(row.same_pattern ? ["same reference architecture"] : []),
      ...(row.same_unit ? ["same business unit"] : []),
    ],
    conditions: row.conditions ?? [],
  }));
}
