import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { and, eq, isNull, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lineageEdges } from "@/db/schema/facts";
import { logEntries } from "@/db/schema/log";
import { connections, deployments, models, modelVersions, syncRuns } from "@/db/schema/models";
import { findings } from "@/db/schema/reviews";
import { createConnection } from "@/lib/connections/create";
import { probe } from "@/lib/connections/test";
import { mlflowClient } from "@/lib/connectors/mlflow/client";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { currentFacts } from "@/lib/facts/queries";
import { testDatabase } from "@/lib/testing/database";
import { type FaultMode, type FaultProxy, faultProxy } from "@/lib/testing/fault-proxy";
import { mlflowMissing, startMlflow } from "@/lib/testing/mlflow";
import { testOrg } from "@/lib/testing/org";
import { syncRegistry } from "./sync";

const missing = mlflowMissing();

const commit = "5d0be1f0a1b2c3d4e5f60718293a4b5c6d7e8f90";

/** Trains and registers two versions of one model, the real way. */
const train = `
import mlflow, numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression
from mlflow.models import infer_signature
X = pd.DataFrame({"amount": np.arange(20.0), "age": np.arange(20.0)[::-1]}); y = (X.amount > 9).astype(int)
data = mlflow.data.from_pandas(X.assign(y=y), source="s3://bucket/cards.parquet", name="card-auth", targets="y")
mlflow.set_experiment("card-fraud")
for c in (1.0, 0.5):
    with mlflow.start_run(tags={"mlflow.source.git.commit": "${commit}"}):
        mlflow.log_input(data, context="training")
        model = LogisticRegression(C=c).fit(X, y)
        mlflow.log_params({"C": c, "random_state": 7})
        mlflow.log_metrics({"auc": 0.97, "bad": float("nan")})
        mlflow.sklearn.log_model(model, name="model", signature=infer_signature(X, model.predict(X)), registered_model_name="card-fraud-score")
client = mlflow.MlflowClient()
client.create_registered_model("no-versions-yet", description="Only a name so far.")
client.create_registered_model("taken", tags={"team": "pricing"})
`;

describe.skipIf(missing)(`a real MLflow server${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let server: Awaited<ReturnType<typeof startMlflow>>;
  let scripts: string;
  /** Runs a few lines of Python against the server. */
  const python = (text: string): string => {
    const file = path.join(scripts, "script.py");
    writeFileSync(file, text);
    return server.python(file);
  };
  let proxy: FaultProxy;
  let t: Awaited<ReturnType<typeof testDatabase>>;
  let admin: Ctx;
  let connectionId: string;
  let clock = Date.parse("2026-11-20T09:00:00Z");

  /** Short waits: the proxy fails at once. */
  const limits = { timeoutMs: 2_000, tries: 2, pauseMs: 1, budgetMs: 10_000 };
  let jobs = 0;
  const sync = (trigger: "manual" | "schedule" = "manual", options = {}) => {
    clock += 60_000;
    const ctx: Ctx = { db: t.db, actor: systemActor, now: () => new Date(clock), requestId: `job-${++jobs}` };
    return syncRegistry(ctx, { connectionId, trigger }, { limits, ...options });
  };
  const entries = async () =>
    (await t.db.select({ name: logEntries.name, summary: logEntries.summary }).from(logEntries)).length;
  const model = async (name: string) => (await t.db.select().from(models).where(eq(models.name, name)))[0];
  const serving = (id: string) =>
    t.db
      .select()
      .from(deployments)
      .where(and(eq(deployments.modelId, id), isNull(deployments.until)));

  beforeAll(async () => {
    scripts = mkdtempSync(path.join(tmpdir(), "countersign-live-"));
    server = await startMlflow();
    proxy = await faultProxy(server.url);
    python(train);
    t = await testDatabase();
    const org = await testOrg(t.db);
    org.now.at = new Date(clock);
    admin = await org.person("Ada Admin", "admin");
    await t.db.insert(models).values({
      name: "taken",
      platform: "on_prem",
      stage: "idea",
      createdAt: new Date(clock),
      updatedAt: new Date(clock),
    });
    connectionId = (await createConnection(admin, { name: "lab", baseUrl: proxy.url, import: true })).id;
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.stop();
    rmSync(scripts, { recursive: true, force: true });
    await t?.drop();
  });

  test("test connection says what it found", async () => {
    const target = { baseUrl: proxy.url, auth: "none" as const, username: null, secret: null, settings: {} };
    expect(await probe("mlflow", target)).toMatchObject({
      ok: true,
      models: 3,
      summary: expect.stringMatching(/^MLflow 3\..* with 3 registered models\.$/),
    });
  });

  test.each<[FaultMode, RegExp]>([
    ["down", /broke the connection off/],
    ["500", /failed with 500.*database is locked/],
    ["429", /fewer requests/],
    ["401", /does not accept the credentials/],
    ["403", /READ on the registry is missing/],
    ["html", /HTML \(a login page\?\)/],
    ["truncated", /bro/],
    ["wrong shape", /unexpected shape: registered_models\.0\.name/],
    ["broken json", /not JSON/],
  ])("test connection, server %s: says so", async (mode, words) => {
    proxy.mode = mode;
    const answer = await probe("mlflow", {
      baseUrl: proxy.url,
      auth: "none",
      username: null,
      secret: null,
      settings: {},
    });
    proxy.mode = "pass";
    expect(answer).toMatchObject({ ok: false, models: null, summary: expect.stringMatching(words) });
  });

  test("the first sync imports models, versions, run metadata, lineage and digests", async () => {
    const { changed } = await sync();
    expect(changed).toBeGreaterThan(0);
    const fraud = await model("card-fraud-score");
    expect(fraud).toMatchObject({ stage: "unclaimed", platform: "mlflow", ownerId: null });
    expect(await model("no-versions-yet")).toMatchObject({ description: "Only a name so far." });
    // The inventory's own "taken" is not the registry's.
    expect(await model("taken@lab")).toMatchObject({ externalName: "taken" });

    const versions = await t.db
      .select()
      .from(modelVersions)
      .where(eq(modelVersions.modelId, fraud?.id ?? ""))
      .orderBy(modelVersions.version);
    expect(versions.map((v) => [v.version, v.commit])).toEqual([
      ["1", commit],
      ["2", commit],
    ]);
    const facts = await currentFacts(t.db, [versions[0]?.id ?? ""]);
    const value = (key: string) => facts.find((f) => f.key === key)?.value;
    expect(value("run.metrics")).toEqual({ auc: 0.97 });
    expect(value("run.metrics_not_finite")).toEqual(["bad"]);
    expect(value("run.seed")).toBe("7");
    expect(value("run.dataset_digests")).toEqual([expect.stringMatching(/^card-auth:[0-9a-f]{8}$/)]);
    expect(value("artifact.flavors")).toEqual(["python_function", "sklearn"]);
    expect(value("artifact.input_schema")).toContain("amount");
    expect(value("run.environment")).toMatch(/^conda\.yaml sha256:/);

    // The digest is what hashing the same files elsewhere gives.
    const listed = JSON.parse(
      python(`
import hashlib, json, pathlib, mlflow
root = pathlib.Path(mlflow.artifacts.download_artifacts("models:/card-fraud-score/1"))
files = sorted(p for p in root.rglob("*") if p.is_file() and p.name != "registered_model_meta")
print(json.dumps([hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(files, key=lambda p: p.relative_to(root).as_posix().encode())]))
`),
    ) as string[];
    const expected = createHash("sha256")
      .update(Buffer.concat(listed.map((h) => Buffer.from(h, "hex"))))
      .digest("hex");
    expect(versions[0]).toMatchObject({ digest: expected, digestSource: "computed from the files" });

    const edges = await t.db
      .select()
      .from(lineageEdges)
      .where(eq(lineageEdges.modelId, fraud?.id ?? ""));
    expect(edges.map((e) => `${e.fromKind} to ${e.toKind}`).sort()).toEqual([
      "dataset to run",
      "dataset to run",
      "run to version",
      "run to version",
    ]);
  });

  test("a second sync changes nothing and logs only itself", async () => {
    const before = await entries();
    const counts = async () => {
      const { rows } = await t.db.execute<{ n: string }>(
        sql`select (select count(*) from fact) || '/' || (select count(*) from lineage_edge) || '/' || (select count(*) from model_version) as n`,
      );
      return rows[0]?.n;
    };
    const stored = await counts();
    expect(await sync()).toMatchObject({ changed: 0 });
    expect(await sync("schedule")).toMatchObject({ changed: 0 });
    expect(await counts()).toBe(stored);
    expect(await entries()).toBe(before + 2);
  });

  test("an alias that no release covers is a gate bypass, raised once and resolved when it is reverted", async () => {
    const fraud = await model("card-fraud-score");
    const id = fraud?.id ?? "";
    const client = mlflowClient({ baseUrl: server.url, auth: "none", username: null, secret: null, settings: {} });
    await client.setAlias("card-fraud-score", "champion", "1");
    await sync("schedule");
    await sync("schedule");
    const [open] = await serving(id);
    expect(open).toMatchObject({ environment: "prod", releaseId: null });
    const raised = await t.db.select().from(findings).where(eq(findings.modelId, id));
    expect(raised).toMatchObject([{ source: "gate_bypass", severity: "must_fix", status: "open" }]);
    expect((await currentFacts(t.db, [id])).find((f) => f.key === "deployment.covered")?.value).toBe(false);

    await client.setAlias("card-fraud-score", "champion", "2");
    await sync("schedule");
    const after = await t.db
      .select({ status: findings.status, resolution: findings.resolution })
      .from(findings)
      .where(eq(findings.modelId, id))
      .orderBy(findings.ref);
    expect(after.map((f) => f.status)).toEqual(["resolved", "open"]);

    python(`import mlflow; mlflow.MlflowClient().delete_registered_model_alias("card-fraud-score", "champion")`);
    await sync("schedule");
    expect(await serving(id)).toEqual([]);
    expect(await t.db.select({ status: findings.status }).from(findings).where(eq(findings.modelId, id))).toEqual([
      { status: "resolved" },
      { status: "resolved" },
    ]);
    client.close();
  });

  test("a digest that a tag vouches for is taken at the next full sweep, with its source", async () => {
    const digest = "ab".repeat(32);
    python(
      `import mlflow; mlflow.MlflowClient().set_model_version_tag("card-fraud-score", "2", "countersign.digest", "sha256:${digest}")`,
    );
    await sync();
    const fraud = await model("card-fraud-score");
    const [v] = await t.db
      .select()
      .from(modelVersions)
      .where(and(eq(modelVersions.modelId, fraud?.id ?? ""), eq(modelVersions.version, "2")));
    expect(v).toMatchObject({ digest, digestSource: "tag countersign.digest" });
  });

  test.each<[FaultMode]>([
    ["down"],
    ["silent"],
    ["500"],
    ["429"],
    ["html"],
    ["truncated"],
    ["wrong shape"],
    ["broken json"],
  ])(
    "a server that is %s in the middle of a sync: the run fails with its reason, what was read stays",
    async (mode) => {
      const before = await t.db.select({ id: models.id, name: models.name }).from(models).orderBy(models.name);
      const asOf = (await t.db.select().from(connections).where(eq(connections.id, connectionId)))[0]?.lastCompletedAt;
      proxy.mode = mode;
      proxy.after = 1;
      await expect(sync("manual", { limits: { ...limits, timeoutMs: 300 } })).rejects.toMatchObject({
        name: "UpstreamFault",
      });
      proxy.mode = "pass";
      const [run] = await t.db.select().from(syncRuns).orderBy(sql`started_at desc`).limit(1);
      expect(run).toMatchObject({ state: "failed", error: expect.stringContaining("MLflow at") });
      expect(await t.db.select({ id: models.id, name: models.name }).from(models).orderBy(models.name)).toEqual(before);
      expect(
        (await t.db.select().from(connections).where(eq(connections.id, connectionId)))[0]?.lastCompletedAt,
      ).toEqual(asOf);
      // It goes on where it failed, and then is whole.
      await sync();
    },
  );

  test("a killed sync goes on from its cursor", async () => {
    // The fourth request dies with the process: nothing catches it, the run stays as it is.
    const killed = new Error("killed");
    let calls = 0;
    clock += 60_000;
    const ctx: Ctx = {
      db: t.db,
      actor: systemActor,
      now: () => {
        if (++calls > 4) throw killed;
        return new Date(clock);
      },
      requestId: "job-killed",
    };
    await expect(syncRegistry(ctx, { connectionId, trigger: "manual" }, { limits, pageSize: 1 })).rejects.toBe(killed);
    const [left] = await t.db.select().from(syncRuns).orderBy(sql`started_at desc`).limit(1);
    expect(left).toMatchObject({ state: "running" });
    expect(left?.versionsSeen).toBeGreaterThan(0);

    // Another job keeps off while the killed one might still live, and takes over when it gave no sign for two minutes.
    await expect(sync()).rejects.toMatchObject({ code: "conflict" });
    clock += 180_000;
    const { runId } = await sync("manual", { pageSize: 1 });
    expect(runId).toBe(left?.id);
    const [done] = await t.db.select().from(syncRuns).where(eq(syncRuns.id, runId));
    expect(done).toMatchObject({ state: "completed", versionsSeen: 2, modelsSeen: 3 });
  });

  test("a model that two completed sweeps do not see has vanished, and comes back when it is seen", async () => {
    python(`import mlflow; mlflow.MlflowClient().delete_registered_model("no-versions-yet")`);
    for (const gone of [false, true]) {
      await sync("schedule");
      const found = await model("no-versions-yet");
      expect(found?.vanishedAt !== null).toBe(gone);
    }
    python(
      `import mlflow; mlflow.MlflowClient().create_registered_model("no-versions-yet", description="Only a name so far.")`,
    );
    await sync("schedule");
    expect(await model("no-versions-yet")).toMatchObject({ vanishedAt: null });
  });
});
