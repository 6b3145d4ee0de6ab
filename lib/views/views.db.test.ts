import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { dropView, editView, saveView } from "./keep";
import { viewList } from "./queries";
import { viewQuery } from "./view";

let t: Awaited<ReturnType<typeof testDatabase>>;
let owner: Ctx;
let architect: Ctx;
let retailViewer: Ctx;
let claimsViewer: Ctx;
let admin: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  owner = await org.person("Otto Owner", "contributor", [org.units.retail]);
  architect = await org.person("Ines Architect", "architect");
  retailViewer = await org.person("Rita Retail", "viewer", [org.units.retail]);
  claimsViewer = await org.person("Clara Claims", "viewer", [org.units.claims]);
  admin = await org.person("Ada Admin", "admin");
});
afterAll(() => t.drop());

const names = async (ctx: Ctx) => (await viewList(ctx, {})).items.map((v) => v.name);

test("who sees a view is whom it is shared with", async () => {
  await saveView(owner, { name: "Mine", query: "tier=1" });
  await saveView(owner, {
    name: "Retail, live",
    query: "stage=live&unit=retail",
    scope: "unit",
    businessUnit: "retail",
  });
  await saveView(architect, { name: "Everyone's", query: "gate=deny", scope: "organisation" });
  expect(await names(owner)).toEqual(["Mine", "Retail, live", "Everyone's"]);
  expect(await names(retailViewer)).toEqual(["Everyone's", "Retail, live"]);
  expect(await names(claimsViewer)).toEqual(["Everyone's"]);
});

describe("refused", () => {
  test.each<[string, () => Promise<unknown>, string, string]>([
    ["the same name twice", () => saveView(owner, { name: "Mine", query: "" }), "conflict", "name"],
    [
      "a filter that the list does not know",
      () => saveView(owner, { name: "A", query: "colour=red" }),
      "invalid",
      "query",
    ],
    ["a value that no filter takes", () => saveView(owner, { name: "A", query: "tier=9" }), "invalid", "query"],
    [
      "a unit that is not named",
      () => saveView(owner, { name: "A", query: "", scope: "unit" }),
      "invalid",
      "businessUnit",
    ],
  ])("%s", async (_what, call, code, field) => {
    await expect((async () => call())()).rejects.toMatchObject({ code, faults: [{ field }] });
  });
  test("sharing with everyone by a model owner, with another unit, and changing another's view", async () => {
    await expect(saveView(owner, { name: "A", query: "", scope: "organisation" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(
      saveView(owner, { name: "A", query: "", scope: "unit", businessUnit: "claims" }),
    ).rejects.toMatchObject({ code: "forbidden" });
    const shared = (await viewList(owner, {})).items.find((v) => v.name === "Everyone's");
    await expect(editView(owner, { view: shared?.id, name: "B" })).rejects.toMatchObject({ code: "forbidden" });
  });
});

test("its owner changes and drops it; an administrator drops what is shared", async () => {
  const of = async (name: string) => (await viewList(owner, {})).items.find((v) => v.name === name)?.id;
  const id = await of("Mine");
  await editView(owner, { view: id, query: "tier=2&hide=kind,gate" });
  await editView(owner, { view: id, query: "hide=kind,gate&tier=2" });
  expect((await viewList(owner, {})).items.find((v) => v.id === id)?.query).toBe("hide=kind%2Cgate&tier=2");
  await expect(dropView(admin, { view: id })).rejects.toMatchObject({ code: "forbidden" });
  await dropView(admin, { view: await of("Everyone's") });
  await dropView(owner, { view: id });
  expect(await names(owner)).toEqual(["Retail, live"]);
});

test("a view keeps filters, order and columns, and neither place, date nor itself", () => {
  const params = new URLSearchParams("view=x&tier=2&after=abc&asof=2026-09-01&tier=1&q=");
  expect(viewQuery(params)).toBe("tier=1&tier=2");
});
