import { sql } from "drizzle-orm";
import type { Actor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { pushFacts } from "@/lib/facts/push";
import { seedModels } from "./seed/models";
import { median, round, rounds } from "./support/load";
import { report } from "./support/result";
import { withServer } from "./support/serve";

/**
 * 100,000 facts about 1,000 models, pushed in batches of 500 as a pipeline would, by 1 and by 4 senders: each batch is checked against
 * the catalogue, compared with what is in force, written and logged. Beside it plain inserts of the same rows in the same batches.
 * Then all of them again, which changes nothing, and the memory of the process.
 */
const total = 100_000;
const batch = 500;
const keys = [
  "slo.attainment",
  "slo.error_budget_remaining",
  "slo.objective",
  "serving.latency_ms",
  "serving.latency_p50_ms",
  "serving.latency_p95_ms",
  "serving.latency_p99_ms",
  "cost.spend_monthly",
  "oncall.covered_days",
  "incident.count",
];

await withServer(async (server) => {
  const pushed: Record<"one" | "four" | "again" | "plain", number>[] = [];
  let peak = 0;
  let wrong = 0;
  for (let i = 0; i < rounds; i++) {
    const { db, pool } = await server.make(`push${i}`);
    await seedModels(db, 1000, 1);
    const { rows: models } = await db.execute<{ id: string; name: string }>(
      sql`select id, name from model order by name`,
    );
    const actor: Actor = {
      kind: "service",
      id: newId(),
      name: "Pipeline",
      grants: [{ role: "service", units: null }],
      scopes: null,
    };
    const ctx = (): Ctx => ({ db, actor, now: () => new Date(), requestId: newId() });
    const batches = Array.from({ length: total / batch }, (_, b) =>
      Array.from({ length: batch }, (_, n) => {
        const at = b * batch + n;
        return { at, model: models[Math.floor(at / keys.length) % models.length], key: keys[at % keys.length] ?? "" };
      }),
    );
    // Each model gets ten values of each of ten keys, in the order of time.
    const began = Date.now() - total;
    const send = (part: (typeof batches)[number], shift: number) =>
      pushFacts(ctx(), {
        facts: part.map(({ at, model, key }) => ({
          model: model?.name,
          key,
          value: (at % 97) / 100 + shift,
          effectiveAt: new Date(began + at).toISOString(),
        })),
      });
    const all = async (senders: number, work: (part: (typeof batches)[number]) => Promise<unknown>) => {
      const from = performance.now();
      let next = 0;
      await Promise.all(
        Array.from({ length: senders }, async () => {
          for (let part = batches[next++]; part; part = batches[next++]) {
            await work(part);
            peak = Math.max(peak, process.memoryUsage.rss());
          }
        }),
      );
      return Math.round(total / ((performance.now() - from) / 1000));
    };
    await db.execute(sql`create table bench_fact (like fact including all)`);
    const plain = await all(1, (part) =>
      pool.query(
        `insert into bench_fact (id, subject_kind, subject_id, key, value, effective_at, collected_at, recorded_at, source_kind, source_id, source_name)
         select x.id, 'model', x.subject, x.key, x.value, now(), now(), now(), 'push', x.id::text, 'Pipeline'
         from jsonb_to_recordset($1::jsonb) as x(id uuid, subject uuid, key text, value jsonb)`,
        [JSON.stringify(part.map(({ at, model, key }) => ({ id: newId(), subject: model?.id, key, value: at % 97 })))],
      ),
    );
    const one = await all(1, (part) => send(part, 0));
    const again = await all(1, (part) => send(part, 0));
    const four = await all(4, (part) => send(part, 1));
    const { rows } = await db.execute<{ n: number }>(
      sql`select count(*)::int as n from (select 1 from fact where superseded_at is null group by subject_id, key, source_id having count(*) > 1) twice`,
    );
    wrong += rows[0]?.n ?? 0;
    pushed.push({ one, four, again, plain });
    console.log(`${i + 1}/${rounds}: ${one}/s by 1, ${four}/s by 4, ${again}/s again, plain ${plain}/s`);
  }
  const of = (which: keyof (typeof pushed)[number]) => median(pushed.map((p) => p[which]));
  await report("push-facts", {
    sizes: { facts: total, batch, models: 1000, rounds },
    headlines: [
      {
        id: "D",
        what: "Facts pushed a second by one sender, in batches of 500, against plain inserts of the same rows",
        ours: `${of("one")}/s`,
        reference: `${of("plain")}/s`,
        figure: round(of("one") / of("plain")),
        target: { atLeast: 0.1 },
      },
      {
        id: "D",
        what: "Memory of the process while 100,000 facts are pushed four times, in MB",
        ours: `${Math.round(peak / 2 ** 20)} MB`,
        reference: "none",
        figure: Math.round(peak / 2 ** 20),
        target: { atMost: 700 },
      },
      {
        id: "D",
        what: "Facts in force twice after pushes by four senders at once",
        ours: String(wrong),
        reference: "0",
        figure: wrong,
        target: { atMost: 0 },
      },
    ],
    detail: pushed,
  });
});
