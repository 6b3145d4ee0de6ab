import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { planEndOfLife } from "./end-of-life";
import { modelList } from "./queries";
import { registerModel } from "./register";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let owner: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  owner = await org.person("Otto Owner", "architect");
  for (const [name, description] of [
    ["card-fraud-score", "Declines stolen cards before they settle."],
    ["claims-triage", "Sorts insurance claims by urgency."],
    ["sure", ""],
  ] as const)
    await registerModel(owner, {
      name,
      description,
      kind: "classical",
      servingType: "batch",
      platform: "other",
      businessUnit: "retail",
    });
});
afterAll(() => t.drop());

const find = async (q: string, ctx = owner) => (await modelList(ctx, { q, order: "name" })).models.map((m) => m.name);

test.each([
  ["a part of the name", "fraud", ["card-fraud-score"]],
  ["a word of the description in another form", "claim sorting", ["claims-triage"]],
  ["the beginning of the last word", "stolen ca", ["card-fraud-score"]],
  ["a name with a typing error", "card-fruad-scoer", ["card-fraud-score"]],
  ["nothing", "zebra crossing", []],
  ["signs that mean something to a query language", "':* & | ! <-> (", []],
  ["a wildcard as itself", "%", []],
])("%s: %s", async (_what, q, names) => {
  expect(await find(q)).toEqual(names);
});

test("the past is searched like the present", async () => {
  org.now.at = new Date("2026-11-10T09:00:00Z");
  await planEndOfLife(owner, { name: "claims-triage", date: "2027-01-31", reason: "Replaced." });
  const then = { ...owner, asOf: new Date("2026-11-05T09:00:00Z") };
  expect(await find("claims-traige", then)).toEqual(["claims-triage"]);
  const ending = async (ctx: Ctx) => (await modelList(ctx, { ends: "yes" })).models.map((m) => m.name);
  expect(await ending(owner)).toEqual(["claims-triage"]);
  expect(await ending(then)).toEqual([]);
});
