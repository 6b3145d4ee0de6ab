import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gateChecks } from "@/db/schema/releases";
import { config } from "@/lib/config/config";
import type { Ctx } from "@/lib/core/command";
import { logEntry, logList } from "@/lib/log/queries";
import { sequencer } from "@/lib/log/sequencer";
import { shellFigures } from "@/lib/queue/queries";
import { leastReady, readinessByUnit } from "@/lib/readiness/queries";
import { answerBundle } from "@/lib/releases/answer-bundle";
import { checkGate } from "@/lib/releases/check-gate";
import { requestRelease } from "@/lib/releases/request";
import { testDatabase } from "@/lib/testing/database";
import { testReleases } from "@/lib/testing/releases";

// A role in one business unit reaches that unit and what is below it: whoever reads lists, counts or the log sees no more.
let t: Awaited<ReturnType<typeof testDatabase>>;
let world: Awaited<ReturnType<typeof testReleases>>;
let model: { id: string; name: string; version: string; digest: string };
let elsewhere: Ctx;
let roleless: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  world = await testReleases(t.db);
  model = await world.model({ name: "limit-advisor" });
  await requestRelease(world.owner, { model: model.name, version: model.version, environment: "prod" });
  elsewhere = await world.person("Daniel Achterberg", "contributor", [world.units.claims]);
  roleless = world.ctxOf({ kind: "person", id: elsewhere.actor.id, name: "Nobody", grants: [], scopes: null });
});
afterAll(() => t.drop());

const refusal = (promise: Promise<unknown>) => expect(promise).rejects;

test("the log shows a model's entries to its unit, and to nobody whose roles are in another", async () => {
  const own = await logList(world.owner, { model: model.name });
  expect(own.entries.map((e) => e.name)).toContain("release.requested");
  expect((await logList(elsewhere, { model: model.name })).entries).toEqual([]);
  expect((await logList(elsewhere, {})).entries.filter((e) => e.modelId === model.id)).toEqual([]);
  const [entry] = own.entries;
  const index = entry?.id ?? "";
  expect(await logEntry(world.owner, { index })).toMatchObject({ id: index });
  await refusal(logEntry(elsewhere, { index })).toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("business unit whose log you may not read"),
  });
  await refusal(logEntry(roleless, { index })).toMatchObject({ code: "forbidden" });
});

test("the figures in the frame count what the person may see, and nothing without a role", async () => {
  expect(await shellFigures(world.owner, {})).toMatchObject({ models: 1, releases: 1 });
  expect(await shellFigures(world.architect, {})).toMatchObject({ models: 1, releases: 1 });
  expect(await shellFigures(elsewhere, {})).toMatchObject({ models: 0, reviews: 0, releases: 0 });
  expect(await shellFigures(roleless, {})).toMatchObject({ models: null, reviews: null, releases: null });
});

test("readiness lists the models of one's units", async () => {
  const names = async (ctx: Ctx) => (await leastReady(ctx, {})).items.map((m) => m.name);
  expect(await names(world.owner)).toEqual([model.name]);
  expect(await names(elsewhere)).toEqual([]);
  expect((await readinessByUnit(elsewhere, {})).items).toEqual([]);
  expect((await readinessByUnit(world.owner, {})).items).toHaveLength(1);
});

test("a gate answer's bundle goes to whoever may see the release or asked, and to nobody else", async () => {
  await checkGate(world.service("CI"), {
    model: model.name,
    version: model.version,
    digest: model.digest,
    environment: "prod",
  });
  const [asked] = await t.db.select().from(gateChecks).where(eq(gateChecks.modelId, model.id));
  const id = asked?.id ?? "";
  await refusal(answerBundle(elsewhere, { id })).toMatchObject({ code: "not_found" });
  await refusal(answerBundle(roleless, { id })).toMatchObject({ code: "forbidden" });
  await refusal(answerBundle(world.service("Facts only", ["facts:push"]), { id })).toMatchObject({ code: "forbidden" });
  const log = sequencer({ db: t.db, keys: world.keys, origin: config().logOrigin, now: () => world.now.at });
  await log.drain();
  await log.stop();
  for (const reader of [world.owner, world.security, world.service("Deployer", ["gate:check"])])
    expect(await answerBundle(reader, { id })).toHaveProperty("verificationMaterial");
});
