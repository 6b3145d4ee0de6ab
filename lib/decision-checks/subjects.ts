import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { isUuid } from "@/lib/core/ids";
import type { SubjectAnswer } from "./assumption";

/**
 * Keeps each model's answer, writing only what changed: `since` stands while its outcome and cause stand. Answers the ids of the
 * models that newly fail.
 */
export async function keepSubjects(
  tx: Tx,
  checkId: string,
  subjects: readonly SubjectAnswer[],
  now: Date,
): Promise<string[]> {
  const rows = subjects.map((s) => ({
    model_id: s.modelId,
    outcome: s.outcome,
    cause: s.cause,
    why: s.why.slice(0, 2000),
    // What the portal knows of itself has no recorded fact.
    fact_ids: s.factIds.filter(isUuid),
  }));
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    as x(model_id uuid, outcome text, cause text, why text, fact_ids uuid[])`;
  await tx.execute(sql`
    delete from adr_check_subject s where s.check_id = ${checkId}
      and not exists (select 1 from ${given} where x.model_id = s.model_id)`);
  const { rows: fresh } = await tx.execute<{ model_id: string; outcome: string }>(sql`
    insert into adr_check_subject as s (check_id, model_id, outcome, cause, why, fact_ids, since)
    select ${checkId}::uuid, x.model_id, x.outcome, x.cause, x.why, x.fact_ids, ${now.toISOString()}::timestamptz from ${given}
    on conflict (check_id, model_id) do update set outcome = excluded.outcome, cause = excluded.cause, why = excluded.why,
      fact_ids = excluded.fact_ids,
      since = case when s.outcome = excluded.outcome and s.cause is not distinct from excluded.cause then s.since else excluded.since end
    where (s.outcome, s.cause, s.why, s.fact_ids) is distinct from (excluded.outcome, excluded.cause, excluded.why, excluded.fact_ids)
    returning s.model_id, s.outcome`);
  return fresh.filter((row) => row.outcome === "fail").map((row) => row.model_id);
}
