import { answerCampaign } from "@/lib/campaigns/answer";
import { answerUpgrade } from "@/lib/campaigns/answer-upgrade";
import { closeCampaign } from "@/lib/campaigns/close";
import { openCampaign } from "@/lib/campaigns/open";
import { openUpgrade } from "@/lib/campaigns/open-upgrade";
import { campaignItemList } from "@/lib/campaigns/queries";
import { sweepCampaigns } from "@/lib/campaigns/sweep";
import { randomFor } from "@/lib/core/random";
import { setHead } from "@/lib/units/head";
import { owners } from "./people";
import { addressOf } from "./personas";
import { seedModels } from "./portfolio";
import type { World } from "./world";

const heads = [
  ["halden", "Marianne Voss"],
  ["cards", "Ingrid Solberg"],
] as const;

/** Owners of models that were not retired when the campaign began. */
const asked = () =>
  owners().filter((o) => seedModels.some((m) => m.owner === o.name && m.stage !== "retired" && m.stage !== "retiring"));

/** One round that was closed in the summer, and one that runs. */
export function planCampaigns(world: World): void {
  world.plan(world.before(120, 9), "name the heads of units", async () => {
    for (const [unit, name] of heads) await setHead(world.as("Elin Brandt"), { unit, person: addressOf(name) });
  });
  let first = "";
  const day = (from: Date) => from.toISOString().slice(0, 10);
  world.plan(world.before(110, 9), "open the first ownership campaign", async () => {
    const opened = await openCampaign(world.as("Samuel Oyelaran"), {
      title: "Owners confirm everything that is live",
      dueOn: day(world.before(82)),
      stages: ["live"],
    });
    first = opened.ref;
  });
  for (const { name } of asked()) {
    const ago = randomFor(`${name} attests`)() < 0.9 ? 95 : 78;
    world.plan(world.before(ago, 10), `${name} answers the first campaign`, async () => {
      if (seedModels.some((m) => m.owner === name && m.stage === "live"))
        await answerCampaign(world.as(name), { ref: first, answer: "confirm" });
    });
  }
  world.plan(world.before(81, 6), "escalate the first campaign", async () => {
    await sweepCampaigns(world.as(), {});
  });
  world.plan(world.before(75, 15), "close the first campaign", async () => {
    await closeCampaign(world.as("Samuel Oyelaran"), { ref: first });
  });
  let second = "";
  world.plan(world.before(16, 9), "open the second ownership campaign", async () => {
    const opened = await openCampaign(world.as("Samuel Oyelaran"), {
      title: "Owners confirm tiers 1 and 2, autumn",
      dueOn: day(new Date(world.today.getTime() + 9 * 86_400_000)),
      tiers: [1, 2],
    });
    second = opened.ref;
  });
  for (const { name } of asked().filter((o) => randomFor(`${o.name} autumn`)() < 0.55 && o.name !== "Priya Raman")) {
    if (!seedModels.some((m) => m.owner === name && m.risk?.startsWith("2"))) continue;
    world.plan(world.before(8, 11), `${name} answers the second campaign`, async () => {
      await answerCampaign(world.as(name), { ref: second, answer: "confirm" }).catch((error: unknown) => {
        // Whoever owns nothing of these tiers has nothing to confirm.
        if (!(error instanceof Error && error.message.startsWith("None of these"))) throw error;
      });
    });
  }
  world.plan(world.before(5, 7), "remind the second campaign", async () => {
    await sweepCampaigns(world.as(), {});
  });
}

/** Architects move those who follow the first version of batch scoring; some have, one gave a reason why not yet. */
export function planUpgrade(world: World): void {
  const pattern = "batch-scoring-lakehouse";
  let ref = "";
  world.plan(world.before(12, 9), "open an upgrade campaign", async () => {
    const opened = await openUpgrade(world.as("Tomasz Wieczorek"), {
      title: "Batch scoring to version 2",
      pattern,
      dueOn: new Date(world.today.getTime() + 30 * 86_400_000).toISOString().slice(0, 10),
    });
    ref = opened.ref;
  });
  const answer = (name: string, given: Record<string, unknown>) =>
    world.plan(world.before(6, 13), `${name} answers the upgrade campaign`, async () => {
      const { items } = await campaignItemList(world.as(name), { ref, mine: "true", limit: 3 });
      if (items.length > 0) await answerUpgrade(world.as(name), { ref, models: items.map((i) => i.model), ...given });
    });
  answer("Sofie Krag", { answer: "upgrade" });
  answer("Kasper Iversen", { answer: "upgrade" });
  answer("Frida Lund", {
    answer: "defer",
    note: "Year-end closing first: nothing that feeds it changes before February.",
  });
}
