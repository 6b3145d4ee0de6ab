import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { incidents, models, riskAssessments } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { type Actor, systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { entriesFor } from "@/lib/log/queries";
import { myQueue } from "@/lib/queue/queries";
import { testDatabase } from "@/lib/testing/database";
import { days, mara, monday, type Readiness, testReadiness } from "@/lib/testing/readiness";
import { adoptMethod } from "./adopt";
import { assessRisk } from "./assess";
import { replayRisk } from "./calibration";
import { overrideTier, withdrawOverride } from "./override";
import { modelRisk } from "./queries";
import { askRescore, sweepRisk } from "./rescore";
import { questionIds } from "./tier";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
const risk: Actor = {
  kind: "person",
  id: newId(),
  name: "Amara Okafor",
  grants: [{ role: "model_risk", units: null }],
  scopes: null,
};
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
  await t.db.insert(people).values({ id: risk.id, name: risk.name, email: "amara@example.com", createdAt: monday });
});
afterAll(() => t.drop());
beforeEach(() => w.fresh());

const all = (points: number) => Object.fromEntries(questionIds.map((q) => [q, points]));
const reason = "Its output is read by two analysts who decide without it.";
const row = async () => (await t.db.select().from(models).where(eq(models.id, w.model.id)))[0];
const assess = (answers: Record<string, number>, at = monday) =>
  assessRisk(w.as(mara, at), { name: w.model.name, answers, legalClass: "minimal" });
const override = (tier: number, who = risk, expiresOn = "2027-06-30") =>
  overrideTier(w.as(who), { name: w.model.name, tier, reason, expiresOn });

test("the second line overrides one step down with a reason, and new answers end it", async () => {
  await assess({ ...all(2), Q1: 1 });
  expect(await row()).toMatchObject({ tier: 2 });
  await override(3);
  expect(await row()).toMatchObject({ tier: 3, tierDriver: "override" });
  expect((await modelRisk(w.as(risk), { name: w.model.name })).overrides).toMatchObject([
    { fromTier: 2, toTier: 3, byName: "Amara Okafor" },
  ]);
  await expect(override(1)).rejects.toMatchObject({ code: "conflict" });
  await assess({ ...all(2), Q1: 1, Q2: 1 }, days(1));
  expect(await row()).toMatchObject({ tier: 2 });
  expect((await modelRisk(w.as(risk), { name: w.model.name })).overrides).toMatchObject([
    { endedWhy: "answered_again" },
  ]);
  expect((await entriesFor(t.db, { modelId: w.model.id, limit: 1 }))[0]?.summary).toContain(
    "the override by Amara Okafor ends",
  );
});

test("an override that was withdrawn gives the tier of the answers again", async () => {
  await assess({ ...all(2), Q1: 1 });
  await override(1);
  expect(await row()).toMatchObject({ tier: 1 });
  expect(await withdrawOverride(w.as(risk), { name: w.model.name })).toMatchObject({ tier: 2 });
});

test.each<[string, Record<string, number>, number, string, string]>([
  ["two steps down", { ...all(2), Q1: 1 }, 4, "2027-06-30", "tier"],
  ["below a floor", { ...all(1), Q1: 3 }, 3, "2027-06-30", "tier"],
  ["to the same tier", { ...all(2), Q1: 1 }, 2, "2027-06-30", "tier"],
  ["for longer than a year", { ...all(2), Q1: 1 }, 3, "2029-01-01", "expiresOn"],
  ["into the past", { ...all(2), Q1: 1 }, 3, "2020-01-01", "expiresOn"],
])("an override %s is refused and names the field", async (_what, answers, tier, expiresOn, field) => {
  await assess(answers);
  await expect(override(tier, risk, expiresOn)).rejects.toMatchObject({ code: "invalid", faults: [{ field }] });
});

test("the owner, whoever answered, and other roles override nothing", async () => {
  await assess({ ...all(2), Q1: 1 });
  const both: Actor = { ...mara, grants: [...mara.grants, { role: "model_risk", units: null }] };
  await expect(override(3, both)).rejects.toMatchObject({ code: "forbidden" });
  await expect(override(3, mara)).rejects.toMatchObject({ code: "forbidden" });
  await expect(override(3, { ...risk, kind: "agent" })).rejects.toMatchObject({ code: "forbidden" });
});

test("an override that runs out falls back by itself, is said, and is in the owner's queue", async () => {
  await assess({ ...all(2), Q1: 1 });
  await override(
    3,
    risk,
    monday
      .toISOString()
      .slice(0, 10)
      .replace(/^\d{4}/, (y) => String(Number(y) + 1)),
  );
  const later = days(366);
  expect(await sweepRisk(w.as(systemActor, days(300)), {})).toMatchObject({ expired: [] });
  expect(await sweepRisk(w.as(systemActor, later), {})).toMatchObject({ expired: [w.model.name] });
  expect(await row()).toMatchObject({ tier: 2, rescoreWhy: expect.arrayContaining(["override expired"]) });
  expect((await entriesFor(t.db, { modelId: w.model.id, limit: 1 }))[0]?.summary).toContain("tier 2 again");
  const mine = await myQueue(w.as(mara, later), {});
  expect(mine.map((i) => i.title)).toContain(`Score the risk of ${w.model.name} again`);
});

test("what changed since the answers asks for new ones, once, and new answers clear it", async () => {
  await assess(all(1));
  expect(await sweepRisk(w.as(systemActor), {})).toEqual({ toRescore: 0, expired: [] });
  await t.db.update(models).set({ kind: "agent" }).where(eq(models.id, w.model.id));
  await w.observe({ "data.class": "internal" });
  await t.db.insert(incidents).values({
    id: newId(),
    ref: `INC-${newId().slice(-6)}`,
    modelId: w.model.id,
    title: "Declined the wrong people",
    severity: 1,
    startedAt: days(2),
    intervention: "rollback",
    reportedBy: "test",
    reportedOn: "2026-11-20",
  });
  expect(await sweepRisk(w.as(systemActor, days(3)), {})).toMatchObject({ toRescore: 1 });
  expect(await sweepRisk(w.as(systemActor, days(3)), {})).toMatchObject({ toRescore: 0 });
  expect(await row()).toMatchObject({ rescoreWhy: ["incident", "model family"], rescoreSince: days(3), tier: 3 });
  await askRescore(w.as(risk, days(4)), {
    name: w.model.name,
    trigger: "law",
    note: "The new act covers it from spring.",
  });
  expect((await row())?.rescoreWhy).toEqual(["incident", "law", "model family"]);
  await assess(all(1), days(5));
  expect(await row()).toMatchObject({ rescoreWhy: [], rescoreSince: null });
  await w.observe({ "data.class": "personal" }, days(6));
  expect(await sweepRisk(w.as(systemActor, days(6)), {})).toMatchObject({ toRescore: 1 });
  expect((await row())?.rescoreWhy).toEqual(["data class"]);
});

test("a tier asks for new answers when its months are over", async () => {
  await assess(all(0));
  await sweepRisk(w.as(systemActor, days(700)), {});
  expect((await row())?.rescoreWhy).toEqual([]);
  await sweepRisk(w.as(systemActor, days(740)), {});
  expect((await row())?.rescoreWhy).toEqual(["age"]);
});

test("a weighting is replayed over all models without changing one; a version is adopted with its matrix", async () => {
  await assess({ ...all(0), Q9: 4, Q10: 4, Q11: 4 });
  const before = await row();
  const calm = await replayRisk(w.as(risk), {});
  expect(calm.moved).toBe(0);
  const tried = await replayRisk(w.as(risk), { complexity: "90", impact: "5", reliance: "5" });
  expect(tried.rows).toContainEqual(expect.objectContaining({ name: w.model.name, from: "4", to: "1" }));
  expect(tried.matrix.reduce((n, c) => n + c.n, 0)).toBe(tried.total);
  expect(
    await replayRisk(w.as(risk), { complexity: "90", impact: "5", reliance: "5", from: "4", to: "1" }),
  ).toMatchObject({ cell: expect.any(Number) });
  expect(await row()).toEqual(before);
  await expect(replayRisk(w.as(risk), { t1: "20", t2: "40" })).rejects.toMatchObject({ faults: [{ field: "t2" }] });

  await expect(adoptMethod(w.as(mara), { version: 2, reason })).rejects.toMatchObject({ code: "forbidden" });
  await expect(adoptMethod(w.as(risk), { version: 99, reason })).rejects.toMatchObject({ code: "not_found" });
  const adopted = await adoptMethod(w.as(risk, days(1)), { version: 2, reason });
  expect(adopted).toMatchObject({ version: 2, moved: 0 });
  const [entry] = await t.db.select().from(logEntries).where(eq(logEntries.name, "risk.method.adopted"));
  expect(entry?.summary).toMatch(/^put version 2 of the risk questionnaire in force: 0 of \d+ models change tier$/);
  await expect(adoptMethod(w.as(risk, days(1)), { version: 2, reason })).rejects.toMatchObject({ code: "conflict" });
  await assess(all(1), days(2));
  const [last] = await t.db
    .select()
    .from(riskAssessments)
    .where(eq(riskAssessments.modelId, w.model.id))
    .orderBy(desc(riskAssessments.answeredAt))
    .limit(1);
  expect(last).toMatchObject({ methodVersion: "countersign-tier/2", basis: "answers" });
});

test("going back to another version moves the tiers that had rested on other rules, and keeps the day of the answers", async () => {
  await assess(all(1), days(3));
  // Stands in for a version with other thresholds: the stored tier is not what the adopted rules give.
  const [given] = await t.db.select().from(riskAssessments).where(eq(riskAssessments.modelId, w.model.id));
  if (!given) throw new Error("No answers.");
  const id = newId();
  await t.db.insert(riskAssessments).values({ ...given, id, tier: 2 });
  await t.db.update(models).set({ tier: 2, riskAssessmentId: id }).where(eq(models.id, w.model.id));
  const adopted = await adoptMethod(w.as(risk, days(4)), { version: 1, reason });
  expect(adopted.matrix).toContainEqual({ from: "2", to: "3", n: 1 });
  expect(await row()).toMatchObject({ tier: 3 });
  const { items } = await modelRisk(w.as(risk), { name: w.model.name });
  expect(items[0]).toMatchObject({ basis: "method", tier: 3, answersAt: days(3), byName: "Amara Okafor" });
  expect((await entriesFor(t.db, { modelId: w.model.id, limit: 1 }))[0]?.name).toBe("risk.method.adopted");
});
