import { askAcceptance, decideAcceptance } from "@/lib/acceptances/accept";
import { openGaps } from "@/lib/backlog/queries";
import { moveItem, openItem } from "@/lib/backlog/work";
import { dayOf } from "@/lib/core/business-days";
import { findIncidents } from "@/lib/incident-reviews/queries";
import { addDebt, openReview, proposeChange, publishReview, writeReview } from "@/lib/incident-reviews/work";
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

/** What was learnt from incidents: one published with all that may follow, one being written, one overdue. */
const learnt = [
  {
    ago: 60,
    due: 46,
    published: true,
    facts:
      "07:10 The nightly scores arrived with a third of their usual spread.\n07:40 The duty engineer saw it on the dashboard; no alert had fired.\n08:05 The last version was brought back, and the day's scores were run again.\n10:30 Callers confirmed that they read the new scores.",
    causes: [
      "The gate on ranges was set to warn, so that the run went on.",
      "The change of the source was announced on a list that the model's team does not read.",
      "The runbook had the way back, but not whom to tell.",
    ],
    lessons: "Two people found the cause within minutes because lineage named the source. Keep that.",
  },
  { ago: 9, due: -12, published: false, facts: "", causes: [], lessons: "" },
  {
    ago: 24,
    due: 3,
    published: false,
    facts: "16:20 The error share rose with the first tenth of traffic.\n16:26 The rollout was stopped by hand.",
    causes: ["The abort rule counted the wrong status code."],
    lessons: "",
  },
] as const;

function planLearning(world: World): void {
  for (const [i, story] of learnt.entries())
    world.plan(world.before(story.ago, 11), "review an incident", async () => {
      const { items } = await findIncidents(world.as("Tomasz Wieczorek"), { review: "none", limit: 50 });
      const incident = items[i];
      if (!incident) throw new Error("The demo organisation has too few incidents.");
      const owner = ownerOf(incident.model);
      const { ref } = await openReview(world.as("Tomasz Wieczorek"), {
        incident: incident.incident,
        owner: addressOf(owner),
        dueOn: dayOf(new Date(world.today.getTime() - story.due * 86_400_000)),
      });
      const { facts, causes, lessons } = story;
      if (facts) await writeReview(world.as(owner), { ref, revision: 1, facts, causes, lessons });
      if (!story.published) return;
      await proposeChange(world.as(owner), {
        ref,
        text: "runbook/drift",
        change: "Say in the first step whom to tell, before looking for the cause.",
      });
      await addDebt(world.as(owner), {
        ref,
        title: "Gates that warn where they should stop",
        why: "Eleven pipelines let a run go on when a range is broken; someone reads the warning the next morning.",
        justification: "Wrong scores stop before anyone decides on them.",
        points: 6,
        gain: 4,
      });
      await publishReview(world.as(owner), { ref });
    });
}

/** Work of the board beside its decisions. */
export function planBoardWork(world: World): void {
  planBacklog(world);
  planLearning(world);
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
