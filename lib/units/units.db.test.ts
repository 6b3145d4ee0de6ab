import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "@/lib/core/command";
import { modelList } from "@/lib/models/queries";
import { registerModel } from "@/lib/models/register";
import { createTeam, editTeam } from "@/lib/teams/keep";
import { teamList } from "@/lib/teams/queries";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { createUnit } from "./create";
import { moveUnit } from "./move";
import { getUnit, listUnits } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let admin: Ctx;
let viewer: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  admin = await org.person("Ada Admin", "admin");
  viewer = await org.person("Vera Viewer", "viewer");
  await createUnit(admin, { slug: "cards", name: "Cards", parent: "retail" });
});
afterAll(() => t.drop());

const paths = async () => (await listUnits(admin, {})).items.map((u) => u.path);

test("a unit moves with everything below it", async () => {
  await moveUnit(admin, { unit: "retail", parent: "claims" });
  expect(await paths()).toEqual([
    "Group",
    "Group / Claims",
    "Group / Claims / Retail credit",
    "Group / Claims / Retail credit / Cards",
  ]);
  await moveUnit(admin, { unit: "retail", parent: "group" });
  await moveUnit(admin, { unit: "cards" });
  expect(await paths()).toEqual(["Cards", "Group", "Group / Claims", "Group / Retail credit"]);
  await moveUnit(admin, { unit: "cards", parent: "retail" });
});

test.each([
  ["below itself", "retail", "retail", "Retail credit cannot stand below itself."],
  [
    "below what stands below it",
    "group",
    "cards",
    "Group cannot stand below Cards, which stands below Group. Move Cards first.",
  ],
])("a unit %s is refused in words", async (_what, unit, parent, message) => {
  await expect(moveUnit(admin, { unit, parent })).rejects.toMatchObject({
    code: "conflict",
    message,
    faults: [{ field: "parent" }],
  });
});

test("of two moves that together close a circle, one is refused", async () => {
  const both = await Promise.allSettled([
    moveUnit(admin, { unit: "claims", parent: "cards" }),
    moveUnit(admin, { unit: "retail", parent: "claims" }),
  ]);
  expect(both.map((o) => o.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect((await listUnits(admin, {})).items).toHaveLength(4);
});

test("who moves units is the administrator", async () => {
  await expect(moveUnit(viewer, { unit: "cards" })).rejects.toMatchObject({ code: "forbidden" });
});

test("a team belongs to a unit; renamed, its models keep it", async () => {
  await createTeam(admin, { name: "Card models", businessUnit: "cards" });
  await expect(createTeam(admin, { name: "Card models", businessUnit: "retail" })).rejects.toMatchObject({
    faults: [{ field: "name" }],
  });
  await expect(createTeam(viewer, { name: "Others", businessUnit: "cards" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await registerModel(admin, {
    name: "score",
    kind: "classical",
    servingType: "batch",
    platform: "other",
    businessUnit: "cards",
    team: "Card models",
  });
  await editTeam(admin, { team: "Card models", name: "Card science", lead: "ada.admin@example.com" });
  expect((await teamList(viewer, {})).items).toMatchObject([{ name: "Card science", lead: "Ada Admin", models: 1 }]);
  expect((await modelList(viewer, {})).models).toMatchObject([{ name: "score", team: "Card science" }]);
  expect(await getUnit(viewer, { unit: "cards" })).toMatchObject({
    models: 1,
    teams: [{ name: "Card science", models: 1 }],
  });
});
