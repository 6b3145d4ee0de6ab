import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { reconciliationItems } from "@/db/schema/reconciliation";
import { servedVersions } from "@/db/schema/registries";
import { createConnection } from "@/lib/connections/create";
import { connectionGet } from "@/lib/connections/queries";
import { syncRegistry } from "@/lib/connections/sync";
import { testConnection } from "@/lib/connections/test";
import { httpClient } from "@/lib/connectors/http";
import { openRegistry } from "@/lib/connectors/registries";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { type FakeDatabricks, fakeDatabricks, fakeModels } from "@/lib/testing/databricks";
import { testOrg } from "@/lib/testing/org";
import { type Warehouse, warehouse } from "@/lib/testing/warehouse";
import { runStatement } from "./statements";

let t: Awaited<ReturnType<typeof testDatabase>>;
let sqlDatabase: Awaited<ReturnType<typeof testDatabase>>;
let house: Warehouse;
let fake: FakeDatabricks;
let admin: Ctx;
let clock = Date.parse("2026-11-20T09:00:00Z");
const limits = { timeoutMs: 2_000, tries: 2, pauseMs: 1, budgetMs: 10_000 };

beforeAll(async () => {
  t = await testDatabase();
  sqlDatabase = await testDatabase();
  house = await warehouse(sqlDatabase.url);
  fake = await fakeDatabricks(fakeModels(4, 2), house);
  admin = await (await testOrg(t.db)).person("Ada Admin", "admin");
  await house.fill(`
    create schema serving;
    create table serving.served_entities (workspace_id text, endpoint_id text, endpoint_name text, served_entity_id text,
      served_entity_name text, entity_type text, entity_name text, entity_version text, endpoint_config_version int,
      change_time timestamptz, endpoint_delete_time timestamptz);
    insert into serving.served_entities values
      ('11', 'e1', 'fraud', 's1', 'fraud-1', 'CUSTOM_MODEL', 'main.ml.model-000', '1', 1, '2026-10-01T08:00:00Z', null),
      ('11', 'e1', 'fraud', 's2', 'fraud-2', 'CUSTOM_MODEL', 'main.ml.model-000', '2', 2, '2026-10-02T08:00:00Z', null),
      ('22', 'e2', 'shadow', 's3', 'shadow-1', 'CUSTOM_MODEL', 'main.lab.nobody-knows', '7', 1, '2026-10-03T08:00:00Z', null),
      ('22', 'e3', 'old', 's4', 'old-1', 'CUSTOM_MODEL', 'main.ml.model-001', '1', 1, '2026-10-03T08:00:00Z', null),
      ('22', 'e3', 'old', 's4', 'old-1', 'CUSTOM_MODEL', 'main.ml.model-001', '1', 2, '2026-10-04T08:00:00Z', '2026-10-05T08:00:00Z'),
      ('22', 'e4', 'chat', 's5', 'chat-1', 'FOUNDATION_MODEL', 'system.ai.llama', '1', 1, '2026-10-03T08:00:00Z', null);`);
});
afterAll(async () => {
  await fake?.stop();
  await house?.stop();
  await sqlDatabase?.drop();
  await t?.drop();
});

const target = (settings = {}) => ({
  system: "unity_catalog" as const,
  baseUrl: fake.url,
  auth: "oauth",
  username: fake.clientId,
  secret: fake.clientSecret,
  settings,
});
const sync = (connectionId: string) => {
  clock += 60_000;
  const ctx: Ctx = { db: t.db, actor: systemActor, now: () => new Date(clock), requestId: `job-${clock}` };
  return syncRegistry(ctx, { connectionId, trigger: "manual" }, { limits });
};
const served = (id: string) =>
  t.db.select().from(servedVersions).where(eq(servedVersions.connectionId, id)).orderBy(servedVersions.externalId);

test("what serves in all workspaces comes from the system tables: the last configuration of each endpoint that stands", async () => {
  const { id } = await createConnection(admin, { name: "lake", import: true, ...target({ warehouse: "w1" }) });
  await sync(id);
  const rows = await served(id);
  expect(rows.map((r) => [r.externalId, r.version, r.versionId !== null])).toEqual([
    ["11/fraud/fraud-2", "2", true],
    ["22/shadow/shadow-1", "7", false],
  ]);
  const unlisted = await t.db.select().from(reconciliationItems).where(eq(reconciliationItems.kind, "unlisted"));
  expect(unlisted).toMatchObject([{ seenName: "main.lab.nobody-knows", status: "open", evidence: { source: "lake" } }]);
  expect(await sync(id)).toMatchObject({ changed: 0 });

  // An endpoint that two completed sweeps do not see is gone, and the log says so.
  await house.fill("update serving.served_entities set endpoint_delete_time = now() where endpoint_id = 'e2'");
  await sync(id);
  expect((await served(id))[1]).toMatchObject({ goneAt: null });
  await sync(id);
  expect((await served(id))[1]).toMatchObject({ goneAt: expect.any(Date) });
  const entries = await t.db
    .select({ body: logEntries.body })
    .from(logEntries)
    .where(eq(logEntries.name, "registry.synced"));
  expect(entries.some((e) => String(e.body).includes("no longer served"))).toBe(true);
});

test("without the grant on the system tables models are read all the same, and it is said what is missing", async () => {
  await house.fill("alter table serving.served_entities rename to hidden");
  const { id } = await createConnection(admin, { name: "no grant", import: true, ...target({ warehouse: "w1" }) });
  await sync(id);
  const shown = await connectionGet(admin, { id });
  expect(shown).toMatchObject({ models: 4, served: 0 });
  expect(shown.runs[0]?.unread).toMatchObject([
    { stream: "serving", why: expect.stringMatching(/grant SELECT on system/) },
  ]);
  const tested = await testConnection(admin, { id });
  expect(tested).toMatchObject({ ok: false, missing: ["SELECT on system.serving.served_entities"] });
  await house.fill("alter table serving.hidden rename to served_entities");
  expect(await testConnection(admin, { id })).toMatchObject({ ok: true, identity: "countersign-reader", models: 4 });
});

test("a service principal whose secret is wrong is told so, and the secret is in no message", async () => {
  const answer = await testConnection(admin, { ...target(), secret: "not-the-secret" });
  expect(answer).toMatchObject({ ok: false, summary: expect.stringMatching(/does not accept the credentials/) });
  expect(JSON.stringify(answer)).not.toContain("not-the-secret");
});

test("only the catalogs that were asked for are imported", async () => {
  const [other] = fakeModels(1, 1);
  if (!other) throw new Error("no model");
  fake.models.push({ ...other, catalog_name: "tenant_b" });
  const { id } = await createConnection(admin, {
    name: "one catalog",
    import: true,
    ...target({ catalogs: "main, dev" }),
  });
  await sync(id);
  expect(await connectionGet(admin, { id })).toMatchObject({ models: 4 });
  fake.models.pop();
});

test("a promotion sets the alias, tags the version and is believed when it is read back; twice does no harm", async () => {
  const { system, ...where } = target();
  const client = await openRegistry(system, where, limits);
  const model = { id: "main.ml.model-001", name: "main.ml.model-001" };
  expect(await client.promotion?.readBack(model, "champion")).toBeNull();
  const to = { model, version: "2", alias: "champion", releaseRef: "REL-0042" };
  const writes = await client.promotion?.promote(to);
  expect(writes).toHaveLength(2);
  expect(await client.promotion?.readBack(model, "champion")).toBe("2");
  await client.promotion?.promote(to);
  expect(fake.models[1]?.aliases).toEqual([{ alias_name: "champion", version_num: 2 }]);
  expect(fake.tags.at(-1)).toEqual({ name: model.name, version: "2", key: "countersign_release", value: "REL-0042" });
  await expect(client.promotion?.promote({ ...to, version: "99" })).rejects.toMatchObject({ kind: "not_found" });
  client.close();
});

const statement = async (text: string, parameters: { name: string; value: string }[] = [], within = {}) => {
  const http = httpClient("Databricks", fake.url, { authorization: `Bearer ${fake.tokens.at(-1)}` }, limits);
  try {
    return await runStatement(
      http,
      { warehouse: "w1", statement: text, parameters, permission: "SELECT on it" },
      { pollMs: 1, ...within },
    );
  } finally {
    http.close();
  }
};

test("a statement is polled, read chunk by chunk and cast by its columns; its parameters are data", async () => {
  house.chunkRows = 7;
  house.pendingFor = 3;
  const rows = await statement(
    "select n, n::numeric / 4 as money, n > 2 as big, :word::text as word from generate_series(1, 20) n",
    [{ name: "word", value: "'; drop table x; --" }],
  );
  expect(rows).toHaveLength(20);
  expect(rows[4]).toMatchObject({ n: 5, money: expect.stringMatching(/^1\.25/), word: "'; drop table x; --" });
  house.chunkRows = 1000;
  house.pendingFor = 0;
});

test("a statement that takes too long is cancelled on the warehouse; one that fails says why", async () => {
  house.pendingFor = 1_000_000;
  await expect(statement("select 1", [], { budgetMs: 50 })).rejects.toMatchObject({ kind: "timeout" });
  expect(house.cancelled).toHaveLength(1);
  house.pendingFor = 0;
  await expect(statement("select 1 / 0")).rejects.toMatchObject({
    kind: "rejected",
    message: expect.stringMatching(/division by zero/),
  });
  await expect(statement("select * from nowhere")).rejects.toMatchObject({
    kind: "forbidden",
    permission: "SELECT on it",
  });
});
