import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { models } from "@/db/schema/models";
import { systemActor } from "@/lib/core/actor";
import { adoptPattern } from "@/lib/patterns/adopt";
import { currentAdoption } from "@/lib/patterns/queries";
import { testDatabase } from "@/lib/testing/database";
import { days, evidence, mara, monday, outsider, type Readiness, slo, testReadiness } from "@/lib/testing/readiness";
import { assess } from "./assess";
import { attest } from "./attest";
import { readinessJobs } from "./jobs";
import { modelReadiness } from "./queries";
import { checkReadiness } from "./take";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
});
afterAll(() => t.drop());
beforeEach(() => w.fresh());

test("facts decide, and a fact older than its key allows turns pass into unknown", async () => {
  expect(await w.item("slo-1")).toMatchObject({ state: "unknown", cause: "not_connected" });
  await w.observe(slo);
  expect(await w.item("slo-1")).toMatchObject({ state: "pass", source: "Prometheus EU", required: true });
  expect(await w.item("slo-1", days(2))).toMatchObject({ state: "unknown", cause: "stale" });
  await w.observe({ "slo.reporting": false }, days(2));
  expect(await w.item("slo-1", days(2))).toMatchObject({ state: "fail" });
});

test("the same facts give the same digest, whenever and however often it is asked", async () => {
  await w.observe(slo);
  const first = await assess(t.db, w.model.id, null, monday);
  const later = await assess(t.db, w.model.id, null, new Date(monday.getTime() + 3_600_000));
  expect(later.digest).toBe(first.digest);
  expect(later.content.equals(first.content)).toBe(true);
  await w.observe(slo, new Date(monday.getTime() + 1_800_000));
  expect((await assess(t.db, w.model.id, null, monday)).digest).toBe(first.digest);
  await w.observe({ "slo.count": 3 }, new Date(monday.getTime() + 2_400_000));
  expect((await assess(t.db, w.model.id, null, monday)).digest).not.toBe(first.digest);
});

test("counts add up, and what tier and type do not ask for does not count", async () => {
  const { counts, items } = await assess(t.db, w.model.id, null, monday);
  expect(counts.pass + counts.fail + counts.unknown + counts.waived).toBe(counts.total);
  expect(items.length).toBe(46);
  expect(items.filter((i) => i.required).length).toBe(39);
  expect(items.find((i) => i.id === "res-1")?.required).toBe(false);
  expect(items.find((i) => i.id === "agt-1")?.required).toBe(false);
});

test("a measured failure wins over anybody's word", async () => {
  await w.observe({ ...slo, "slo.reporting": false });
  await attest(w.as(mara), { name: w.model.name, items: ["slo-1"], ...evidence });
  expect(await w.item("slo-1")).toMatchObject({ state: "fail", source: "Prometheus EU" });
});

test("in tier 1 a person's word does not pass what facts decide, and does what asks for one", async () => {
  await t.db.update(models).set({ tier: 1 }).where(eq(models.id, w.model.id));
  await attest(w.as(mara), { name: w.model.name, items: ["slo-1", "sec-1"], ...evidence });
  expect(await w.item("sec-1")).toMatchObject({ state: "pass", source: "Mara Lindqvist" });
  expect(await w.item("slo-1")).toMatchObject({
    state: "unknown",
    why: expect.stringContaining("in tier 1 does not count for what facts decide"),
  });
  const { score } = await modelReadiness(w.as(mara), { name: w.model.name });
  expect(score.byHand).toBe(0);
  await w.observe(slo);
  expect(await w.item("slo-1")).toMatchObject({ state: "pass", source: "Prometheus EU" });
});

test("adoption pins version and digest and decides the architecture item", async () => {
  await expect(adoptPattern(w.as(mara), { name: w.model.name, pattern: "no-such" })).rejects.toMatchObject({
    code: "invalid",
  });
  const adopted = await adoptPattern(w.as(mara), { name: w.model.name, pattern: "online-inference-kubernetes" });
  expect(await currentAdoption(t.db, w.model.id)).toMatchObject({
    patternId: "online-inference-kubernetes",
    version: adopted.version,
    digest: adopted.digest,
    deviations: "",
  });
  expect(await w.item("arc-1")).toMatchObject({ state: "pass" });
  expect(await adoptPattern(w.as(mara), { name: w.model.name, pattern: "online-inference-kubernetes" })).toEqual(
    adopted,
  );
  await adoptPattern(w.as(mara), {
    name: w.model.name,
    pattern: "online-inference-kubernetes",
    deviations: "Features come from a local cache instead of the feature store.",
  });
  expect(await w.item("arc-1")).toMatchObject({ state: "fail" });
  expect(await w.logged()).toEqual(["pattern.adopted", "pattern.adopted"]);
});

test("checking again records what changed, and only that", async () => {
  const first = await checkReadiness(w.as(mara), { name: w.model.name });
  expect(first.changed).toBe(true);
  expect((await checkReadiness(w.as(mara, days(0.1)), { name: w.model.name })).changed).toBe(false);
  await w.observe(slo);
  await readinessJobs["readiness.refresh"]?.(w.as(systemActor), { modelId: w.model.id });
  expect(await w.logged()).toEqual(["readiness.assessed", "readiness.assessed"]);
  const [row] = await t.db.select().from(models).where(eq(models.id, w.model.id));
  expect(row?.readinessPass).toBe(first.counts.pass + 1);
});

test("the page's query carries the checklist's words, and hides a model of another unit", async () => {
  await attest(w.as(mara), { name: w.model.name, items: ["rel-1"], ...evidence });
  const page = await modelReadiness(w.as(mara), { name: w.model.name });
  expect(page.items.find((i) => i.id === "rel-1")).toMatchObject({ state: "pass", how: "auto", maxAgeDays: 180 });
  expect(page.attestations[0]).toMatchObject({ itemId: "rel-1", byName: "Mara Lindqvist", evidenceName: "drill.pdf" });
  await expect(modelReadiness(w.as(outsider), { name: w.model.name })).rejects.toMatchObject({ code: "not_found" });
});
