import { askAcceptance, decideAcceptance } from "@/lib/acceptances/accept";
import { quarterAfter, quarterOf } from "@/lib/backlog/quarter";
import { findBacklog, openGaps } from "@/lib/backlog/queries";
import { moveItem, openItem } from "@/lib/backlog/work";
import { loadContent } from "@/lib/content/load";
import { dayOf } from "@/lib/core/business-days";
import { findIncidents } from "@/lib/incident-reviews/queries";
import { addDebt, openReview, proposeChange, publishReview, writeReview } from "@/lib/incident-reviews/work";
import { readOfficeHours } from "@/lib/office-hours/queries";
import { advise, beginHours, book } from "@/lib/office-hours/work";
import { findReviews } from "@/lib/reviews/list";
import { addMilestone, moveMilestone, setMilestone } from "@/lib/roadmap/work";
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
      "Seen by the duty engineer on the dashboard half an hour later; no alert had fired.\nCallers were moved to what worked before within the hour.\nCallers confirmed at noon that they read sound results.",
    causes: [
      "The gate on ranges was set to warn, so that the run went on.",
      "The runbook had the way back, but not whom to tell.",
    ],
    lessons: "Two people found the cause within minutes because lineage named the source. Keep that.",
  },
  { ago: 9, due: -12, published: false, facts: "", causes: [], lessons: "" },
  {
    ago: 24,
    due: 3,
    published: false,
    facts: "Seen by a caller, who wrote to the team; the alert came twenty minutes after.",
    causes: ["The alert waits for ten minutes of traffic, and there was little."],
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
      if (facts)
        await writeReview(world.as(owner), {
          ref,
          revision: 1,
          facts: `${incident.title}.\n${facts}`,
          causes: [incident.cause, ...causes],
          lessons,
        });
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

/** The roadmap, as it was drawn and moved; quarters are counted from the present one. */
const road = [
  {
    title: "Every model of tier 1 behind the inference gateway",
    outcome: "Thresholds and shadow traffic are settings of the gateway, with a record of who changed them.",
    phase: 0,
    from: 0,
    takes: ["Thresholds kept in code of the callers", "Shadow traffic without code in the caller"],
    started: true,
  },
  {
    title: "One feature store",
    outcome: "The old store is switched off; training and serving read the same definitions.",
    phase: 1,
    from: -1,
    to: 1,
    why: "Cards took a quarter longer than the estimate; the others have not begun.",
    takes: ["Two feature stores for one truth about customers"],
    started: true,
  },
  {
    title: "Features from streams for fraud",
    outcome: "Counts of the last minute are features of two models in service.",
    phase: 1,
    from: 3,
    takes: ["Features from streams, fresher than a minute"],
  },
  {
    title: "Serving images without a person",
    outcome: "Each night builds, scans and signs them.",
    phase: 0,
    from: -1,
    takes: ["Serving images that are built by hand"],
    reached: true,
  },
] as const;

function planRoadmap(world: World): void {
  const architect = () => world.as("Tomasz Wieczorek");
  for (const stone of road) {
    // A milestone that was due in a quarter past was added in one before it.
    const ago = stone.from < 0 ? 150 : 55;
    const quarter = quarterAfter(quarterOf(world.today), stone.from);
    let ref = "";
    world.plan(world.before(ago, 16), `draw the roadmap: ${stone.title}`, async () => {
      const phases = loadContent().blueprints[0]?.phases ?? [];
      const { items } = await findBacklog(architect(), { kind: "debt", state: "any" });
      const { items: wanted } = await findBacklog(architect(), { kind: "capability", state: "any" });
      const takes: readonly string[] = stone.takes;
      ({ ref } = await addMilestone(architect(), {
        title: stone.title,
        outcome: stone.outcome,
        quarter,
        phase: phases[stone.phase]?.id,
        owner: addressOf("Tomasz Wieczorek"),
        items: [...items, ...wanted].filter((i) => takes.includes(i.title)).map((i) => i.ref),
      }));
      if ("started" in stone)
        await setMilestone(architect(), { ref, state: "started", reason: "The first team has begun with it." });
    });
    if ("to" in stone)
      world.plan(world.before(48, 16), `move on the roadmap: ${stone.title}`, async () => {
        const to = quarterAfter(quarterOf(world.today), stone.to);
        await moveMilestone(architect(), { ref, quarter: to, reason: stone.why });
      });
    if ("reached" in stone)
      world.plan(world.before(39, 16), `reach on the roadmap: ${stone.title}`, async () => {
        await setMilestone(architect(), {
          ref,
          state: "reached",
          reason: "The last team's images come from the pipeline.",
        });
      });
  }
}

/** An architect's hours: one held and advised on, one booked ahead. */
function planOfficeHours(world: World): void {
  let hours = "";
  // The weekday of a week ago tomorrow, so that its first slot is over and its next is ahead.
  const startsOn = dayOf(world.before(20, 0));
  world.plan(world.before(21, 9), "offer office hours", async () => {
    ({ id: hours } = await beginHours(world.as("Tomasz Wieczorek"), {
      topic: "Which pattern fits, and how to leave it with good reason",
      rule: "weekly",
      startsOn,
      time: "10:00",
      zone: "Europe/Copenhagen",
      slotMinutes: 30,
      slots: 3,
      place: "Room Öresund, or the link in the invitation",
    }));
  });
  const owner = ownerOf("fleet-driver-risk");
  let booking = "";
  world.plan(world.before(21, 15), "book an office hour", async () => {
    ({ id: booking } = await book(world.as(owner), {
      hours,
      on: startsOn,
      slot: 0,
      topic: "Models that run in a vehicle: is there any pattern to start from?",
      model: "fleet-driver-risk",
    }));
  });
  world.plan(world.before(19, 9), "advise in an office hour", async () => {
    await advise(world.as("Tomasz Wieczorek"), {
      booking,
      advice:
        "Start from batch scoring for what is trained here, and say openly that serving in the vehicle departs from it. Sign what is shipped; that part holds wherever it runs.",
    });
  });
  world.plan(world.before(2, 15), "book another", async () => {
    const asker = world.as(ownerOf("policy-qa-assistant"));
    const { offered } = await readOfficeHours(asker, {});
    const [free] = offered.find((o) => o.id === hours)?.free ?? [];
    if (!free) throw new Error("No office hour is free in the demo organisation.");
    await book(asker, {
      hours,
      on: free.on,
      slot: free.slot,
      topic: "How do we keep prompts with the version of the model that they were tested with?",
      model: "policy-qa-assistant",
    });
  });
}

/** Work of the board beside its decisions. */
export function planBoardWork(world: World): void {
  planBacklog(world);
  planLearning(world);
  planRoadmap(world);
  planOfficeHours(world);
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
