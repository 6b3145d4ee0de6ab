import { adoptMethod } from "@/lib/risk/adopt";
import { overrideTier } from "@/lib/risk/override";
import { overrideFault } from "@/lib/risk/override-rules";
import { sweepRisk } from "@/lib/risk/rescore";
import { tierOf } from "@/lib/risk/tier";
import { type PlacedModel, seedModels } from "./portfolio";
import { answersOf } from "./tiers";
import type { World } from "./world";

const secondLine = "Amara Okafor";

/** Models that are not released yet, of tier 2, that no floor holds there. */
const movable = (): PlacedModel[] =>
  seedModels.filter((m) => {
    if (!m.risk || (m.stage !== "pilot" && m.stage !== "development")) return false;
    const rated = tierOf(answersOf(m.risk), m.legal ?? "minimal");
    return rated.tier === 2 && overrideFault(rated, 3) === null;
  });

/** Two tiers set by hand, one of which has run out; and what has to be scored again by now. */
export function planTiering(world: World): void {
  const [standing, lapsed] = movable();
  const day = (ahead: number) => new Date(world.today.getTime() + ahead * 86_400_000).toISOString().slice(0, 10);
  for (const [m, expiresOn, reason] of [
    [standing, day(200), "Its scores are read by two analysts who decide without them; reach is forty cases a week."],
    [lapsed, day(-12), "The pilot runs in shadow for a quarter: nobody acts on its output until it ends."],
  ] as const) {
    if (!m) continue;
    world.planFor(m.name, world.before(30, 13), `override the tier of ${m.name}`, async () => {
      await overrideTier(world.as(secondLine), { name: m.name, tier: 3, reason, expiresOn });
    });
  }
  world.plan(world.before(12, 1), "an override runs out", async () => {
    await sweepRisk(world.as(), {});
  });
  world.plan(world.before(9, 10), "adopt the second version of the questionnaire", async () => {
    await adoptMethod(world.as(secondLine), {
      version: 2,
      reason: "Weights and floors are content from now on, so that a change is replayed before it is adopted.",
    });
  });
  world.plan(world.before(1, 7), "what has to be scored again", async () => {
    await sweepRisk(world.as(), {});
  });
}
