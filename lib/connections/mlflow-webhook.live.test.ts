import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobs } from "@/db/schema/log";
import { models, syncRuns } from "@/db/schema/models";
import { registryWebhooks } from "@/db/schema/registries";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { testDatabase } from "@/lib/testing/database";
import { mlflowMissing, startMlflow } from "@/lib/testing/mlflow";
import { testOrg } from "@/lib/testing/org";
import { createConnection } from "./create";
import { syncRegistryJob } from "./jobs";
import { disableWebhook, enableWebhook, receiveHook } from "./webhook";

const missing = mlflowMissing();

describe.skipIf(missing)(`webhooks of a real MLflow server${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let server: Awaited<ReturnType<typeof startMlflow>>;
  let t: Awaited<ReturnType<typeof testDatabase>>;
  let admin: Ctx;
  let id: string;
  let scripts: string;
  /** Stands where the portal's route does: hands the bytes on, answers as the portal would. */
  let portal: http.Server;
  const answers: number[] = [];

  const python = (text: string): string => {
    const file = path.join(scripts, "script.py");
    writeFileSync(file, text);
    return server.python(file);
  };
  const until = async <T>(what: () => Promise<T | undefined>): Promise<T> => {
    for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((r) => setTimeout(r, 100))) {
      const found = await what();
      if (found !== undefined) return found;
    }
    throw new Error("It did not come.");
  };

  beforeAll(async () => {
    scripts = mkdtempSync(path.join(tmpdir(), "countersign-hooks-"));
    server = await startMlflow();
    t = await testDatabase();
    const org = await testOrg(t.db);
    org.now.at = new Date();
    admin = await org.person("Ada Admin", "admin");
    id = (await createConnection(admin, { name: "lab", baseUrl: server.url, import: true })).id;
    await t.db.delete(jobs);
    portal = http.createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const header = (name: string) => String(request.headers[name] ?? "") || null;
      const status = await receiveHook({ db: t.db, now: () => new Date(), requestId: "hook" }, id, {
        id: header("x-mlflow-delivery-id"),
        timestamp: header("x-mlflow-timestamp"),
        signature: header("x-mlflow-signature"),
        raw: Buffer.concat(parts),
      }).then(
        () => 202,
        (error: unknown) => (error instanceof Refusal ? 401 : 500),
      );
      answers.push(status);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => portal.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    portal?.close();
    await server?.stop();
    rmSync(scripts, { recursive: true, force: true });
    await t?.drop();
  });

  const subscribe = (secret: string) => {
    const address = portal.address();
    if (address === null || typeof address === "string") throw new Error("No port.");
    return fetch(`${server.url}/api/2.0/mlflow/webhooks`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        name: `countersign-${secret.slice(0, 4)}`,
        url: `http://127.0.0.1:${address.port}/api/hooks/${id}`,
        secret,
        events: [
          { entity: "REGISTERED_MODEL", action: "CREATED" },
          { entity: "MODEL_VERSION_ALIAS", action: "CREATED" },
        ],
      }),
    });
  };

  test("a model that is registered is hinted at, read by itself, and nothing else counts as missing", async () => {
    const { secret, url } = await enableWebhook(admin, { id });
    expect(url).toMatch(new RegExp(`/api/hooks/${id}$`));
    expect((await subscribe(secret)).status).toBe(200);
    python(`import mlflow; mlflow.MlflowClient().create_registered_model("hinted", description="Comes by a hint.")`);
    const job = await until(async () => (await t.db.select().from(jobs).where(eq(jobs.name, "registry.sync")))[0]);
    expect(JSON.parse(String(job.payload))).toMatchObject({ connectionId: id, trigger: "webhook", only: "hinted" });
    expect(answers).toEqual([202]);

    const ctx: Ctx = { db: t.db, actor: systemActor, now: () => new Date(), requestId: job.id };
    await syncRegistryJob(ctx, JSON.parse(String(job.payload)));
    const [model] = await t.db.select().from(models).where(eq(models.externalName, "hinted"));
    expect(model).toMatchObject({ description: "Comes by a hint.", missedSweeps: 0 });
    const [run] = await t.db.select().from(syncRuns).where(eq(syncRuns.connectionId, id));
    expect(run).toMatchObject({ state: "completed", modelsSeen: 1, trigger: "webhook" });
  });

  test("a webhook whose secret was replaced is refused, counted, and starts nothing", async () => {
    await enableWebhook(admin, { id });
    await t.db.delete(jobs);
    answers.length = 0;
    python(`import mlflow; mlflow.MlflowClient().create_registered_model("unbelieved")`);
    await until(async () => (answers.length > 0 ? true : undefined));
    expect(answers[0]).toBe(401);
    expect(await t.db.select().from(jobs).where(eq(jobs.name, "registry.sync"))).toEqual([]);
    const [hook] = await t.db.select().from(registryWebhooks).where(eq(registryWebhooks.connectionId, id));
    expect(hook?.refused).toBeGreaterThan(0);
    await disableWebhook(admin, { id });
    const nothing = { id: null, timestamp: null, signature: null, raw: Buffer.alloc(0) };
    await expect(
      receiveHook({ db: t.db, now: () => new Date(), requestId: "hook" }, id, nothing),
    ).rejects.toMatchObject({ code: "not_found" });
  });
});
