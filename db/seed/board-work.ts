import { askAcceptance, decideAcceptance } from "@/lib/acceptances/accept";
import { openGaps } from "@/lib/backlog/queries";
import { moveItem, openItem } from "@/lib/backlog/work";
import { dayOf } from "@/lib/core/business-days";
import { findReviews } from "@/lib/reviews/list";
import { seedBacklog } from "./data/backlog";
import { addressOf } from "./personas";
import { seedModels } from "./portfolio";
import type { World } from "./world";

const ownerOf = (model: string): string => {
  const found = seedModels.find((m) => m.name === model);
  if (!found) throw new Error(`No model ${model} in the demo organisation.`);
  return found.owner;
};

/** Risks that were borne: one runs, one ends soon, one ran out, one waits for a ruling. Days before today; `left` may be past. */
const borne = [
  {
    model: "motor-pricing-glm",
    ago: 40,
    left: 45,
    impact: "minor",
    reason: "The second engineer starts in January; until then the rota has one name at night.",
    affected: "Brokers who ask for a quote at night and get the tariff without the model.",
  },
  {
    model: "document-authenticity",
    ago: 70,
    left: 9,
    impact: "minor",
    reason: "The deputy has read every release since summer, and trained none.",
    affected: "Applicants whose papers are checked by hand for a day.",
  },
  {
    model: "complaint-router",
    ago: 97,
    left: -12,
    impact: "moderate",
    reason: "The team was merged in autumn and looks for a deputy.",
    affected: "Customers whose complaint reaches the wrong desk first.",
  },
  {
    model: "property-value-index",
    ago: 4,
    left: 60,
    impact: "moderate",
    reason: "The vendor's release in spring takes the training over; one engineer knows it until then.",
    affected: "Loan officers who would work with last quarter's index.",
  },
] as const;

/** What is owed and what is wanted, opened and worked off over the year. */
function planBacklog(world: World): void {
  for (const { ago, by, owner, moves, models, ...item } of seedBacklog) {
    let ref = "";
    world.plan(world.before(ago, 9), `put on the backlog: ${item.title}`, async () => {
      // The first capability is what the library's oldest gap asks for.
      const [gap] = item.gain === 9 ? (await openGaps(world.as(by), {})).items : [];
      ({ ref } = await openItem(world.as(by), {
        ...item,
        ...(owner ? { owner: addressOf(owner) } : {}),
        models: models ?? [],
        sources: gap ? [gap.id] : [],
      }));
    });
    for (const { ago: then, ...move } of moves ?? [])
      world.plan(world.before(then, 14), `move on the backlog: ${item.title}`, async () => {
        await moveItem(world.as("Tomasz Wieczorek"), { ref, ...move });
      });
  }
}

/** Work of the board beside its decisions. */
export function planBoardWork(world: World): void {
  planBacklog(world);
  for (const { model, ago, left, ...risk } of borne)
    world.plan(world.before(ago, 10), `who bears a risk of ${model}`, async () => {
      const asker = world.as(ownerOf(model));
      const [review] = (await findReviews(asker, { view: "decided", model, limit: 1 })).items;
      if (!review) throw new Error(`No review of ${model} was decided.`);
      const { ref } = await askAcceptance(asker, {
        ref: review.ref,
        risk: "Dependence on one engineer",
        likelihood: "possible",
        expiresOn: dayOf(new Date(world.today.getTime() + left * 86_400_000)),
        ...risk,
      });
      if (ago > 30)
        await decideAcceptance(world.as("Marianne Voss"), {
          ref,
          outcome: "accepted",
          reason: "Short, and what would happen is known and small. I want it off this list by then.",
        });
    });
}
