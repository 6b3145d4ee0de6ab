import type { Actor } from "@/lib/core/actor";
import { evaluateChecks } from "@/lib/decision-checks/evaluate";
import { pushFacts } from "@/lib/facts/push";
import { platformAdrs } from "./data/adrs-platform";
import type { Adrs } from "./decisions";
import type { World } from "./world";

/** The assistant whose retrieval was fast enough when its store was chosen, and is not any more. */
const slow = "ticket-deflector";

/** What decisions expect is looked at: a month ago, when retrieval became slow, and today. */
export function planChecks(world: World, refs: Adrs, pipeline: () => Actor): void {
  const report = (at: Date, milliseconds: number) =>
    world.planFor(slow, at, `latency of ${slow}`, async () => {
      await pushFacts(world.as(pipeline()), {
        facts: [{ model: slow, key: "serving.latency_ms", value: milliseconds, effectiveAt: at.toISOString() }],
        run: `nightly-${at.toISOString().slice(0, 10)}`,
      });
    });
  const look = (at: Date) =>
    world.plan(at, "look at the checks of decisions", async () => {
      for (const { title, checks } of platformAdrs) {
        const made = refs.get(title);
        if (checks && made) await evaluateChecks(world.as(), { ref: made.ref });
      }
    });
  report(world.before(30, 4), 61);
  look(world.before(30, 5));
  report(world.before(3, 4), 94);
  look(world.before(3, 5));
  report(world.today, 94);
  look(world.today);
}
