import { asc, desc, eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { syncRuns } from "@/db/schema/models";
import { quarantinedRecords } from "@/db/schema/registries";
import { createConnection } from "@/lib/connections/create";
import type { System } from "@/lib/connectors/systems";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { clouds, largeScene, smallScene } from "@/lib/testing/fakes/clouds";
import type { Fake, Scene } from "@/lib/testing/fakes/server";
import { testOrg } from "@/lib/testing/org";
import { syncRegistry } from "./sync";

/** The fault suite of issue 3, for each cloud's registry against its contract fake: however it fails, the end is that of a clean run. */
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
  const lastRun = async (connectionId: string) =>
    (
      await t.db
        .select()
        .from(syncRuns)
        .where(eq(syncRuns.connectionId, connectionId))
        .orderBy(desc(syncRuns.startedAt), desc(syncRuns.id))
        .limit(1)
    )[0];
  const ends = new Map<string, Awaited<ReturnType<typeof state>>>();
  /** What a run without any fault leaves behind. */
  const clean = async (scene: Scene) => {
    const key = JSON.stringify(scene);
    const end = ends.get(key);
    if (end) return end;
    const { id } = await connect(scene);
    await sync(id);
    const fresh = await state(id);
    ends.set(key, fresh);
    return fresh;
  };

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

  test.each<[string, (fake: Fake) => void, number]>([
    ["pages of one record", (f) => Object.assign(f, { pageSize: 1 }), 1],
    ["pages that are empty and not the last", (f) => Object.assign(f, { emptyPages: true }), 2],
    ["records twice and out of order", (f) => Object.assign(f, { shuffled: true }), 2],
    ["a clock ten minutes ahead", (f) => Object.assign(f, { skewMs: 600_000 }), 100],
    [
      "429 with seconds, 429 with a date, 500, a cut and a slow answer, a token that ran out",
      (f) => {
        f.faults.push("429 seconds", "429 date", "500", "truncated", "slow", "expired");
      },
      2,
    ],
  ])("%s: the end is that of a clean run", async (_what, turn, pageSize) => {
    const { id, fake } = await connect();
    turn(fake);
    await sync(id, { pageSize });
    expect(await state(id)).toEqual(await clean(smallScene(cloud.alias)));
  });

  test("a permission that is missing ends the run with its name, and what was read stays", async () => {
    const { id, fake } = await connect();
    await sync(id);
    const before = await state(id);
    fake.denied = cloud.listing.denied;
    await expect(sync(id)).rejects.toMatchObject({ kind: "forbidden" });
    expect(await lastRun(id)).toMatchObject({
      state: "failed",
      error: expect.stringContaining(cloud.listing.permission),
    });
    expect(await state(id)).toEqual(before);
    fake.denied = null;
    await sync(id);
    expect(await state(id)).toEqual(before);
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

  test("killed in the middle and taken up by another worker: the end is that of a clean run", async () => {
    for (const after of [6, 14]) {
      const { id } = await connect(largeScene(cloud.alias));
      const killed = new Error("killed");
      let calls = 0;
      const ctx: Ctx = {
        ...ctxAt(`job-killed-${after}`),
        now: () => {
          if (++calls > after) throw killed;
          return new Date(clock);
        },
      };
      await expect(syncRegistry(ctx, { connectionId: id, trigger: "manual" }, { limits, pageSize: 1 })).rejects.toBe(
        killed,
      );
      const left = await lastRun(id);
      expect(left).toMatchObject({ state: "running" });
      clock += 180_000;
      expect((await sync(id, { pageSize: 2 })).runId).toBe(left?.id);
      expect(await state(id)).toEqual(await clean(largeScene(cloud.alias)));
    }
  });
});
