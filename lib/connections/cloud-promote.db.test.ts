import { and, desc, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { deployments, models, modelVersions } from "@/db/schema/models";
import { releases } from "@/db/schema/releases";
import { createConnection } from "@/lib/connections/create";
import { promoteJob } from "@/lib/connections/jobs";
import type { System } from "@/lib/connectors/systems";
import { systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { checkGate } from "@/lib/releases/check-gate";
import { requestRelease } from "@/lib/releases/request";
import { testDatabase } from "@/lib/testing/database";
import { clouds, smallScene } from "@/lib/testing/fakes/clouds";
import type { Fake } from "@/lib/testing/fakes/server";
import { testReleases } from "@/lib/testing/releases";
import { syncRegistry } from "./sync";

/** From the signed release to the mark in each cloud's registry, read back, with a receipt in the log. */
describe.each(Object.keys(clouds) as (keyof typeof clouds & System)[])("promotion in %s", (system) => {
  const cloud = clouds[system];
  const limits = { tries: 3, pauseMs: 1, timeoutMs: 1_000, budgetMs: 10_000 };
  let fake: Fake;
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let t: Awaited<ReturnType<typeof testReleases>>;
  let connectionId: string;
  let model: { id: string; name: string };

  const digestOf = (version: string) => version.repeat(64);
  const sync = () => {
    t.now.at = new Date(t.now.at.getTime() + 60_000);
    return syncRegistry(
      { ...t.ctxOf(systemActor), requestId: newId() },
      { connectionId, trigger: "manual" },
      { limits },
    );
  };
  /** Where a mark may be on several versions, as an approval or a stage, the newest counts. */
  const standsOn = () => fake.scene.models[0]?.versions.filter((v) => v.aliases.includes(cloud.alias)).at(-1)?.version;
  const serving = async () =>
    (
      await database.db
        .select({ releaseId: deployments.releaseId, version: modelVersions.version })
        .from(deployments)
        .innerJoin(modelVersions, eq(modelVersions.id, deployments.versionId))
        .where(and(eq(deployments.modelId, model.id), eq(deployments.environment, "prod"), isNull(deployments.until)))
    )[0];
  const allowed = async (version: string): Promise<string> => {
    const { ref } = await requestRelease(t.owner, { model: model.name, version, environment: "prod" });
    await t.sign(t.architect, ref);
    const answer = await checkGate(t.service("ci"), {
      model: model.name,
      version,
      digest: digestOf(version),
      environment: "prod",
    });
    expect(answer).toMatchObject({ decision: "allow", release: ref });
    return (await database.db.select().from(releases).where(eq(releases.ref, ref)))[0]?.id ?? "";
  };
  const lastReceipt = async () =>
    (
      await database.db
        .select()
        .from(logEntries)
        .where(eq(logEntries.name, "deployment.recorded"))
        .orderBy(desc(logEntries.at), desc(logEntries.id))
        .limit(1)
    )[0];

  beforeAll(async () => {
    const scene = smallScene(cloud.alias);
    for (const v of scene.models[0]?.versions ?? []) v.digest = digestOf(v.version);
    fake = await cloud.start(scene);
    database = await testDatabase();
    t = await testReleases(database.db);
    const admin = await t.person("Ada Admin", "admin");
    const { baseUrl, auth, username, secret, settings } = cloud.target(fake.url);
    const made = await createConnection(admin, {
      name: "lab",
      system,
      baseUrl,
      auth,
      ...(username === null ? {} : { username }),
      ...(secret === null ? {} : { secret }),
      settings: { ...settings },
      prodAlias: cloud.alias,
      import: true,
    });
    connectionId = made.id;
    await sync();
    const [found] = await database.db
      .update(models)
      .set({
        stage: "review",
        tier: 4,
        businessUnitId: t.units.retail,
        ownerId: t.owner.actor.id,
        backupOwnerId: t.architect.actor.id,
        team: "Card risk",
        claimedAt: t.now.at,
      })
      .where(eq(models.externalId, cloud.idOf("card-fraud")))
      .returning({ id: models.id, name: models.name });
    if (!found) throw new Error("The model was not imported.");
    model = found;
    // Where the registry keeps no digest, the delivery reported it.
    if (!cloud.digests)
      for (const version of ["1", "2", "3"])
        await database.db
          .update(modelVersions)
          .set({ digest: digestOf(version), digestSource: "delivery" })
          .where(and(eq(modelVersions.modelId, model.id), eq(modelVersions.version, version)));
  });
  afterAll(async () => {
    await fake?.close();
    await database?.drop();
  });

  test("the newest version, then back to the oldest: the mark moves, is read back, and the log holds what was sent", async () => {
    expect(standsOn()).toBe("2");
    for (const version of ["3", "1"]) {
      const releaseId = await allowed(version);
      await promoteJob(t.ctxOf(systemActor), { releaseId });
      expect(standsOn()).toBe(version);
      expect(await serving()).toEqual({ releaseId, version });
      const receipt = await lastReceipt();
      const body: unknown = JSON.parse(receipt?.body?.toString("utf8") ?? "null");
      expect(body).toMatchObject({
        readBack: version,
        writes: expect.arrayContaining([{ request: expect.any(String), response: expect.any(String) }]),
      });
      expect(JSON.stringify(body)).not.toMatch(/Bearer|PRIVATE KEY|Signature=/);

      const entries = async () => (await database.db.select({ id: logEntries.id }).from(logEntries)).length;
      const before = await entries();
      await promoteJob(t.ctxOf(systemActor), { releaseId });
      expect(await entries()).toBe(before);
      await sync();
      expect(await serving()).toEqual({ releaseId, version });
    }
  });
});
