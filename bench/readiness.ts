import { performance } from "node:perf_hooks";
import { sql } from "drizzle-orm";
import { type Actor, systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { pushFacts } from "@/lib/facts/push";
import { readinessJobs } from "@/lib/readiness/jobs";
import { itemModels, readinessMap } from "@/lib/readiness/organisation";
import { checkReadiness } from "@/lib/readiness/take";
import { seedModels } from "./seed/models";
import { round } from "./support/load";
import { report } from "./support/result";
import { withServer } from "./support/serve";

/**
 * Readiness of 10,000 models by the 46 items of the checklist, over 18 facts each: all assessed for the first time; a push of facts about
 * some of them, after which only those are evaluated; all looked at again with nothing changed; and the map over all of them.
 */
const models = Number(process.env.BENCH_MODELS ?? 10_000);
const pushed = Math.min(500, models);
const width = 8;

const facts: Readonly<Record<string, string>> = {
  "slo.count": "3",
  "slo.reporting": "true",
  "slo.error_budget_policy": "true",
  "monitoring.rate": "true",
  "monitoring.errors": "true",
  "monitoring.duration": "true",
  "monitoring.dashboard": '"https://grafana.example/d/1"',
  "alerts.routed": "true",
  "release.rollout_steps": "4",
  "release.abort_rule": "true",
  "oncall.covered_days": "40",
  "oncall.escalation": "true",
  "security.open_critical_overdue": "0",
  "security.secrets_found": "0",
  "data.gates_blocking": "true",
  "cost.budget_monthly": "1200",
  "cost.alert": "true",
  "data.retention_days": "365",
};

await withServer(async (server) => {
  const { db } = await server.make("readiness");
  await seedModels(db, models, 1);
  for (const [key, value] of Object.entries(facts))
    await db.execute(sql`
      insert into fact (id, subject_kind, subject_id, key, value, effective_at, collected_at, recorded_at, source_kind, source_id, source_name)
      select gen_random_uuid(), 'model', id, ${key}, ${value}::jsonb, now(), now(), now(), 'connection', 'prom', 'Prometheus' from model`);
  await db.execute(sql`vacuum analyze`);
  const as = (actor: Actor) => ({ db, actor, now: () => new Date(), requestId: newId() });
  const { rows: all } = await db.execute<{ id: string; name: string }>(sql`select id, name from model order by name`);

  const each = async (ids: readonly string[], run: (id: string) => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    const left = [...ids];
    await Promise.all(
      Array.from({ length: width }, async () => {
        for (let id = left.pop(); id !== undefined; id = left.pop()) await run(id);
      }),
    );
    return (performance.now() - began) / 1000;
  };
  const counted = async () => {
    const { rows } = await db.execute<{ entries: number; items: number; steps: number; assessed: number }>(sql`
      select (select count(*)::int from log_entry where name = 'readiness.assessed') as entries, (select count(*)::int from readiness_item) as items,
        (select count(*)::int from readiness_step) as steps, (select count(*)::int from assessment) as assessed`);
    return rows[0] ?? { entries: 0, items: 0, steps: 0, assessed: 0 };
  };

  const first = await each(
    all.map((m) => m.id),
    (id) => checkReadiness(as(systemActor), { name: id }),
  );
  const afterFirst = await counted();

  const ci: Actor = {
    kind: "service",
    id: newId(),
    name: "CI",
    grants: [{ role: "service", units: null }],
    scopes: null,
  };
  const began = new Date();
  await pushFacts(as(ci), {
    facts: all.slice(0, pushed).map((m) => ({ model: m.name, key: "slo.reporting", value: false })),
  });
  const { rows: due } = await db.execute<{ modelId: string }>(
    sql`select payload::jsonb ->> 'modelId' as "modelId" from job where name = 'readiness.refresh' and finished_at is null`,
  );
  const refresh = readinessJobs["readiness.refresh"];
  if (!refresh) throw new Error("There is no job readiness.refresh.");
  const touched = await each(
    due.map((d) => d.modelId),
    (modelId) => refresh(as(systemActor), { modelId }),
  );
  const { rows: evaluated } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from model where readiness_at >= ${began.toISOString()}::timestamptz`,
  );
  if (due.length !== pushed) throw new Error(`${due.length} models are to be evaluated after facts about ${pushed}.`);
  const afterPush = await counted();

  const again = await each(
    all.map((m) => m.id),
    (id) => checkReadiness(as(systemActor), { name: id }),
  );
  const afterAgain = await counted();

  const reader: Actor = {
    kind: "person",
    id: newId(),
    name: "Bench",
    grants: [{ role: "auditor", units: null }],
    scopes: null,
  };
  const timed = async (run: () => Promise<unknown>): Promise<number> => {
    const runs: number[] = [];
    for (let i = 0; i < 5; i++) {
      const from = performance.now();
      await run();
      runs.push(performance.now() - from);
    }
    return round(runs.sort((a, b) => a - b)[2] ?? 0);
  };
  const map = await timed(() => readinessMap(as(reader), {}));
  const rowsOfCell = await timed(() => itemModels(as(reader), { item: "slo-1", state: "fail" }));

  const line = (what: string, ours: string, reference: string, figure: number, target: { atMost: number }) => ({
    id: "D",
    what,
    ours,
    reference,
    figure,
    target,
  });
  await report("readiness", {
    sizes: { models, items: 46, facts: models * Object.keys(facts).length, pushed },
    headlines: [
      line(
        `${models.toLocaleString("en")} models by 46 items assessed and recorded, in seconds`,
        `${round(first)} s`,
        `${round(models / first)} models/s`,
        round(first),
        { atMost: 300 },
      ),
      line(
        `Evaluated after facts about ${pushed} of them were pushed, in seconds`,
        `${round(touched)} s`,
        `${evaluated[0]?.n} evaluated`,
        round(touched),
        { atMost: 20 },
      ),
      line(
        "Models evaluated that no fact was about",
        `${(evaluated[0]?.n ?? 0) - pushed}`,
        "0",
        (evaluated[0]?.n ?? 0) - pushed,
        { atMost: 0 },
      ),
      line(
        "All looked at again with nothing changed: log entries",
        `${afterAgain.entries - afterPush.entries}`,
        `${round(again)} s`,
        afterAgain.entries - afterPush.entries,
        { atMost: 0 },
      ),
      line("Map of items by units, in ms", `${map} ms`, "-", map, { atMost: 2000 }),
      line("Rows behind a cell, in ms", `${rowsOfCell} ms`, "-", rowsOfCell, { atMost: 200 }),
    ],
    detail: { first, touched, again, map, rowsOfCell, afterFirst, afterPush, afterAgain, due: due.length },
  });
});
process.exit(0);
