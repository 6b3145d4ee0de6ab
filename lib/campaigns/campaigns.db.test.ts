import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { campaignItems, campaigns } from "@/db/schema/campaigns";
import { logEntries } from "@/db/schema/log";
import { models } from "@/db/schema/models";
import { businessUnits } from "@/db/schema/org";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { myQueue } from "@/lib/queue/queries";
import { reconciliationList } from "@/lib/reconciliation/queries";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { setHead } from "@/lib/units/head";
import { answerCampaign } from "./answer";
import { closeCampaign } from "./close";
import { openCampaign } from "./open";
import { campaignGet, campaignItemList, campaignSnapshot } from "./queries";
import { sweepCampaigns } from "./sweep";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let compliance: Ctx;
let priya: Ctx;
let jonas: Ctx;
let head: Ctx;
let admin: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  compliance = await org.person("Samuel Oyelaran", "compliance");
  priya = await org.person("Priya Raman", "contributor", [org.units.retail]);
  jonas = await org.person("Jonas Weil", "contributor", [org.units.retail]);
  head = await org.person("Marit Eide", "executive");
  admin = await org.person("Elin Brandt", "admin");
  await setHead(admin, { unit: "group", person: head.actor.id });
});
afterAll(() => t.drop());
beforeEach(async () => {
  await t.db.update(models).set({ stage: "retired" });
  await t.db.update(campaignItems).set({ state: "disowned" }).where(eq(campaignItems.state, "open"));
});

let n = 0;
async function model(owner: Ctx | null, set: Partial<typeof models.$inferInsert> = {}) {
  n += 1;
  const row = { id: newId(), name: `model-${String(n).padStart(2, "0")}` };
  await t.db.insert(models).values({
    ...row,
    platform: "mlflow",
    stage: "live",
    tier: 1,
    businessUnitId: org.units.retail,
    ownerId: owner?.actor.id ?? null,
    createdAt: org.now.at,
    updatedAt: org.now.at,
    ...set,
  });
  return row;
}
const open = (set: Record<string, unknown> = {}) =>
  openCampaign(compliance, { title: "Owners confirm, autumn", dueOn: "2026-11-20", ...set });
const at = (ctx: Ctx, day: string): Ctx => ({ ...ctx, now: () => new Date(`${day}T08:00:00Z`) });
const system = (day: string): Ctx => at({ ...compliance, actor: systemActor }, day);
const row = async (id: string) => (await t.db.select().from(models).where(eq(models.id, id)))[0];
const mine = async (ctx: Ctx) => (await myQueue(ctx, {})).filter((i) => i.lane === "Ownership").map((i) => i.title);

test("a campaign from start to snapshot: asked in the queue, confirmed in bulk, frozen as bytes whose digest the log holds", async () => {
  const a = await model(priya);
  const b = await model(priya);
  await model(jonas);
  await model(priya, { tier: 3 });
  const { ref, models: count, owners } = await open({ tiers: [1] });
  expect({ count, owners }).toEqual({ count: 3, owners: 2 });
  expect(await mine(priya)).toEqual(["Confirm 2 models: Owners confirm, autumn"]);
  expect(await answerCampaign(priya, { ref, answer: "confirm" })).toMatchObject({ models: 2 });
  expect(await mine(priya)).toEqual([]);
  expect(await mine(jonas)).toHaveLength(1);
  expect((await campaignGet(compliance, { ref })).units).toMatchObject([
    { slug: "retail", models: 3, attested: 2, open: 1 },
  ]);

  await expect(campaignSnapshot(compliance, { ref })).rejects.toMatchObject({ code: "not_found" });
  const { sha256, counts } = await closeCampaign(compliance, { ref });
  expect(counts).toEqual({ confirmed: 2, open: 1 });
  const frozen = await campaignSnapshot(compliance, { ref });
  const bytes = Buffer.from(frozen.content, "base64");
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
  const record = JSON.parse(bytes.toString());
  expect(record.models.map((m: { model: string; state: string }) => [m.model, m.state])).toEqual([
    [a.name, "confirmed"],
    [b.name, "confirmed"],
    ["model-03", "open"],
  ]);
  expect(record.models[0]).toMatchObject({
    attested: true,
    answeredBy: "priya.raman@example.com",
    record: { tier: 1, owner: "priya.raman@example.com" },
  });
  const [entry] = await t.db.select().from(logEntries).where(eq(logEntries.name, "campaign.closed"));
  expect(JSON.parse(entry?.body?.toString() ?? "{}")).toMatchObject({ sha256 });
  await expect(answerCampaign(jonas, { ref, answer: "confirm" })).rejects.toMatchObject({ code: "conflict" });
  await expect(closeCampaign(compliance, { ref })).rejects.toMatchObject({ code: "conflict" });
  await expect(t.db.update(campaigns).set({ title: "x" }).where(eq(campaigns.ref, ref))).rejects.toMatchObject({
    cause: { code: "CS001" },
  });
});

test("what was attested is what stood there then, whatever changes afterwards", async () => {
  const a = await model(priya);
  const { ref } = await open();
  await answerCampaign(priya, { ref, models: [a.name], answer: "correct", team: "Card risk", deputy: jonas.actor.id });
  expect(await row(a.id)).toMatchObject({ team: "Card risk", backupOwnerId: jonas.actor.id });
  await t.db.update(models).set({ team: "Another" }).where(eq(models.id, a.id));
  await closeCampaign(compliance, { ref });
  const record = JSON.parse(Buffer.from((await campaignSnapshot(compliance, { ref })).content, "base64").toString());
  expect(record.models[0]).toMatchObject({
    state: "corrected",
    record: { team: "Card risk", deputy: "jonas.weil@example.com" },
  });
});

test("a hand-over moves the model and asks the new owner; not mine leaves it without owner, in the worklist at once", async () => {
  const a = await model(priya);
  const b = await model(priya);
  const { ref } = await open();
  await answerCampaign(priya, { ref, models: [a.name], answer: "hand_over", owner: jonas.actor.id });
  expect(await row(a.id)).toMatchObject({ ownerId: jonas.actor.id });
  expect(await mine(jonas)).toEqual(["Confirm 1 model: Owners confirm, autumn"]);
  await answerCampaign(priya, { ref, models: [b.name], answer: "not_mine", note: "Claims built it; ask Daniel." });
  expect(await row(b.id)).toMatchObject({ ownerId: null });
  const { items } = await reconciliationList(org.ctxOf({ ...jonas.actor }), { kind: "ownerless" });
  expect(items.map((i) => [i.model?.name, i.evidence.disownedBy])).toEqual([[b.name, "Priya Raman"]]);
  await expect(answerCampaign(priya, { ref, models: [a.name], answer: "confirm" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("owners are reminded on the days that were set, once each, and the head of the unit hears after the due day", async () => {
  await model(priya);
  await model(null);
  const { ref } = await open({ remindDays: [7, 1] });
  // A model that nobody owns waits on the head from the start.
  expect(await mine(head)).toEqual(["Confirm 1 model: Owners confirm, autumn"]);
  expect(await sweepCampaigns(system("2026-11-12"), {})).toEqual({ reminded: 0, escalated: 0 });
  expect(await sweepCampaigns(system("2026-11-13"), {})).toEqual({ reminded: 1, escalated: 0 });
  expect(await sweepCampaigns(system("2026-11-14"), {})).toEqual({ reminded: 0, escalated: 0 });
  expect(await sweepCampaigns(system("2026-11-19"), {})).toEqual({ reminded: 1, escalated: 0 });
  expect(await sweepCampaigns(system("2026-11-20"), {})).toEqual({ reminded: 0, escalated: 0 });
  expect(await sweepCampaigns(system("2026-11-21"), {})).toEqual({ reminded: 0, escalated: 1 });
  expect(await sweepCampaigns(system("2026-11-22"), {})).toEqual({ reminded: 0, escalated: 0 });
  expect(await mine(head)).toEqual(["Confirm 2 models: Owners confirm, autumn"]);
  expect((await campaignItemList(compliance, { ref, state: "open" })).items.map((i) => i.escalatedTo)).toEqual([
    "Marit Eide",
    "Marit Eide",
  ]);
  expect(
    await answerCampaign(at(head, "2026-11-23"), { ref, answer: "hand_over", owner: jonas.actor.id }),
  ).toMatchObject({ models: 2 });
});

test("only those who are asked answer, only the second line runs campaigns, and odd answers name their field", async () => {
  const a = await model(priya);
  await expect(openCampaign(priya, { title: "Mine alone", dueOn: "2026-12-20" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(open({ dueOn: "2026-11-01" })).rejects.toMatchObject({ code: "invalid", faults: [{ field: "dueOn" }] });
  await expect(open({ tiers: [4] })).rejects.toMatchObject({ code: "conflict" });
  const { ref } = await open();
  await expect(answerCampaign(jonas, { ref, models: [a.name], answer: "confirm" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(answerCampaign(priya, { ref, answer: "hand_over" })).rejects.toMatchObject({
    faults: [{ field: "owner" }],
  });
  await expect(answerCampaign(priya, { ref, answer: "not_mine" })).rejects.toMatchObject({
    faults: [{ field: "note" }],
  });
  await expect(answerCampaign(priya, { ref, answer: "correct" })).rejects.toMatchObject({
    faults: [{ field: "deputy" }],
  });
  await expect(answerCampaign(org.service("Bot"), { ref, models: [a.name], answer: "confirm" })).rejects.toMatchObject({
    code: "forbidden",
  });
  expect(await row(a.id)).toMatchObject({ ownerId: priya.actor.id });
  expect((await t.db.select().from(businessUnits).where(eq(businessUnits.slug, "group")))[0]).toMatchObject({
    headId: head.actor.id,
  });
});
