import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { models, useCases } from "@/db/schema/models";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { changeStage } from "./change-stage";
import { portfolioOutlook } from "./outlook";
import { modelList } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let owner: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  owner = await org.person("Priya Raman", "contributor");
});
afterAll(() => t.drop());

const ago = (days: number) => new Date(org.now.at.getTime() - days * 86_400_000);
async function model(name: string, set: Partial<typeof models.$inferInsert>, days: number) {
  const id = newId();
  await t.db.insert(models).values({
    id,
    name,
    platform: "mlflow",
    stage: "development",
    businessUnitId: org.units.retail,
    ownerId: owner.actor.id,
    tier: 2,
    createdAt: ago(days),
    updatedAt: ago(days),
    ...set,
  });
  return id;
}
const names = async (filter: Record<string, string>) =>
  (await modelList(owner, { order: "name", ...filter })).models.map((m) => m.name);

test("new, retired and stuck are counted with their reasons, and each number's filter opens the same rows", async () => {
  await model("old-pilot", { stage: "pilot", gateDecision: "deny", gateReasons: 2 }, 200);
  await model("orphan", { stage: "review", ownerId: null }, 100);
  await model("fresh", {}, 3);
  await model("served", { stage: "live" }, 300);
  await model("joined", { stage: "review", joinedToId: await model("whole", { stage: "live" }, 300) }, 300);
  await changeStage(owner, { name: "served", to: "retired", reason: "Replaced." });
  const { totals, stuck, reasons, days } = await portfolioOutlook(owner, {});
  expect(totals).toMatchObject({ models: 4, new: 1, retired: 1, stuck: 2, ownerless: 1, budget: null });
  expect(stuck.map((m) => [m.name, m.why])).toEqual([
    ["old-pilot", "The gate denies it: reasons 2"],
    ["orphan", "Nobody owns it"],
  ]);
  expect(reasons).toEqual([
    { why: "Nobody owns it", n: 1 },
    { why: "The gate denies it", n: 1 },
  ]);
  expect(await names({ enteredSince: days.recent })).toEqual(["fresh"]);
  expect(await names({ stage: "retired", movedSince: days.recent })).toEqual(["served"]);
  expect(await names({ stage: "development,review,pilot,shadow,retiring", notMovedSince: days.stuck })).toEqual([
    "old-pilot",
    "orphan",
  ]);
});

test("a model that moves is not stuck from then on", async () => {
  const id = await model("mover", { stage: "review" }, 90);
  await changeStage(owner, { name: "mover", to: "pilot", reason: "" });
  const [row] = await t.db.select({ since: models.stageSince }).from(models).where(eq(models.id, id));
  expect(row?.since).toEqual(org.now.at);
});

test("a use case without a value or a scored model is on the map as not known, never as zero", async () => {
  const id = newId();
  await t.db.insert(useCases).values({
    id,
    ref: "UC-9001",
    name: "Nudges",
    problem: "People overdraw.",
    sponsor: "Marit Eide",
    status: "live",
    businessUnitId: org.units.retail,
    createdAt: org.now.at,
    updatedAt: org.now.at,
  });
  const { points } = await portfolioOutlook(owner, {});
  expect(points).toEqual([
    expect.objectContaining({ ref: "UC-9001", valueEur: null, score: null, tier: null, models: 0 }),
  ]);
});
