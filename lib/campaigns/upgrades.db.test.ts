import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "@/lib/core/command";
import { adoptPattern } from "@/lib/patterns/adopt";
import { recordDeviation } from "@/lib/patterns/deviate";
import { modelPattern } from "@/lib/patterns/reads";
import { myQueue } from "@/lib/queue/queries";
import { testDatabase } from "@/lib/testing/database";
import { testReleases } from "@/lib/testing/releases";
import { answerCampaign } from "./answer";
import { answerUpgrade } from "./answer-upgrade";
import { closeCampaign } from "./close";
import { openCampaign } from "./open";
import { openUpgrade } from "./open-upgrade";
import { campaignGet, campaignItemList, campaignSnapshot } from "./queries";
import { sweepCampaigns } from "./sweep";

let t: Awaited<ReturnType<typeof testDatabase>>;
let world: Awaited<ReturnType<typeof testReleases>>;
let compliance: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  world = await testReleases(t.db);
  compliance = await world.person("Samuel Oyelaran", "compliance");
});
afterAll(() => t.drop());

const batch = "batch-scoring-lakehouse";
const online = "online-inference-kubernetes";
const follower = async (pattern: string, version: number) => {
  const { name } = await world.model();
  await adoptPattern(world.owner, { name, pattern, version });
  return name;
};
const open = (set: Record<string, unknown> = {}) =>
  openUpgrade(world.architect, { title: "Batch scoring to version 2", pattern: batch, dueOn: "2026-12-01", ...set });
const states = async (ref: string) =>
  Object.fromEntries((await campaignItemList(world.architect, { ref })).items.map((i) => [i.model, i.state]));

test("architects move adopters of a pattern: owners upgrade or defer, a pin by another way is heard, the end is frozen", async () => {
  const [moved, late, direct, gone] = [
    await follower(batch, 1),
    await follower(batch, 1),
    await follower(batch, 1),
    await follower(batch, 1),
  ];
  const current = await follower(batch, 2);
  const [requirement] = (await modelPattern(world.owner, { name: moved })).requirements;
  await recordDeviation(world.owner, { name: moved, requirement: requirement?.id, why: "Kept from the older system." });

  await expect(
    openUpgrade(compliance, { title: "Not mine to open", pattern: batch, dueOn: "2026-12-01" }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await expect(open({ dueOn: "2026-11-01" })).rejects.toMatchObject({ code: "invalid", faults: [{ field: "dueOn" }] });
  await expect(open({ pattern: online })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("No model"),
  });
  const { ref, models, to } = await open();
  expect({ models, to }).toEqual({ models: 4, to: 2 });
  await expect(open()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(ref) });
  expect((await myQueue(world.owner, {})).filter((i) => i.lane === "Patterns").map((i) => [i.title, i.href])).toEqual([
    ["Upgrade 4 models: Batch scoring to version 2", `/campaigns/${ref}/mine`],
  ]);

  await expect(answerCampaign(world.owner, { ref, answer: "confirm" })).rejects.toMatchObject({ code: "conflict" });
  const stranger = await world.person("Jonas Weil", "contributor", [world.units.retail]);
  await expect(answerUpgrade(stranger, { ref, models: [moved], answer: "upgrade" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(answerUpgrade(world.owner, { ref, models: [late], answer: "defer" })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "note" }],
  });
  await answerUpgrade(world.owner, { ref, models: [moved], answer: "upgrade" });
  await answerUpgrade(world.owner, {
    ref,
    models: [late],
    answer: "defer",
    note: "The supplier's release comes in March.",
  });
  await adoptPattern(world.owner, { name: direct, pattern: batch });
  await adoptPattern(world.owner, { name: gone, pattern: online });
  expect(await states(ref)).toEqual({ [moved]: "upgraded", [late]: "deferred", [direct]: "upgraded", [gone]: "left" });
  const pinned = await modelPattern(world.owner, { name: moved });
  expect(pinned).toMatchObject({ adoption: { version: 2, behind: 0 }, deviations: [{ requirement: requirement?.id }] });
  expect((await modelPattern(world.owner, { name: current })).adoption?.version).toBe(2);
  await answerUpgrade(world.owner, { ref, models: [late], answer: "upgrade" });
  expect((await campaignGet(world.architect, { ref })).units).toMatchObject([
    { models: 4, attested: 3, disowned: 1, open: 0 },
  ]);
  await expect(answerUpgrade(world.owner, { ref, answer: "upgrade" })).rejects.toMatchObject({ code: "conflict" });

  await expect(closeCampaign(compliance, { ref })).rejects.toMatchObject({ code: "forbidden" });
  const { sha256 } = await closeCampaign(world.architect, { ref });
  const bytes = Buffer.from((await campaignSnapshot(world.architect, { ref })).content, "base64");
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
  const record = JSON.parse(bytes.toString());
  expect(record).toMatchObject({
    v: "countersign/pattern-upgrade/v1",
    campaign: { upgrade: { pattern: batch, to: 2 } },
  });
  expect(record.models.find((m: { model: string }) => m.model === moved).record).toMatchObject({
    pattern: batch,
    version: 2,
  });
});

test("an upgrade campaign reminds and escalates as any campaign does, and one of ownership takes no upgrade", async () => {
  const name = await follower(batch, 1);
  const { ref } = await open({ from: 1 });
  const late: Ctx = {
    ...world.ctxOf({ kind: "system", id: "system", name: "Countersign", grants: [], scopes: null }),
    now: () => new Date("2026-12-02T08:00:00Z"),
  };
  expect(await sweepCampaigns(late, {})).toEqual({ reminded: 0, escalated: 1 });
  expect(await states(ref)).toEqual({ [name]: "open" });
  const ownership = await openCampaign(compliance, { title: "Owners confirm", dueOn: "2026-12-01" });
  await expect(
    answerUpgrade(world.owner, { ref: ownership.ref, models: [name], answer: "upgrade" }),
  ).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("Confirm, correct or hand over"),
  });
});
