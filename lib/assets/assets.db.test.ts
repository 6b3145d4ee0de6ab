import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "@/lib/core/command";
import { registerModel } from "@/lib/models/register";
import { registerVersion } from "@/lib/models/register-version";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { editAsset } from "./edit";
import { linkAsset, unlinkAsset } from "./link";
import { assetGet, assetList, modelAssets } from "./queries";
import { registerAsset } from "./register";

let t: Awaited<ReturnType<typeof testDatabase>>;
let owner: Ctx;
let stranger: Ctx;
let viewer: Ctx;
let id: string;
const payments = {
  kind: "dataset",
  name: "card-authorisations",
  platform: "databricks",
  dataClass: "personal",
  location: "main.cards.authorisations",
  businessUnit: "retail",
};
beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  owner = await org.person("Otto Owner", "contributor", [org.units.retail]);
  stranger = await org.person("Clara Claims", "contributor", [org.units.claims]);
  viewer = await org.person("Vera Viewer", "viewer");
  id = (await registerAsset(owner, payments)).id;
  await registerModel(owner, {
    name: "fraud-score",
    kind: "classical",
    servingType: "online",
    platform: "on_prem",
    businessUnit: "retail",
  });
  await registerVersion(owner, { name: "fraud-score", version: "1", licence: "Apache-2.0", baseModel: "none" });
});
afterAll(() => t.drop());

test("a name is taken once per kind", async () => {
  await expect(registerAsset(owner, payments)).rejects.toMatchObject({ code: "conflict", faults: [{ field: "name" }] });
  await registerAsset(owner, { ...payments, kind: "pipeline", dataClass: undefined });
});

test("models and versions say what they are made from", async () => {
  await linkAsset(owner, { asset: id, model: "fraud-score" });
  await linkAsset(owner, { asset: id, model: "fraud-score", version: "1", assetVersion: "2026-10-31" });
  await linkAsset(owner, { asset: id, model: "fraud-score" });
  expect(await assetGet(viewer, { asset: id })).toMatchObject({
    models: 1,
    owner: { name: "Otto Owner" },
    uses: [
      { model: "fraud-score", version: null },
      { model: "fraud-score", version: "1", assetVersion: "2026-10-31" },
    ],
  });
  expect((await modelAssets(viewer, { name: "fraud-score" })).assets).toHaveLength(2);
  await unlinkAsset(owner, { asset: id, model: "fraud-score" });
  expect((await modelAssets(viewer, { name: "fraud-score" })).assets).toMatchObject([{ version: "1" }]);
});

test("the list is filtered and paged", async () => {
  const first = await assetList(viewer, { limit: 1, q: "AUTHORISATIONS" });
  expect(first.assets).toHaveLength(1);
  const second = await assetList(viewer, { limit: 1, after: first.next });
  expect(second.assets).toHaveLength(1);
  expect(second.next).toBeNull();
  expect(second.assets[0]?.id).not.toBe(first.assets[0]?.id);
  expect((await assetList(viewer, { dataClass: "none" })).assets).toMatchObject([{ kind: "pipeline" }]);
  expect((await assetList(stranger, {})).assets).toEqual([]);
  await expect((async () => assetList(viewer, { after: "bm90IGEgY3Vyc29y" }))()).rejects.toMatchObject({
    faults: [{ field: "after" }],
  });
});

test("another unit does not see it, a viewer does not edit it, an old revision is refused", async () => {
  await expect(assetGet(stranger, { asset: id })).rejects.toMatchObject({ code: "not_found" });
  await expect(editAsset(viewer, { asset: id, revision: 1, name: "other" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await editAsset(owner, { asset: id, revision: 1, retired: true });
  await expect(editAsset(owner, { asset: id, revision: 1, name: "other" })).rejects.toMatchObject({
    faults: [{ field: "revision" }],
  });
  await expect(linkAsset(owner, { asset: id, model: "fraud-score" })).rejects.toMatchObject({ code: "conflict" });
});
