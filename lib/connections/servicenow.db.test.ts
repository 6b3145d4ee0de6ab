import { desc, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { models, syncRuns } from "@/db/schema/models";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { assess } from "@/lib/readiness/assess";
import { testDatabase } from "@/lib/testing/database";
import type { Fake } from "@/lib/testing/fakes/server";
import { serviceNowKeys, startFakeServiceNow } from "@/lib/testing/fakes/servicenow";
import { testOrg } from "@/lib/testing/org";
import { serviceNowInstance } from "@/lib/testing/scenes/servicenow";
import { createConnection } from "./create";
import { syncRegistry } from "./sync";

const hour = 3_600_000;
const begin = new Date("2026-11-20T09:00:00Z");
let t: Awaited<ReturnType<typeof testDatabase>>;
let admin: Ctx;
let now = begin;
let made = 0;
const open: Fake[] = [];

beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  org.now.at = begin;
  admin = await org.person("Ada Admin", "admin");
});
afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close();
});
afterAll(async () => {
  await t?.drop();
});

/** A tier-2 online model named as the source names it, and a connection to the instance. */
async function connect(fake: Fake, given: { auth: string; username: string; secret: string }) {
  open.push(fake);
  now = begin;
  const at = { createdAt: begin, updatedAt: begin };
  await t.db
    .insert(models)
    .values({ id: newId(), name: "card-fraud", platform: "mlflow", stage: "review", ...at })
    .onConflictDoNothing();
  await t.db
    .update(models)
    .set({ kind: "classical", servingType: "online", tier: 2 })
    .where(eq(models.name, "card-fraud"));
  const [row] = await t.db.select({ id: models.id }).from(models).where(eq(models.name, "card-fraud"));
  const { id: connectionId } = await createConnection(admin, {
    name: `ServiceNow ${++made}`,
    system: "servicenow",
    baseUrl: fake.url,
    ...given,
    import: true,
  });
  return {
    connectionId,
    sync: () =>
      syncRegistry(
        { db: t.db, actor: systemActor, now: () => now, requestId: newId() },
        { connectionId, trigger: "manual" },
        { limits: { timeoutMs: 2_000, tries: 2, pauseMs: 1 } },
      ),
    item: async (id: string) => (await assess(t.db, row?.id ?? "", null, now)).items.find((i) => i.id === id),
    lastRun: async () =>
      (
        await t.db
          .select()
          .from(syncRuns)
          .where(eq(syncRuns.connectionId, connectionId))
          .orderBy(desc(syncRuns.startedAt), desc(syncRuns.id))
      )[0],
  };
}

test("the calendar of ServiceNow decides whether somebody is on call", async () => {
  const scene = serviceNowInstance();
  const oauth = { auth: "oauth", username: serviceNowKeys.user, secret: serviceNowKeys.password };
  const c = await connect(await startFakeServiceNow(scene), oauth);
  await c.sync();
  expect(await c.item("onc-1")).toMatchObject({ state: "fail", why: expect.stringContaining("25") });
  scene.spans.push({
    group: "g1",
    roster: "r1",
    type: "roster",
    user: "u1",
    start: begin.getTime() + 25 * 24 * hour,
    end: begin.getTime() + 90 * 24 * hour,
  });
  await c.sync();
  expect(await c.item("onc-1")).toMatchObject({ state: "pass" });
});

test("a ServiceNow that leaves out a part of the query is not believed, and one without a calendar says nothing of on-call", async () => {
  const scene = serviceNowInstance();
  const basic = { auth: "basic", username: serviceNowKeys.user, secret: serviceNowKeys.password };
  const c = await connect(await startFakeServiceNow(scene), basic);
  scene.services = scene.services.filter((s) => s.id === "s1");
  scene.forgetful = true;
  await expect(c.sync()).rejects.toThrow(/not asked for/);
  scene.forgetful = false;
  scene.calendar = null;
  now = new Date(begin.getTime() + hour);
  await c.sync();
  expect(await c.lastRun()).toMatchObject({ state: "completed", cursor: { unread: [{ stream: "facts" }] } });
});
