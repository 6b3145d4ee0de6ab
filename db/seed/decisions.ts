import { between, randomFor } from "@/lib/core/random";
import { acceptAdr, deprecateAdr, rejectAdr, supersedeAdr } from "@/lib/decisions/judge";
import { proposeAdr } from "@/lib/decisions/write";
import { madr, type SeedAdr } from "./data/adr-shape";
import { modelAdrs } from "./data/adrs-models";
import { platformAdrs } from "./data/adrs-platform";
import { seedReviews } from "./data/reviews";
import { enteredDaysAgo } from "./inventory";
import { seedModels } from "./portfolio";
import type { World } from "./world";

/** References of the demo's decisions by title, filled as they are proposed. */
export type Adrs = Map<string, { ref: string; digest: string }>;

const judges = ["Ingrid Solberg", "Tomasz Wieczorek"] as const;

/** An ADR about a model is proposed after the model is entered. */
export function proposedDaysAgo(adr: SeedAdr): number {
  const model = seedModels.find((m) => m.name === adr.model);
  if (!model) return adr.ago;
  // The board reads the record, so it is written before the review is drafted.
  const review = seedReviews.find((r) => r.model === model.name);
  return Math.min(Math.max(adr.ago, review ? review.ago + 6 : 0), enteredDaysAgo(model) - 2);
}

/** Proposes the 40 decisions and judges them a few days later, by someone who did not write them. */
export function planDecisions(world: World, refs: Adrs): void {
  for (const adr of [...platformAdrs, ...modelAdrs]) {
    const r = randomFor(adr.title);
    const ago = proposedDaysAgo(adr);
    const proposed = world.before(ago, between(r, 7, 15), between(r, 0, 59));
    world.plan(proposed, `propose ${adr.title}`, async () => {
      const made = await proposeAdr(world.as(adr.author), {
        content: madr(adr, proposed.toISOString().slice(0, 10)),
        ...(adr.model ? { model: adr.model } : {}),
      });
      refs.set(adr.title, { ref: made.ref, digest: made.digest });
    });
    if (adr.status === "proposed") continue;
    const judge = adr.author === judges[0] ? judges[1] : judges[0];
    const wait = between(r, 2, 9);
    world.plan(
      world.before(Math.max(0, ago - wait), between(r, 8, 15), between(r, 0, 59)),
      `judge ${adr.title}`,
      async () => {
        const made = refs.get(adr.title);
        if (!made) throw new Error(`${adr.title} was never proposed.`);
        if (adr.status === "rejected") {
          await rejectAdr(world.as(judge), {
            ...made,
            reason: "The outage was a nuisance; two behaviours of one prompt would be a risk.",
          });
          return;
        }
        await acceptAdr(world.as(judge), made);
        if (adr.status === "deprecated")
          await deprecateAdr(world.as(judge), { ref: made.ref, reason: "No longer followed; see the newer practice." });
      },
    );
  }
  for (const adr of platformAdrs) {
    const by = adr.supersededBy;
    if (!by) continue;
    const later = platformAdrs.find((a) => a.title === by);
    world.plan(world.before(Math.max(0, (later?.ago ?? 10) - 12), 15), `supersede ${adr.title}`, async () => {
      const old = refs.get(adr.title);
      const next = refs.get(by);
      if (!old || !next) throw new Error(`${adr.title} or its successor was never proposed.`);
      await supersedeAdr(world.as(judges[0]), { ref: old.ref, by: next.ref });
    });
  }
}
