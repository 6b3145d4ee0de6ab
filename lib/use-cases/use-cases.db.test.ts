import { afterAll, beforeAll, expect, test } from "vitest";
import { useCases } from "@/db/schema/models";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { registerUseCase } from "./register";

let t: Awaited<ReturnType<typeof testDatabase>>;
let owner: Ctx;
let viewer: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  owner = await org.person("Otto Owner", "contributor", [org.units.retail]);
  viewer = await org.person("Vera Viewer", "viewer");
});
afterAll(() => t.drop());

const fraud = {
  name: "Card fraud",
  problem: "Stop fraudulent card payments before they settle.",
  sponsor: "Head of Cards",
  businessUnit: "retail",
};

test("a use case gets a reference; its name is taken once", async () => {
  expect(await registerUseCase(owner, { ...fraud, valueEur: "250000.50" })).toMatchObject({ ref: "UC-0001" });
  await expect(registerUseCase(owner, fraud)).rejects.toMatchObject({ code: "conflict", faults: [{ field: "name" }] });
  expect(await t.db.select().from(useCases)).toMatchObject([{ name: "Card fraud", valueEur: "250000.50" }]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ["by a viewer", () => registerUseCase(viewer, { ...fraud, name: "Other" }), "forbidden"],
  ["in another unit", () => registerUseCase(owner, { ...fraud, name: "Other", businessUnit: "claims" }), "forbidden"],
  [
    "in a unit that is not there",
    () => registerUseCase(owner, { ...fraud, name: "Other", businessUnit: "x" }),
    "invalid",
  ],
  [
    "with a value that is no amount",
    () => registerUseCase(owner, { ...fraud, name: "Other", valueEur: "much" }),
    "invalid",
  ],
])("registered %s: refused", async (_what, call, code) => {
  await expect((async () => call())()).rejects.toMatchObject({ name: "Refusal", code });
});
