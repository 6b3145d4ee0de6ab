import { and, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { facts } from "@/db/schema/facts";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { recordFacts } from "@/lib/facts/record";
import { assess } from "@/lib/readiness/assess";
import { airflowMissing, startAirflow } from "@/lib/testing/airflow";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { sceneModelRow } from "@/lib/testing/source-scene";
import { createConnection } from "./create";
import { syncRegistry } from "./sync";
import { testConnection } from "./test";

const missing = airflowMissing();
const model = "card-fraud";
const dag = (id: string, schedule: string, tags: readonly string[], body: string) => ({
  id,
  python: `from datetime import datetime
from airflow.sdk import dag, task

@dag(dag_id="${id}", schedule="${schedule}", start_date=datetime(2026, 1, 1), catchup=False, tags=${JSON.stringify(tags)})
def define():
    @task
    def only():
        ${body}
    only()

define()
`,
});

let t: Awaited<ReturnType<typeof testDatabase>>;
let airflow: Awaited<ReturnType<typeof startAirflow>>;
let admin: Ctx;

beforeAll(async () => {
  if (missing) return;
  t = await testDatabase();
  const org = await testOrg(t.db);
  org.now.at = new Date();
  admin = await org.person("Ada Admin", "admin");
  airflow = await startAirflow([
    dag("fraud_training", "0 3 * * 1-5", [`countersign-model:${model}`], "raise ValueError('no data')"),
    dag("fraud_data", "@daily", [`countersign-model:${model}`, "countersign-role:quality"], "return 1"),
  ]);
}, 240_000);
afterAll(async () => {
  await airflow?.stop();
  await t?.drop();
});

test.skipIf(missing)("a real Airflow tells a viewer how DAGs went, and that decides a readiness item", async () => {
  const now = new Date();
  const id = await sceneModelRow(t.db, model, now);
  const blocking = { subjectKind: "model" as const, subjectId: id, key: "data.gates_blocking", value: true };
  const by = { effectiveAt: now, collectedAt: now, source: { kind: "push" as const, id: "ci", name: "CI" } };
  await t.db.transaction((tx) => recordFacts(tx, [{ ...blocking, ...by }], now));
  const state = async () => (await assess(t.db, id, null, now)).items.find((i) => i.id === "dat-1")?.state;
  expect(await state()).toBe("unknown");

  const connection = await createConnection(admin, {
    name: "Airflow",
    system: "airflow",
    baseUrl: airflow.url,
    auth: "password",
    username: airflow.username,
    secret: airflow.password,
    import: true,
  });
  expect(await testConnection(admin, { id: connection.id, secret: "wrong" })).toMatchObject({
    ok: false,
    summary: expect.stringContaining("does not accept the credentials"),
  });
  expect(await testConnection(admin, { id: connection.id })).toMatchObject({
    ok: true,
    summary: "Airflow with 2 DAGs, of which 2 name a model.",
  });
  const sync = () =>
    syncRegistry(
      { db: t.db, actor: systemActor, now: () => now, requestId: newId() },
      { connectionId: connection.id, trigger: "manual" },
    );
  await sync();
  const told = await t.db
    .select()
    .from(facts)
    .where(and(eq(facts.sourceId, connection.id), isNull(facts.supersededAt)));
  expect(Object.fromEntries(told.map((f) => [f.key, f.value]))).toEqual({
    "pipeline.last_run_succeeded": false,
    "pipeline.success_share": 0,
    "pipeline.cadence_hours": 72,
    "pipeline.definition_loads": true,
    "data.gates_last_run_at": expect.any(String),
  });
  expect(await state()).toBe("pass");
  expect(await sync()).toMatchObject({ changed: 0 });
});
