import { answerCampaign } from "@/lib/campaigns/answer";
import { closeCampaign } from "@/lib/campaigns/close";
import { openCampaign } from "@/lib/campaigns/open";
import { sweepCampaigns } from "@/lib/campaigns/sweep";
import { setHead } from "@/lib/units/head";
import { owners } from "./people";
import { addressOf } from "./personas";
import { seedModels } from "./portfolio";
import { randomFor } from "./random";
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
