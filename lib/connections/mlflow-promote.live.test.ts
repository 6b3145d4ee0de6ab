import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { and, eq, isNull, like } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobs, logEntries } from "@/db/schema/log";
import { deployments, models } from "@/db/schema/models";
import { releases } from "@/db/schema/releases";
import { findings } from "@/db/schema/reviews";
import { createConnection } from "@/lib/connections/create";
import { promoteJob } from "@/lib/connections/jobs";
import { type MlflowClient, mlflowClient } from "@/lib/connectors/mlflow/client";
import { systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { checkGate } from "@/lib/releases/check-gate";
import { requestRelease } from "@/lib/releases/request";
import { testDatabase } from "@/lib/testing/database";
import { mlflowMissing, startMlflow } from "@/lib/testing/mlflow";
import { testReleases } from "@/lib/testing/releases";
import { syncRegistry } from "./sync";

const missing = mlflowMissing();
const name = "card-fraud";
const digestOf = (version: string) => version.repeat(64);

describe.skipIf(missing)(`promotion in a real MLflow server${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let server: Awaited<ReturnType<typeof startMlflow>>;
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let t: Awaited<ReturnType<typeof testReleases>>;
  let client: MlflowClient;
  let connectionId: string;
  let modelId: string;

  const sync = () => {
    t.now.at = new Date(t.now.at.getTime() + 60_000);
    return syncRegistry({ ...t.ctxOf(systemActor), requestId: newId() }, { connectionId, trigger: "manual" });
  };
  const serving = async () =>
    (
      await database.db
        .select()
        .from(deployments)
        .where(and(eq(deployments.modelId, modelId), eq(deployments.environment, "prod"), isNull(deployments.until)))
    )[0];
  /** Asks for a release, signs it, has the gate allow it; answers with the release and the promotion that waits. */
  const allowed = async (version: string) => {
    const { ref } = await requestRelease(t.owner, { model: name, version, environment: "prod" });
    await t.sign(t.architect, ref);
    const answer = await checkGate(t.service("ci"), {
      model: name,
      version,
      digest: digestOf(version),
      environment: "prod",
    });
    expect(answer).toMatchObject({ decision: "allow", release: ref });
    const [release] = await database.db.select().from(releases).where(eq(releases.ref, ref));
    const releaseId = release?.id ?? "";
    const waiting = await database.db
      .select()
      .from(jobs)
      .where(and(eq(jobs.name, "registry.promote"), like(jobs.uniqueKey, `%${releaseId}`)));
    expect(waiting).toHaveLength(1);
    return { ref, releaseId };
  };
  const entries = async () => (await database.db.select().from(logEntries)).length;
  const system = () => t.ctxOf(systemActor);

  beforeAll(async () => {
    server = await startMlflow();
    const folder = mkdtempSync(path.join(tmpdir(), "countersign-promote-"));
    const file = path.join(folder, "register.py");
    writeFileSync(
      file,
      `
import mlflow
client = mlflow.MlflowClient()
client.create_registered_model("${name}")
for v in ("1", "2"):
    client.create_model_version("${name}", source="s3://bucket/card-fraud/" + v, tags={"countersign.digest": "sha256:" + v * 64})
`,
    );
    server.python(file);
    rmSync(folder, { recursive: true });
    client = mlflowClient({ baseUrl: server.url, auth: "none", username: null, secret: null, settings: {} });
    database = await testDatabase();
    t = await testReleases(database.db);
    const admin = await t.person("Ada Admin", "admin");
    connectionId = (await createConnection(admin, { name: "lab", baseUrl: server.url, import: true })).id;
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
      .where(eq(models.name, name))
      .returning({ id: models.id });
    modelId = found?.id ?? "";
  });
  afterAll(async () => {
    client?.close();
    await server?.stop();
    await database?.drop();
  });

  test("a release that the gate has not allowed is not promoted", async () => {
    const { ref } = await requestRelease(t.owner, { model: name, version: "2", environment: "prod" });
    const [release] = await database.db.select().from(releases).where(eq(releases.ref, ref));
    await expect(promoteJob(system(), { releaseId: release?.id })).rejects.toMatchObject({ code: "invalid" });
    expect(await client.aliasVersion(name, "champion")).toBeNull();
  });

  test("the alias is set and read back, and the bypass that stood there is resolved by the release that covers it", async () => {
    await client.setAlias(name, "champion", "1");
    await sync();
    expect(await serving()).toMatchObject({ releaseId: null });
    const [bypass] = await database.db.select().from(findings).where(eq(findings.modelId, modelId));
    expect(bypass).toMatchObject({ source: "gate_bypass", status: "open" });

    const { ref, releaseId } = await allowed("1");
    await promoteJob(system(), { releaseId });
    expect(await client.aliasVersion(name, "champion")).toBe("1");
    expect(await serving()).toMatchObject({ releaseId });
    expect(await database.db.select().from(findings).where(eq(findings.modelId, modelId))).toMatchObject([
      { status: "resolved", resolution: expect.stringContaining(ref) },
    ]);
    const [release] = await database.db.select().from(releases).where(eq(releases.id, releaseId));
    expect(release).toMatchObject({ status: "released", promotedAt: expect.any(Date) });
  });

  test("doing it again, and a sync that sees it, change nothing", async () => {
    const [release] = await database.db.select().from(releases).where(eq(releases.status, "released"));
    const before = await entries();
    await promoteJob(system(), { releaseId: release?.id });
    expect(await entries()).toBe(before);
    await sync();
    expect(await serving()).toMatchObject({ releaseId: release?.id });
    expect((await database.db.select().from(findings).where(eq(findings.modelId, modelId))).length).toBe(1);
  });

  test("a server that cannot be reached: the promotion fails to be tried again, and nothing is said to serve", async () => {
    const before = await serving();
    const [open] = await database.db.select().from(releases).where(eq(releases.status, "open"));
    await t.sign(t.architect, open?.ref ?? "");
    await checkGate(t.service("ci"), { model: name, version: "2", digest: digestOf("2"), environment: "prod" });
    await server.stop();
    const { promoteRelease } = await import("./promote");
    await expect(
      promoteRelease(system(), open?.id ?? "", { tries: 1, timeoutMs: 500, budgetMs: 1_000 }),
    ).rejects.toMatchObject({ name: "UpstreamFault" });
    expect(await serving()).toEqual(before);
    const [release] = await database.db
      .select()
      .from(releases)
      .where(eq(releases.id, open?.id ?? ""));
    expect(release).toMatchObject({ status: "allowed", promotedAt: null });
  });
});
