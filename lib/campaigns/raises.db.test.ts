import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { models } from "@/db/schema/models";
import { simulateItem } from "@/lib/readiness/simulate";
import { checkReadiness } from "@/lib/readiness/take";
import { testDatabase } from "@/lib/testing/database";
import { days, ingrid, mara, outsider, person, type Readiness, slo, testReadiness } from "@/lib/testing/readiness";
import { answerCampaign } from "./answer";
import { closeCampaign } from "./close";
import { openRaise, withdrawRaise } from "./open-raise";
import { campaignGet, campaignItemList } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
const risk = person("Amara Okafor", ["model_risk"], null);
const architect = person("Tomasz Wieczorek", ["architect"], null);
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
});
afterAll(() => t.drop());
beforeEach(async () => {
  await w.fresh();
  await t.db.update(models).set({ tier: 4 }).where(eq(models.id, w.model.id));
  await checkReadiness(w.as(mara), { name: w.model.name });
});

const raise = (over: object = {}) =>
  openRaise(w.as(risk), { title: "SLOs in tier 4 too", item: "slo-1", tiers: [4], dueOn: "2026-12-16", ...over });
const state = async (ref: string) =>
  (await campaignItemList(w.as(ingrid), { ref, limit: 200 })).items.find((i) => i.model === w.model.name)?.state;

test("an item is raised from a day on; until then it is coming, and who meets it is told by assessments", async () => {
  expect(await w.item("slo-1")).toMatchObject({ required: false, countsFrom: null });
  const simulated = await simulateItem(w.as(ingrid), { item: "slo-1", tiers: ["4"] });
  expect(simulated.items.map((i) => i.model)).toContain(w.model.name);
  expect(simulated.missing).toBe(simulated.asked);

  await expect(
    openRaise(w.as(mara), { title: "Mine to ask", item: "slo-1", tiers: [4], dueOn: "2026-12-16" }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await expect(raise({ tiers: [2] })).rejects.toMatchObject({ code: "invalid" });
  const { ref } = await raise();
  await expect(raise()).rejects.toMatchObject({ code: "conflict" });
  expect(await w.item("slo-1")).toMatchObject({ required: false, countsFrom: "2026-12-16" });
  expect(await w.item("slo-1", new Date("2026-12-16T00:00:00Z"))).toMatchObject({ required: true, countsFrom: null });
  expect(await state(ref)).toBe("open");

  await w.observe(slo);
  await checkReadiness(w.as(mara), { name: w.model.name });
  expect(await state(ref)).toBe("met");
  await w.observe({ "slo.reporting": false }, days(0.1));
  await checkReadiness(w.as(mara, days(0.1)), { name: w.model.name });
  expect(await state(ref)).toBe("open");
  await expect(answerCampaign(w.as(mara), { ref, answer: "confirm" })).rejects.toMatchObject({ code: "conflict" });

  const { teams } = await campaignGet(w.as(ingrid), { ref });
  expect(teams.find((x) => x.team === "Fraud")?.open).toBeGreaterThan(0);
  await closeCampaign(w.as(risk), { ref });
  expect(await w.item("slo-1", new Date("2027-01-01T00:00:00Z"))).toMatchObject({ required: true });
  await expect(withdrawRaise(w.as(risk), { ref })).rejects.toMatchObject({ code: "conflict" });
});

test("a raise is taken back while its campaign is open; another unit's reader sees nothing of the simulation", async () => {
  const { ref } = await raise({ item: "onc-1", title: "On-call in tier 4 too" });
  expect(await w.item("onc-1")).toMatchObject({ countsFrom: "2026-12-16" });
  await expect(withdrawRaise(w.as(mara), { ref })).rejects.toMatchObject({ code: "forbidden" });
  await withdrawRaise(w.as(architect), { ref });
  expect(await w.item("onc-1", new Date("2027-01-01T00:00:00Z"))).toMatchObject({ required: false, countsFrom: null });
  expect((await simulateItem(w.as(outsider), { item: "res-2", tiers: "4" })).items).toEqual([]);
});
