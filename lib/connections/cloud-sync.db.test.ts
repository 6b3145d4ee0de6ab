import { and, asc, desc, eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { models, syncRuns } from "@/db/schema/models";
import { quarantinedRecords } from "@/db/schema/registries";
import { createConnection } from "@/lib/connections/create";
import type { System } from "@/lib/connectors/systems";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { clouds, largeScene, smallScene } from "@/lib/testing/fakes/clouds";
import type { Fake, Scene } from "@/lib/testing/fakes/server";
import { testOrg } from "@/lib/testing/org";
import { modelServed } from "./served";
import { syncRegistry } from "./sync";

/** What each cloud's fake can do that a proxy before it cannot (lib/testing/registry-contract.ts), and what becomes of it in the tables. */
describe.each(Object.keys(clouds) as (keyof typeof clouds & System)[])("%s", (system) => {
  const cloud = clouds[system];
  const limits = { timeoutMs: 1_000, tries: 8, pauseMs: 1, budgetMs: 20_000 };
  let t: Awaited<ReturnType<typeof testDatabase>>;
  let admin: Ctx;
  let clock = Date.parse("2026-11-20T09:00:00Z");
  let made = 0;
  const open: Fake[] = [];

  beforeAll(async () => {
    t = await testDatabase();
    const org = await testOrg(t.db);
    org.now.at = new Date(clock);
    admin = await org.person("Ada Admin", "admin");
  });
  afterEach(async () => {
    for (const fake of open.splice(0)) await fake.close();
  });
  afterAll(async () => {
    await t?.drop();
  });

  const connect = async (scene: Scene = smallScene(cloud.alias)) => {
    const fake = await cloud.start(scene);
    open.push(fake);
    const { baseUrl, auth, username, secret, settings } = cloud.target(fake.url);
    const { id } = await createConnection(admin, {
      name: `${system} ${++made}`,
      system,
      baseUrl,
      auth,
      ...(username === null ? {} : { username }),
      ...(secret === null ? {} : { secret }),
      settings: { ...settings },
      prodAlias: cloud.alias,
      import: true,
    });
    return { id, fake };
  };
  const ctxAt = (job: string): Ctx => ({ db: t.db, actor: systemActor, now: () => new Date(clock), requestId: job });
  let jobs = 0;
  const sync = (connectionId: string, options: { pageSize?: number } = {}) => {
    clock += 60_000;
    return syncRegistry(ctxAt(`job-${++jobs}`), { connectionId, trigger: "manual" }, { limits, ...options });
  };
  /** Everything a connection left behind, by the registry's own ids and without when it was read. */
  const state = async (connectionId: string) => {
    const rows = async (query: ReturnType<typeof sql>) => (await t.db.execute(query)).rows;
    return {
      models: await rows(sql`
        select external_id, external_name, platform, stage, encode(registry_sha256, 'hex') as sha, vanished_at is not null as gone
        from model where connection_id = ${connectionId} order by external_id`),
      versions: await rows(sql`
        select m.external_id, v.version, v.status, v.digest, v.digest_source, v.source_uri, v.aliases, encode(v.raw_sha256, 'hex') as sha,
          (select count(*)::int from fact f where f.subject_id = v.id and f.superseded_at is null) as facts
        from model_version v join model m on m.id = v.model_id where m.connection_id = ${connectionId} order by 1, 2`),
      served: await rows(sql`
        select external_id, endpoint, region, external_model, version, traffic, state, model_id is not null as known_model,
          version_id is not null as known_version from served_version where connection_id = ${connectionId} order by external_id`),
      deployments: await rows(sql`
        select m.external_id, d.environment, v.version from deployment d join model m on m.id = d.model_id
        join model_version v on v.id = d.version_id where m.connection_id = ${connectionId} and d.until is null order by 1, 2`),
    };
  };
  const model = async (connectionId: string, externalId: string) => {
    const [row] = await t.db
      .select({ name: models.name })
      .from(models)
      .where(and(eq(models.connectionId, connectionId), eq(models.externalId, externalId)));
    if (!row) throw new Error(`${externalId} was not imported.`);
    return row;
  };
  const lastRun = async (connectionId: string) =>
    (
      await t.db
        .select()
        .from(syncRuns)
        .where(eq(syncRuns.connectionId, connectionId))
        .orderBy(desc(syncRuns.startedAt), desc(syncRuns.id))
        .limit(1)
    )[0];
  test("imports models, versions, what stands in production and what serves; a second time changes nothing", async () => {
    const { id } = await connect();
    await sync(id);
    const seen = await state(id);
    const fraud = cloud.idOf("card-fraud");
    expect(seen.models).toHaveLength(3);
    expect(seen.versions).toHaveLength(4);
    expect(
      seen.versions.filter((v) => v.digest === null).every((v) => String(v.digest_source).startsWith("unknown: ")),
    ).toBe(true);
    expect(seen.versions.find((v) => v.external_id === fraud && v.version === "2")).toMatchObject({
      digest: cloud.digests ? "ab".repeat(32) : null,
      aliases: [cloud.alias],
    });
    expect(seen.deployments).toEqual([{ external_id: fraud, environment: "prod", version: "2" }]);
    expect(seen.served).toMatchObject([
      {
        external_model: fraud,
        version: "2",
        traffic: cloud.splits ? 90 : null,
        known_model: true,
        known_version: true,
      },
      {
        external_model: fraud,
        version: "3",
        traffic: cloud.splits ? 10 : null,
        known_model: true,
        known_version: true,
      },
    ]);
    const { served } = await modelServed(admin, { name: (await model(id, fraud)).name });
    expect(served.map(({ id: _, lastSeenAt: __, region, ...s }) => ({ ...s, region: region !== null }))).toEqual(
      [
        ["2", 90],
        ["3", 10],
      ].map(([version, percent]) => ({
        endpoint: system === "snowflake" ? "ML.PROD.fraud-live" : "fraud-live",
        kind: "endpoint",
        region: true,
        version,
        known: true,
        traffic: cloud.splits ? percent : null,
        state: expect.stringMatching(/InService|DEPLOYED|Succeeded|RUNNING/),
        connection: `${system} ${made}`,
      })),
    );
    const counts = async () =>
      (
        await t.db.execute(
          sql`select (select count(*) from fact) || '/' || (select count(*) from model_version) || '/' || (select count(*) from served_version) as n`,
        )
      ).rows[0];
    const before = await counts();
    expect(await sync(id)).toMatchObject({ changed: 0 });
    expect(await sync(id, { pageSize: 1 })).toMatchObject({ changed: 0 });
    expect(await counts()).toEqual(before);
    expect(await state(id)).toEqual(seen);
  });

  test("empty pages, records twice and out of order, a clock that is off and faults at once: the end is that of a clean run", async () => {
    const calm = await connect();
    await sync(calm.id);
    const { id, fake } = await connect();
    Object.assign(fake, { pageSize: 1, emptyPages: true, shuffled: true, skewMs: 600_000 });
    fake.faults.push("429 seconds", "429 date", "500", "truncated", "slow");
    await sync(id, { pageSize: 2 });
    expect(await state(id)).toEqual(await state(calm.id));
  });

  test("a fifth of the records cannot be understood: they are kept apart and counted, the rest is read", async () => {
    const scene = largeScene(cloud.alias, 5);
    const { id, fake } = await connect(scene);
    await sync(id, { pageSize: 3 });
    const bad = await t.db
      .select()
      .from(quarantinedRecords)
      .where(eq(quarantinedRecords.connectionId, id))
      .orderBy(asc(quarantinedRecords.externalKey));
    const seen = await state(id);
    expect(bad).toHaveLength(8);
    expect(bad.every((b) => b.stream === "versions" && b.raw.includes("yesterday"))).toBe(true);
    expect(seen.versions).toHaveLength(32);
    expect(seen.models).toHaveLength(10);
    expect(await lastRun(id)).toMatchObject({ skipped: 8 });
    expect(await sync(id)).toMatchObject({ changed: 0 });
    // Mended there, it is read here.
    for (const v of fake.scene.models.flatMap((m) => m.versions)) v.bad = false;
    await sync(id);
    expect((await state(id)).versions).toHaveLength(40);
  });
});
