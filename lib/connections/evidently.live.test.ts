import { and, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { facts } from "@/db/schema/facts";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { assess } from "@/lib/readiness/assess";
import { testDatabase } from "@/lib/testing/database";
import { evidentlyMissing, startEvidently } from "@/lib/testing/evidently";
import { testOrg } from "@/lib/testing/org";
import { sceneModelRow } from "@/lib/testing/source-scene";
import { createConnection } from "./create";
import { syncRegistry } from "./sync";
import { testConnection } from "./test";

const missing = evidentlyMissing();
const model = "card-fraud";
const day = 86_400_000;
const now = new Date(Math.floor(Date.now() / 1000) * 1000);
const ago = (days: number) => new Date(now.getTime() - days * day);

let t: Awaited<ReturnType<typeof testDatabase>>;
let evidently: Awaited<ReturnType<typeof startEvidently>>;
let admin: Ctx;

beforeAll(async () => {
  if (missing) return;
  t = await testDatabase();
  const org = await testOrg(t.db);
  org.now.at = now;
  admin = await org.person("Ada Admin", "admin");
  const report = (days: number, tags: string[], metadata = {}) => ({
    project: "Fraud drift",
    at: ago(days),
    tags,
    metadata,
  });
  evidently = await startEvidently([
    report(3, []),
    report(2, ["weekly"]),
    report(4, ["concept"]),
    report(1, [], { model }),
    { project: "Trial", at: ago(90), tags: [], metadata: {} },
  ]);
}, 240_000);
afterAll(async () => {
  await evidently?.stop();
  await t?.drop();
});

test.skipIf(missing)("a real Evidently tells when drift was looked at, and that decides a readiness item", async () => {
  const id = await sceneModelRow(t.db, model, now);
  const state = async () => (await assess(t.db, id, null, now)).items.find((i) => i.id === "drf-1")?.state;
  expect(await state()).toBe("unknown");

  const connection = await createConnection(admin, {
    name: "Evidently",
    system: "evidently",
    baseUrl: evidently.url,
    auth: "none",
    import: true,
  });
  expect(await testConnection(admin, { id: connection.id })).toMatchObject({
    ok: true,
    summary: "Evidently with 2 projects.",
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
    "drift.data_monitor_at": ago(1).toISOString(),
    "drift.data_cadence_hours": 24,
    "drift.concept_monitor_at": ago(4).toISOString(),
  });
  expect(await state()).toBe("pass");
  expect(await sync()).toMatchObject({ changed: 0 });
});
