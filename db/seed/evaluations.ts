import { concludeEvaluation } from "@/lib/evaluations/conclude";
import { addOption, openEvaluation, score } from "@/lib/evaluations/prepare";
import { seedEvaluations } from "./data/evaluations";
import type { World } from "./world";

/** One evaluation that was concluded, and one that waits for two answers of a supplier. */
export function planEvaluations(world: World): void {
  for (const e of seedEvaluations) {
    let ref = "";
    world.plan(world.before(e.ago, 10), `open the evaluation ${e.title}`, async () => {
      ref = (await openEvaluation(world.as(e.by), { title: e.title, need: e.need })).ref;
      for (const { scores: _, ...option } of e.options) await addOption(world.as(e.by), { ref, ...option });
    });
    e.options.forEach((option, i) => {
      world.plan(world.before(e.ago - 9, 11 + i), `score ${option.name}`, async () => {
        const scores = Object.fromEntries(
          Object.entries(option.scores).map(([criterion, [points, reason]]) => [criterion, { score: points, reason }]),
        );
        await score(world.as(e.scorer), { ref, option: "abcdefgh".charAt(i), scores });
      });
    });
    const { concluded } = e;
    if (concluded)
      world.plan(world.before(concluded.ago, 15), `conclude ${e.title}`, async () => {
        await concludeEvaluation(world.as(e.by), { ref, chosen: concluded.chosen, reason: concluded.reason });
      });
  }
}
