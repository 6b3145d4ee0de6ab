import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useCases } from "@/db/schema/models";
import type { Ctx } from "@/lib/core/command";
import { changeStage } from "@/lib/models/change-stage";
import { modelList } from "@/lib/models/queries";
import { registerModel } from "@/lib/models/register";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { editUseCase } from "./edit";
import { linkModel, unlinkModel } from "./link";
import { useCaseGet, useCaseList } from "./queries";
import { registerUseCase } from "./register";
import { money } from "./use-case";

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
  expect(
    await registerUseCase(owner, { ...fraud, value: { amount: "250000.50", kind: "loss_avoided" } }),
  ).toMatchObject({ ref: "UC-0001" });
  await expect(registerUseCase(owner, fraud)).rejects.toMatchObject({ code: "conflict", faults: [{ field: "name" }] });
  expect(await t.db.select().from(useCases)).toMatchObject([
    { name: "Card fraud", valueAmount: "250000.50", valueCurrency: "EUR", valueEur: "250000.50" },
  ]);
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
    () => registerUseCase(owner, { ...fraud, name: "Other", value: { amount: "much", kind: "other" } }),
    "invalid",
  ],
])("registered %s: refused", async (_what, call, code) => {
  await expect((async () => call())()).rejects.toMatchObject({ name: "Refusal", code });
});

describe("a use case that models serve", () => {
  beforeAll(async () => {
    for (const name of ["fraud-score", "fraud-rules"])
      await registerModel(owner, {
        name,
        kind: "classical",
        servingType: "online",
        platform: "on_prem",
        stage: "live",
        businessUnit: "retail",
      });
    await registerUseCase(owner, {
      ...fraud,
      name: "Disputes",
      value: { amount: 90, currency: "CHF", kind: "revenue" },
    });
  });

  test("a model's first use case is its main one, further ones stand beside it", async () => {
    await linkModel(owner, { useCase: "UC-0001", model: "fraud-score" });
    await linkModel(owner, { useCase: "Disputes", model: "fraud-score" });
    await linkModel(owner, { useCase: "UC-0001", model: "fraud-rules" });
    expect(await useCaseGet(owner, { useCase: "uc-0001" })).toMatchObject({
      models: 2,
      live: 2,
      serving: [
        { name: "fraud-rules", main: true },
        { name: "fraud-score", main: true },
      ],
    });
    expect(await useCaseGet(owner, { useCase: "Disputes" })).toMatchObject({
      valueEur: null,
      serving: [{ name: "fraud-score", main: false }],
    });
    const { models } = await modelList(owner, { useCase: (await useCaseGet(owner, { useCase: "Disputes" })).ref });
    expect(models.map((m) => m.name)).toEqual(["fraud-score"]);
  });

  test("it retires when nothing live serves it any more", async () => {
    const { revision, ref } = await useCaseGet(owner, { useCase: "Disputes" });
    await expect(editUseCase(owner, { useCase: ref, revision, status: "retired" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("fraud-score is live for Disputes"),
    });
    await unlinkModel(owner, { useCase: ref, model: "fraud-score" });
    await editUseCase(owner, { useCase: ref, revision, status: "retired" });
    await expect(linkModel(owner, { useCase: ref, model: "fraud-rules" })).rejects.toMatchObject({ code: "conflict" });
    await changeStage(owner, { name: "fraud-rules", to: "retired" });
  });

  test("an edit of what someone else changed is refused; the same edit again changes nothing", async () => {
    const before = await useCaseGet(owner, { useCase: "UC-0001" });
    const edit = { useCase: "UC-0001", revision: before.revision, euRole: "deployer", legalClass: "minimal" };
    expect(await editUseCase(owner, edit)).toMatchObject({ revision: before.revision + 1 });
    await expect(editUseCase(owner, edit)).rejects.toMatchObject({ code: "conflict", faults: [{ field: "revision" }] });
    const same = { ...edit, revision: before.revision + 1, value: { amount: "250000.5", kind: "loss_avoided" } };
    expect(await editUseCase(owner, same)).toMatchObject({ revision: before.revision + 1 });
    await expect(editUseCase(owner, { ...same, name: "Disputes" })).rejects.toMatchObject({
      faults: [{ field: "name" }],
    });
    await expect(editUseCase(viewer, { ...same, sponsor: "Nobody" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(editUseCase(owner, { ...same, businessUnit: "claims" })).rejects.toMatchObject({ code: "forbidden" });
  });

  test("the list is filtered by every word of its own", async () => {
    const names = async (filter: object) => (await useCaseList(viewer, filter)).useCases.map((c) => c.name);
    expect(await names({ euRole: "deployer" })).toEqual(["Card fraud"]);
    expect(await names({ status: "retired" })).toEqual(["Disputes"]);
    expect(await names({ legalClass: "none" })).toEqual(["Disputes"]);
    expect(await names({ owner: "otto.owner@example.com", q: "FRAUDulent" })).toEqual(["Card fraud", "Disputes"]);
    expect(await names({ unit: "group" })).toEqual(["Card fraud", "Disputes"]);
    expect(await names({ unit: "claims" })).toEqual([]);
  });
});

test.each([
  ["38000000.00", "EUR", "€38,000,000"],
  ["1250.50", "CHF", "CHF 1,250.50"],
  ["0.00", "EUR", "€0"],
])("%s %s reads %s", (amount, currency, text) => {
  expect(money(amount, currency)).toBe(text);
});
