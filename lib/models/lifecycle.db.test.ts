import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { changeStage } from "./change-stage";
import { reportDeploymentEnd } from "./end-deployment";
import { planEndOfLife } from "./end-of-life";
import { modelGet } from "./queries";
import { registerModel } from "./register";
import { registerVersion } from "./register-version";
import { reportDeployment } from "./report-deployment";

let t: Awaited<ReturnType<typeof testDatabase>>;
let owner: Ctx;
let viewer: Ctx;
let build: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  const org = await testOrg(t.db);
  owner = await org.person("Otto Owner", "contributor", [org.units.retail]);
  viewer = await org.person("Vera Viewer", "viewer");
  build = org.service("pipeline");
  for (const name of ["old-score", "new-score"])
    await registerModel(owner, {
      name,
      kind: "classical",
      servingType: "online",
      platform: "on_prem",
      stage: "live",
      businessUnit: "retail",
    });
  for (const version of ["1", "2", "3"])
    await registerVersion(build, { name: "old-score", version, digest: version.repeat(64) });
});
afterAll(() => t.drop());

const target = { name: "fraud-auth", kind: "endpoint", region: "eu-west-1" };
const report = (version: string, percent: number) =>
  reportDeployment(build, { name: "old-score", version, environment: "staging", target, percent });
const serving = async () =>
  (await modelGet(viewer, { name: "old-score" })).serving.map((d) => [d.version, d.target, d.percent]);

test("a share of the traffic leaves the rest to what stood there, all of it ends that", async () => {
  await report("1", 100);
  await report("2", 10);
  expect(await serving()).toEqual([
    ["1", "fraud-auth", 90],
    ["2", "fraud-auth", 10],
  ]);
  await report("2", 10);
  await report("2", 50);
  expect(await serving()).toEqual([
    ["1", "fraud-auth", 50],
    ["2", "fraud-auth", 50],
  ]);
  await expect(report("3", 20)).rejects.toMatchObject({ code: "conflict", faults: [{ field: "percent" }] });
  await report("2", 100);
  expect(await serving()).toEqual([["2", "fraud-auth", 100]]);
});

test("a share needs an endpoint to be a share of", async () => {
  await expect(
    reportDeployment(build, { name: "old-score", version: "1", environment: "dev", percent: 10 }),
  ).rejects.toMatchObject({ faults: [{ field: "target" }] });
});

test("an end of life has a date, a reason and a successor that is not itself", async () => {
  const plan = { name: "old-score", date: "2027-03-31", successor: "new-score", reason: "The new one is better." };
  await expect(planEndOfLife(viewer, plan)).rejects.toMatchObject({ code: "forbidden" });
  await expect(planEndOfLife(owner, { ...plan, reason: "" })).rejects.toMatchObject({ faults: [{ field: "reason" }] });
  await expect(planEndOfLife(owner, { ...plan, successor: "old-score" })).rejects.toMatchObject({
    faults: [{ field: "successor" }],
  });
  await planEndOfLife(owner, plan);
  expect(await modelGet(viewer, { name: "old-score" })).toMatchObject({
    endOfLife: "2027-03-31",
    successor: "new-score",
    endReason: "The new one is better.",
    consumersToldOn: null,
  });
  await planEndOfLife(owner, { ...plan, consumersToldOn: "2026-11-02" });
});

test("what still serves, or is to follow another model, does not retire; what does not, does", async () => {
  await expect(changeStage(owner, { name: "old-score", to: "retired" })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("it still serves 2 in staging (fraud-auth)"),
  });
  await expect(changeStage(owner, { name: "new-score", to: "retired" })).rejects.toMatchObject({
    message: expect.stringContaining("it is to follow old-score"),
  });
  await expect(reportDeploymentEnd(owner, { name: "old-score", environment: "staging" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await reportDeploymentEnd(build, { name: "old-score", environment: "staging", target: "fraud-auth" });
  await changeStage(owner, { name: "old-score", to: "retired" });
  await expect(report("2", 100)).rejects.toMatchObject({ code: "conflict" });
  await changeStage(owner, { name: "new-score", to: "retired" });
});

test("a plan is taken back", async () => {
  await planEndOfLife(owner, { name: "old-score", date: null });
  expect(await modelGet(viewer, { name: "old-score" })).toMatchObject({ endOfLife: null, successor: null });
});
