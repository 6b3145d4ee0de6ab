import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { command, type Done, type Job, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import { modelSubject } from "@/lib/readiness/subject";
import { applyTier } from "./effective";
import { methodInForce } from "./method";
import { AskRescore, mayAskRescore } from "./override-rules";

/** What of a model its tier depends on and a registry or an edit may change; kept with the answers (column `context`). */
export const contextOf = sql`jsonb_build_object(
  'kind', m.kind, 'method', nullif(m.method, ''), 'serving', m.serving_type, 'useCase', m.use_case_id,
  'dataClass', (select f.value from fact f where f.subject_id = m.id and f.key = 'data.class' and f.superseded_at is null order by f.recorded_at desc limit 1),
  'supplier', (select f.value from fact f where f.subject_id = m.id and f.key = 'model.supplier' and f.superseded_at is null order by f.recorded_at desc limit 1))`;

/** A part of the context that differs and was known then: what was not known then is no change. */
const differs = (key: string, trigger: string): SQL =>
  sql`case when r.context ? ${key} and r.context -> ${key} <> 'null'::jsonb and r.context -> ${key} is distinct from x.context -> ${key} then ${trigger} end`;

type Due = { id: string; name: string; why: string[] };

/** Models whose tier no longer rests on what they are, or on answers of this year; each with every reason. */
async function due(tx: Tx, now: Date): Promise<Due[]> {
  const { valid_months: months } = (await methodInForce(tx)).scoring;
  const { rows } = await tx.execute<Due>(sql`
    select m.id, m.name, w.why from model m join risk_assessment r on r.id = m.risk_assessment_id,
      lateral (select ${contextOf} as context) x,
      lateral (select array_remove(array[
        ${differs("useCase", "purpose")}, ${differs("dataClass", "data class")}, ${differs("serving", "autonomy")},
        case when r.context -> 'kind' <> 'null'::jsonb and r.context -> 'kind' is distinct from x.context -> 'kind'
          or r.context -> 'method' <> 'null'::jsonb and r.context -> 'method' is distinct from x.context -> 'method' then 'model family' end,
        ${differs("supplier", "supplier")},
        case when exists (select 1 from incident i where i.model_id = m.id and i.severity = 1 and i.started_at > r.answers_at) then 'incident' end,
        case when r.answers_at + make_interval(months => case r.tier when 4 then ${months["4"]}::int when 3 then ${months["3"]}::int when 2 then ${months["2"]}::int else ${months["1"]}::int end)
          <= ${now.toISOString()}::timestamptz then 'age' end
      ], null) as why) w
    where m.stage <> 'retired' and m.joined_to_id is null and cardinality(w.why) > 0 and not (m.rescore_why @> w.why)
    order by m.name limit 5000`);
  return rows;
}

/** Marks models as to be scored again, and asks their owners through the queue. */
export async function markDue(tx: Tx, rows: readonly Due[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`
    update model m set rescore_since = coalesce(m.rescore_since, ${now.toISOString()}::timestamptz),
      rescore_why = (select array_agg(distinct w order by w) from unnest(m.rescore_why || x.why) w)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, why text[]) where m.id = x.id`);
}

type Swept = { toRescore: number; expired: string[] };

/**
 * Ends overrides whose day has come, and marks tiers that something has overtaken. An override that ran out is said in so many words
 * and is in the owner's queue, because the model is then under a stricter tier than yesterday.
 */
export const sweepRisk = command({
  name: "risk.swept",
  title: "Notice tiers that have to be scored again",
  http: null,
  input: z.strictObject({}),
  load: async () => null,
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { now }): Promise<Done<Swept> | Unchanged<Swept>> => {
    const { rows: expired } = await tx.execute<{ id: string; name: string; from_tier: number; to_tier: number }>(sql`
      update tier_override o set ended_at = ${now.toISOString()}::timestamptz, ended_why = 'expired' from model m
      where m.id = o.model_id and o.ended_at is null and o.expires_at <= ${now.toISOString()}::timestamptz
      returning m.id, m.name, o.from_tier, o.to_tier`);
    for (const { id } of expired) await applyTier(tx, id, now);
    const rows = await due(tx, now);
    await markDue(tx, rows, now);
    await markDue(
      tx,
      expired.map(({ id, name }) => ({ id, name, why: ["override expired"] })),
      now,
    );
    const result = { toRescore: rows.length, expired: expired.map((e) => e.name) };
    const [first] = rows;
    if (!first && expired.length === 0) return { unchanged: result };
    const ids = [...new Set([...rows, ...expired].map((r) => r.id))];
    const said = [
      expired.length > 0
        ? `the override of ${expired.length === 1 ? `${expired[0]?.name} expired: tier ${expired[0]?.from_tier} again` : `${expired.length} models expired`}`
        : "",
      first ? `${rows.length === 1 ? `${first.name} has` : `${rows.length} models have`} to be scored again` : "",
    ].filter(Boolean);
    return {
      result,
      entry: {
        subject: {
          kind: "risk",
          id: newId(),
          ref: ids.length === 1 ? (first?.name ?? expired[0]?.name ?? "") : `${ids.length} models`,
        },
        modelId: ids.length === 1 ? ids[0] : null,
        concerns: ids,
        summary: `noticed that ${said.join("; ")}`,
        body: { toRescore: rows.map(({ name, why }) => ({ name, why })), expired },
      },
    };
  },
});

/** Somebody says that something changed which no system of ours can see: population, autonomy, the law. */
export const askRescore = command({
  name: "risk.rescore.asked",
  title: "Ask for a new score",
  http: { method: "POST", path: "/models/{name}/risk/rescore" },
  input: AskRescore,
  load: (tx, input, actor) => modelSubject(tx, input.name, actor),
  may: mayAskRescore,
  run: async (tx, { input, subject: model, now }) => {
    await markDue(tx, [{ id: model.id, name: model.name, why: [input.trigger] }], now);
    return {
      result: { model: model.name, trigger: input.trigger },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `asked for a new risk score of ${model.name}: ${input.trigger} changed`,
        body: { trigger: input.trigger, note: input.note },
      },
    };
  },
});

/** The job that looks again soon; at most one waits. */
export const riskSweepJob: Job = { name: "risk.sweep", payload: {}, uniqueKey: "risk.sweep" };
