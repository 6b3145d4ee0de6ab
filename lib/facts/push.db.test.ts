import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { testDatabase } from "@/lib/testing/database";
import { days, mara, type Readiness, service, slo, testReadiness } from "@/lib/testing/readiness";
import { factHistory } from "./history";
import { pushFacts } from "./push";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
});
afterAll(() => t.drop());
beforeEach(() => w.fresh());

test("pushed facts are typed against the catalogue; an unknown key is refused with the nearest one, and nothing is kept", async () => {
  const push = (facts: unknown[]) => pushFacts(w.as(service), { facts, run: "build 812" });
  await expect(
    push([
      { model: w.model.name, key: "slo.count", value: 2 },
      { model: w.model.name, key: "slo.reportin", value: true },
    ]),
  ).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "facts.1.key", message: expect.stringContaining('Did you mean "slo.reporting"?') }],
  });
  await expect(push([{ model: w.model.name, key: "slo.count", value: "two" }])).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(push([{ model: w.model.name, key: "run.commit", value: "4f2a91c" }])).rejects.toMatchObject({
    faults: [{ field: "facts.0.version" }],
  });
  await expect(push([{ model: "no-such-model", key: "slo.count", value: 2 }])).rejects.toMatchObject({
    faults: [{ field: "facts.0.model" }],
  });
  await expect(push([{ model: w.model.name, key: "risk.provisional", value: false }])).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(
    pushFacts(w.as(mara), { facts: [{ model: w.model.name, key: "slo.count", value: 2 }] }),
  ).rejects.toMatchObject({
    code: "forbidden",
  });
  expect(await w.item("slo-1")).toMatchObject({ state: "unknown" });

  await push(Object.entries(slo).map(([key, value]) => ({ model: w.model.name, key, value })));
  expect(await w.item("slo-1")).toMatchObject({ state: "pass", source: "CI" });
  expect(await w.logged()).toEqual(["facts.pushed"]);
});

test("a wrong unit, a future time and a value that is no number are named, each by its field", async () => {
  const at = (ms: number) => new Date(w.as(service).now().getTime() + ms).toISOString();
  const one = (more: object) => ({ model: w.model.name, key: "serving.latency_ms", value: 240, ...more });
  await expect(
    pushFacts(w.as(service), {
      facts: [
        one({ unit: "second" }),
        one({ effectiveAt: at(3_600_000) }),
        one({ value: "NaN" }),
        one({ key: "slo.reporting", value: true, unit: "percent" }),
      ],
    }),
  ).rejects.toMatchObject({
    code: "invalid",
    faults: [
      { field: "facts.0.unit", message: expect.stringContaining("in millisecond, not in second") },
      { field: "facts.1.effectiveAt" },
      { field: "facts.2.value" },
      { field: "facts.3.unit", message: expect.stringContaining("has no unit") },
    ],
  });
  await expect(pushFacts(w.as(service), { facts: [one({ value: Number.NaN })] })).rejects.toMatchObject({
    code: "invalid",
  });
  expect(await pushFacts(w.as(service), { facts: [one({ unit: "millisecond" })] })).toMatchObject({ changed: 1 });
});

test("another team's model is not there; the same push twice, and one that comes late, change nothing", async () => {
  const elsewhere = { ...service, grants: [{ role: "service" as const, units: [newId()] }] };
  const push = (value: number, day: number, as = service) =>
    pushFacts(w.as(as, days(5)), {
      facts: [{ model: w.model.name, key: "slo.attainment", value, effectiveAt: days(day).toISOString() }],
    });
  await expect(push(0.9, 0, elsewhere)).rejects.toMatchObject({
    code: "not_found",
    faults: [{ field: "facts.0.model" }],
  });
  expect(await push(0.97, 2)).toEqual({ changed: 1, refreshed: 0, late: 0 });
  expect(await push(0.97, 2)).toEqual({ changed: 0, refreshed: 1, late: 0 });
  expect(await push(0.5, 1)).toEqual({ changed: 0, refreshed: 0, late: 1 });
  expect(await push(0.5, 1)).toEqual({ changed: 0, refreshed: 1, late: 0 });
  // What changed nothing has nothing assessed again; what had grown stale meanwhile has.
  const waiting = async () =>
    (
      await t.db.execute(
        sql`update job set state = 'done' where state = 'waiting' and unique_key = ${`readiness.refresh ${w.model.id}`} returning id`,
      )
    ).rows.length;
  expect(await waiting()).toBe(1);
  expect([await push(0.97, 2), await waiting()]).toEqual([{ changed: 0, refreshed: 1, late: 0 }, 0]);
  const again = [{ model: w.model.name, key: "slo.attainment", value: 0.97, effectiveAt: days(2).toISOString() }];
  await pushFacts(w.as(service, days(9)), { facts: again });
  expect(await waiting()).toBe(1);
  const { items } = await factHistory(w.as(mara, days(5)), { name: w.model.name, key: "slo.attainment" });
  expect(items.map((i) => [i.value, i.state])).toEqual(
    expect.arrayContaining([
      [0.97, "current"],
      [0.5, "late"],
    ]),
  );
  expect(items).toHaveLength(2);
});
