import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { days, evidence, mara, outsider, person, type Readiness, slo, testReadiness } from "@/lib/testing/readiness";
import { attest } from "./attest";
import { itemModels, readinessMap, readinessTrend } from "./organisation";
import { modelReadiness } from "./queries";
import { checkReadiness } from "./take";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
const everywhere = person("Agnes Thorne", ["auditor"], null);
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
});
afterAll(() => t.drop());

test("the map counts each item per unit, opens its rows, and follows what changes with its day", async () => {
  const names: string[] = [];
  for (let i = 0; i < 3; i++) {
    await w.fresh();
    names.push(w.model.name);
    if (i > 0) await w.observe(i === 1 ? slo : { ...slo, "slo.reporting": false });
    await checkReadiness(w.as(mara), { name: w.model.name });
  }
  const cell = async () => (await readinessMap(w.as(everywhere), {})).cells.find((c) => c.item === "slo-1");
  expect(await cell()).toMatchObject({ pass: 1, fail: 1, unknown: 1, waived: 0 });
  const { cells } = await readinessMap(w.as(everywhere), { tier: 1 });
  expect(cells).toEqual([]);

  const rows = async (over: object = {}) => itemModels(w.as(everywhere), { item: "slo-1", ...over });
  expect((await rows({ state: "fail" })).items.map((r) => r.model)).toEqual([names[2]]);
  const first = await rows({ limit: 2 });
  const second = await rows({ limit: 2, after: first.next ?? "" });
  expect([...first.items, ...second.items].map((r) => r.model)).toEqual([...names].sort());
  expect([first.total, second.next]).toEqual([3, null]);

  const since = async () => new Date((await rows()).items.find((r) => r.model === names[2])?.since ?? 0).toISOString();
  await checkReadiness(w.as(mara, days(0.2)), { name: names[2] });
  expect(await since()).toBe(days(0).toISOString());
  await w.observe(slo, days(1));
  await checkReadiness(w.as(mara, days(1)), { name: names[2] });
  expect(await since()).toBe(days(1).toISOString());
  expect(await cell()).toMatchObject({ pass: 2, fail: 0, unknown: 1 });

  const { items: weeks } = await readinessTrend(w.as(everywhere, days(8)), {});
  expect(weeks).toHaveLength(12);
  expect(weeks.at(-1)).toMatchObject({ models: 3, total: 117 });
  expect(weeks.at(-1)?.met).toBe((weeks.at(-2)?.met ?? 0) + 0);
  expect(weeks[0]).toMatchObject({ models: 0, total: 0 });
});

test("whoever's roles reach another unit only sees nothing of this one", async () => {
  expect((await readinessMap(w.as(outsider), {})).cells).toEqual([]);
  expect((await itemModels(w.as(outsider), { item: "slo-1" })).items).toEqual([]);
  await expect(readinessMap(w.as(person("Nobody", [])), {})).rejects.toMatchObject({ code: "forbidden" });
  await expect(itemModels(w.as(everywhere), { item: "no-1" })).rejects.toMatchObject({ code: "invalid" });
});

test("the owner's view names what comes first, and what rests on a word by hand", async () => {
  await w.fresh();
  const view = async () => (await modelReadiness(w.as(mara), { name: w.model.name })).items;
  expect((await view()).find((i) => i.id === "slo-1")).toMatchObject({ effort: "hours", first: ["mon-1"] });
  await attest(w.as(mara), { name: w.model.name, items: ["mon-1"], ...evidence });
  expect((await view()).find((i) => i.id === "slo-1")?.first).toEqual([]);
  expect((await view()).find((i) => i.id === "mon-1")).toMatchObject({ state: "pass", byHand: true });
});
