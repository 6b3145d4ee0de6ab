import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { facts } from "@/db/schema/facts";
import { models, syncRuns } from "@/db/schema/models";
import { quarantinedRecords } from "@/db/schema/registries";
import type { SourceSystem } from "@/lib/connectors/systems";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { recordFacts } from "@/lib/facts/record";
import { assess } from "@/lib/readiness/assess";
import { subjectList } from "@/lib/sources/queries";
import { testDatabase } from "@/lib/testing/database";
import { startFakePrometheus } from "@/lib/testing/fakes/prometheus";
import type { Fake } from "@/lib/testing/fakes/server";
import { testOrg } from "@/lib/testing/org";
import { airflowScene } from "@/lib/testing/scenes/airflow";
import { databricksScene } from "@/lib/testing/scenes/databricks";
import { evidentlyScene } from "@/lib/testing/scenes/evidently";
import { feastScene } from "@/lib/testing/scenes/feast";
import { githubScene } from "@/lib/testing/scenes/github";
import { pagerDutyScene } from "@/lib/testing/scenes/pagerduty";
import { prometheusScene } from "@/lib/testing/scenes/prometheus";
import { monitorScene } from "@/lib/testing/scenes/sagemaker-monitor";
import { serviceNowSourceScene } from "@/lib/testing/scenes/servicenow";
import { type SourceScene, sceneModel, sceneModelRow, sceneNow } from "@/lib/testing/source-scene";
import { createConnection } from "./create";
import { syncRegistry } from "./sync";
import { testConnection } from "./test";

const day = 86_400_000;
const clock = { at: sceneNow };
const model = sceneModel;

const sources: Readonly<Record<SourceSystem, SourceScene>> = {
  airflow: airflowScene,
  databricks: databricksScene,
  feast: feastScene,
  prometheus: prometheusScene,
  pagerduty: pagerDutyScene,
  github: githubScene,
  evidently: evidentlyScene,
  sagemaker_monitor: monitorScene,
  servicenow: serviceNowSourceScene,
};

describe.each(Object.keys(sources) as SourceSystem[])("%s", (system) => {
  const source = sources[system];
  const limits = { timeoutMs: 1_000, tries: 8, pauseMs: 1, budgetMs: 20_000 };
  let t: Awaited<ReturnType<typeof testDatabase>>;
  let admin: Ctx;
  let modelId = "";
  let made = 0;
  const open: Fake[] = [];

  beforeAll(async () => {
    t = await testDatabase();
    const org = await testOrg(t.db);
    org.now.at = clock.at;
    admin = await org.person("Ada Admin", "admin");
    modelId = newId();
    await t.db.insert(models).values({
      id: modelId,
      name: model,
      platform: "mlflow",
      stage: "review",
      createdAt: clock.at,
      updatedAt: clock.at,
    });
  });
  afterEach(async () => {
    for (const fake of open.splice(0)) await fake.close();
  });
  afterAll(async () => {
    await t?.drop();
  });

  const connect = async (start = source.start) => {
    const fake = await start();
    open.push(fake);
    const { id } = await createConnection(admin, {
      name: `${system} ${++made}`,
      system,
      baseUrl: fake.url,
      auth: source.auth,
      ...(source.username ? { username: source.username } : {}),
      secret: source.secret,
      settings: { ...source.settings },
      import: true,
    });
    return { id, fake };
  };
  const sync = (connectionId: string, options: { pageSize?: number } = {}) =>
    syncRegistry(
      { db: t.db, actor: systemActor, now: () => clock.at, requestId: newId() },
      { connectionId, trigger: "manual" },
      { limits, ...options },
    );
  const told = async (connectionId: string) =>
    Object.fromEntries(
      (
        await t.db
          .select()
          .from(facts)
          .where(and(eq(facts.subjectId, modelId), eq(facts.sourceId, connectionId), isNull(facts.supersededAt)))
          .orderBy(asc(facts.key))
      ).map((f) => [f.key, f.value]),
    );
  const lastRun = async (connectionId: string) =>
    (await t.db.select().from(syncRuns).where(eq(syncRuns.connectionId, connectionId)))[0];

  test("tells its facts with their source; what names no model is counted, what makes no sense is kept apart", async () => {
    const { id } = await connect();
    await sync(id);
    expect(await told(id)).toMatchObject(source.told);
    expect(await lastRun(id)).toMatchObject({ state: "completed", unmatched: 1, skipped: 1 });
    const { subjects } = await subjectList(admin, { id, matched: "no" });
    expect(subjects.map((s) => s.subject)).toEqual([source.unmatched]);
    const bad = await t.db.select().from(quarantinedRecords).where(eq(quarantinedRecords.connectionId, id));
    expect(bad).toMatchObject([{ stream: "facts" }]);
    const [fact] = await t.db.select().from(facts).where(eq(facts.sourceId, id)).limit(1);
    expect(fact).toMatchObject({
      sourceKind: "connection",
      sourceName: `${system} ${made}`,
      detail: expect.any(String),
    });
    expect(await sync(id)).toMatchObject({ changed: 0 });
  });

  test("one record a page, records twice and out of order, and every fault at once: the end is that of a clean run", async () => {
    const calm = await connect();
    await sync(calm.id);
    const { id, fake } = await connect();
    Object.assign(fake, { pageSize: 1, shuffled: true, skewMs: 600_000 });
    fake.faults.push("429 seconds", "429 date", "500", "truncated", "slow");
    await sync(id, { pageSize: 1 });
    expect(await told(id)).toEqual(await told(calm.id));
  });

  const { hostile } = source;
  if (hostile)
    test("values from the future and garbled records are kept apart, an expired token is renewed, and the rest is told", async () => {
      const { id, fake } = await connect(hostile.start);
      fake.emptyPages = true;
      if (!hostile.fixed) fake.faults.push("expired");
      await sync(id);
      const known = await told(id);
      expect(known).toMatchObject(hostile.told);
      for (const key of [hostile.future, ...(hostile.untold ?? [])]) expect(known).not.toHaveProperty([key]);
      const bad = await t.db.select().from(quarantinedRecords).where(eq(quarantinedRecords.connectionId, id));
      const early = bad.filter((b) => b.reason.includes("lies in the future"));
      expect(early.map((b) => b.externalKey)).toContainEqual(expect.stringContaining(hostile.future));
      expect(await lastRun(id)).toMatchObject({ state: "completed", skipped: bad.length });
      // One subject or list holds a record of no sense in each scene.
      expect(bad.length - early.length).toBe(hostile.skipped + 1);
      expect(await sync(id)).toMatchObject({ changed: 0 });
    });

  test("a failure keeps what was told before, and the next sync goes on", async () => {
    const { id, fake } = await connect();
    await sync(id);
    const before = await told(id);
    fake.denied = source.denied;
    await expect(sync(id)).rejects.toMatchObject({ kind: "forbidden", permission: source.missing });
    expect(await told(id)).toEqual(before);
    fake.denied = null;
    await sync(id);
    expect(await told(id)).toEqual(before);
  });

  test("the connection's test names the permission that is missing, and credentials that are not accepted", async () => {
    const { id, fake } = await connect();
    expect(await testConnection(admin, { id })).toMatchObject({ ok: true, missing: [] });
    fake.denied = source.denied;
    expect(await testConnection(admin, { id })).toMatchObject({ ok: false, missing: [source.missing] });
    fake.denied = null;
    expect(await testConnection(admin, { id, secret: "wrong" })).toMatchObject({
      ok: false,
      summary: expect.stringContaining("does not accept the credentials"),
    });
  });
});

const deciding = Object.entries(sources).flatMap(([system, scene]) =>
  scene.decides ? [{ system: system as SourceSystem, scene, ...scene.decides }] : [],
);
test.each(deciding)(
  "$system decides readiness item $item; unread it is unknown, and read again it fails",
  async (d) => {
    const t = await testDatabase();
    const fake = await d.scene.start();
    try {
      const org = await testOrg(t.db);
      org.now.at = clock.at;
      const admin = await org.person("Ada Admin", "admin");
      const id = await sceneModelRow(t.db, model, clock.at);
      const { auth, username, secret } = d.scene;
      const connection = await createConnection(admin, {
        name: "Source",
        system: d.system,
        baseUrl: fake.url,
        auth,
        ...(username ? { username } : {}),
        secret,
        settings: { ...d.scene.settings },
        import: true,
      });
      const read = async (now: Date) => {
        const also = Object.entries(d.also ?? {}).map(([key, value]) => ({
          subjectKind: "model" as const,
          subjectId: id,
          key,
          value,
          effectiveAt: now,
          collectedAt: now,
          source: { kind: "push" as const, id: "ci", name: "CI" },
        }));
        await t.db.transaction((tx) => recordFacts(tx, also, now));
        const ctx = { db: t.db, actor: systemActor, now: () => now, requestId: newId() };
        await syncRegistry(ctx, { connectionId: connection.id, trigger: "manual" });
      };
      const state = async (now: Date) => (await assess(t.db, id, null, now)).items.find((i) => i.id === d.item)?.state;
      const later = new Date(clock.at.getTime() + 3 * day);
      expect(await state(clock.at)).toBe("unknown");
      await read(clock.at);
      expect(await state(clock.at)).toBe("pass");
      expect(await state(later)).toBe("unknown");
      await read(later);
      expect(await state(later)).toBe("fail");
    } finally {
      await fake.close();
      await t.drop();
    }
  },
);

test("GitHub: what may not be read is unknown, and neither none nor the end of the sync", async () => {
  const t = await testDatabase();
  const fake = await githubScene.start();
  try {
    const org = await testOrg(t.db);
    org.now.at = clock.at;
    const admin = await org.person("Ada Admin", "admin");
    const modelId = newId();
    const at = clock.at;
    await t.db
      .insert(models)
      .values({ id: modelId, name: model, platform: "mlflow", stage: "review", createdAt: at, updatedAt: at });
    const { id } = await createConnection(admin, {
      name: "GitHub",
      system: "github",
      baseUrl: fake.url,
      secret: githubScene.secret,
      settings: { organization: "acme" },
      import: true,
    });
    fake.denied = /dependabot/;
    const system = { db: t.db, actor: systemActor, now: () => clock.at, requestId: newId() };
    await syncRegistry(system, { connectionId: id, trigger: "manual" });
    const { rows } = await t.db.execute<{ key: string }>(
      sql`select key from fact where subject_id = ${modelId} order by key`,
    );
    expect(rows.map((r) => r.key)).toEqual(["delivery.deployed_at", "delivery.deployments"]);
    const [run] = await t.db.select().from(syncRuns).where(eq(syncRuns.connectionId, id));
    expect(run).toMatchObject({
      state: "completed",
      cursor: { unread: [{ why: expect.stringContaining("Dependabot alerts: read") }] },
    });
  } finally {
    await fake.close();
    await t.drop();
  }
});

test("a service that is renamed is the same model once its former name is gone; a second one that tells the same never is", async () => {
  const t = await testDatabase();
  const slo = (service: string) => {
    const labels = { sloth_id: service, sloth_service: service, sloth_slo: "requests", countersign_model: model };
    return [
      { metric: "slo:objective:ratio", labels, value: "0.99" },
      { metric: "slo:sli_error:ratio_rate", labels: { ...labels, sloth_window: "30d" }, value: "0.001" },
    ];
  };
  const series = slo("fraud");
  const fake = await startFakePrometheus(series);
  try {
    const org = await testOrg(t.db);
    org.now.at = clock.at;
    const admin = await org.person("Ada Admin", "admin");
    await t.db.insert(models).values({
      id: newId(),
      name: model,
      platform: "mlflow",
      stage: "review",
      createdAt: clock.at,
      updatedAt: clock.at,
    });
    const { id } = await createConnection(admin, {
      name: "Prometheus",
      system: "prometheus",
      baseUrl: fake.url,
      auth: "bearer",
      secret: "let-me-in",
      import: true,
    });
    let minutes = 0;
    const matched = async () => {
      const now = new Date(clock.at.getTime() + ++minutes * 60_000);
      const ctx = { db: t.db, actor: systemActor, now: () => now, requestId: newId() };
      await syncRegistry(ctx, { connectionId: id, trigger: "manual" });
      return (await subjectList(admin, { id, matched: "yes" })).subjects.map((s) => s.subject);
    };
    expect(await matched()).toEqual(["fraud"]);
    series.push(...slo("fraud-v2"));
    expect(await matched()).toEqual(["fraud"]);
    series.splice(0, 2);
    await matched();
    expect(await matched()).toEqual(["fraud-v2"]);
  } finally {
    await fake.close();
    await t.drop();
  }
});
