import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { mara, type Readiness, service, slo, testReadiness } from "@/lib/testing/readiness";
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
