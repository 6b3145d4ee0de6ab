import type { Actor } from "@/lib/core/actor";
import { addBusinessDays, dayOf } from "@/lib/core/business-days";
import { between, randomFor } from "@/lib/core/random";
import { askAdvice, giveAdvice } from "@/lib/reviews/advice";
import { assignReviewer, sayExpertise, suggestReviewers } from "@/lib/reviews/assign";
import { decideAutomatically } from "@/lib/reviews/automatic";
import { askForChange } from "@/lib/reviews/change";
import { acceptCondition, answerCondition } from "@/lib/reviews/condition";
import { recordDecision } from "@/lib/reviews/decide";
import { addComment, requestChanges } from "@/lib/reviews/discuss";
import { createDraft, saveDraft, withdrawReview } from "@/lib/reviews/draft";
import { acceptFinding, raiseFinding, resolveFinding, verifyFinding } from "@/lib/reviews/finding";
import { findReviews } from "@/lib/reviews/list";
import { getReview } from "@/lib/reviews/queries";
import type { Expertise } from "@/lib/reviews/reviewers";
import { submitReview } from "@/lib/reviews/submit";
import { castVote, declareRecusal } from "@/lib/reviews/vote";
import { modelAdrs } from "./data/adrs-models";
import { platformAdrs } from "./data/adrs-platform";
import { type SeedReview, seedReviews } from "./data/reviews";
import { type Adrs, proposedDaysAgo } from "./decisions";
import { makeReady, versionOn } from "./governance";
import { addressOf } from "./personas";
import { type PlacedModel, portfolio, seedModels } from "./portfolio";
import { submissionFor } from "./submission";
import { tierOf } from "./tiers";
import type { World } from "./world";

const modelOf = (name: string): PlacedModel => {
  const model = seedModels.find((m) => m.name === name);
  if (!model) throw new Error(`No model ${name} in the demo organisation.`);
  return model;
};

/** Days before today of the day that lies `count` business days after `ago`. */
function daysAgoAfter(world: World, ago: number, count: number): number {
  const day = addBusinessDays(dayOf(world.before(ago)), count);
  return Math.max(0, Math.round((Date.parse(dayOf(world.today)) - Date.parse(day)) / 86_400_000));
}

/** The record that the board reads: the model's own, or the group's rule for how such models serve. */
function recordFor(model: PlacedModel, ago: number) {
  const own = modelAdrs.find((a) => a.model === model.name && proposedDaysAgo(a) > ago);
  const rule =
    model.serving === "batch"
      ? "Batch scores are versioned and can be recalled"
      : "Serve online models behind one inference gateway";
  const found = own ?? platformAdrs.find((a) => a.title === rule);
  if (!found) throw new Error(`No decision record for ${model.name}.`);
  return found;
}

/** One review from draft to its end, each step by the person who took it. */
function planReview(world: World, story: SeedReview, adrs: Adrs): void {
  const model = modelOf(story.model);
  const useCase = portfolio[model.unit].find((u) => u.name === model.useCase);
  if (!useCase) throw new Error(`No use case for ${model.name}.`);
  const r = randomFor(story.title);
  const owner = model.owner;
  let ref = "";
  const findingRefs = new Map<string, string>();
  const at = (ago: number, hour: number, what: string, run: () => Promise<void>) =>
    world.plan(world.before(ago, hour, between(r, 0, 59)), `${what} (${story.title})`, run);

  at(story.ago + 2, 9, "draft", async () => {
    const adr = recordFor(model, story.ago + 2);
    const known = adrs.get(adr.title);
    const made = await createDraft(world.as(owner), {
      model: model.name,
      title: story.title,
      submission: submissionFor(model, useCase, (days) => dayOf(world.before(story.ago - days))),
      ...(known ? { adr: known.ref } : {}),
    });
    ref = made.ref;
  });
  if (story.end === "draft") {
    let advice = "";
    at(story.ago, 11, "ask for advice", async () => {
      const asked = await askAdvice(world.as(owner), {
        ref,
        person: addressOf("Noor Haddad"),
        question: "Which limits should hold for an agent that acts without a person at night?",
      });
      advice = asked.id;
    });
    at(story.ago - 1, 10, "give advice", async () => {
      await giveAdvice(world.as("Noor Haddad"), {
        advice,
        text: "Five blocks an hour for each customer, none above a limit that the card owner set, and a way back that works without us.",
      });
    });
    return;
  }
  at(story.ago, 10, "submit", async () => {
    await submitReview(world.as(owner), { ref });
  });
  if (story.end === "in_review")
    at(story.ago, 15, "name a reviewer", async () => {
      const chair = world.as("Ingrid Solberg");
      const [best] = (await suggestReviewers(chair, { ref })).suggested;
      if (best) await assignReviewer(chair, { ref, person: best.personId });
    });
  if (story.end === "withdrawn") {
    at(story.ago - 2, 14, "withdraw", async () => {
      await withdrawReview(world.as(owner), { ref, reason: "Merged into the fleet use case; one review for both." });
    });
    return;
  }
  const half = story.took === undefined ? 2 : Math.max(1, Math.floor(story.took / 2));
  const middle = daysAgoAfter(world, story.ago, half);
  const end = daysAgoAfter(world, story.ago, story.took ?? 4);
  if (story.recused) {
    const { by, reason } = story.recused;
    at(story.ago - 1, 8, "recusal", async () => {
      await declareRecusal(world.as(by), { ref, reason });
    });
  }
  for (const f of story.findings ?? []) {
    at(middle, 9, "finding", async () => {
      const made = await raiseFinding(world.as(f.by), {
        ref,
        round: 1,
        title: f.title,
        text: f.text,
        severity: f.severity,
        section: f.section,
        conformance: f.severity === "must_fix" ? "non_conformant" : "compliant",
        dueOn: dayOf(world.before(middle - (f.severity === "must_fix" ? 9 : 20))),
      });
      findingRefs.set(f.title, made.ref);
    });
    const { resolution } = f;
    if (!resolution && f.severity === "must_fix")
      at(Math.max(0, middle - 1), 16, "accept finding", async () => {
        await acceptFinding(world.as(owner), { ref: findingRefs.get(f.title) });
      });
    if (!resolution) continue;
    at(end, 8, "resolve finding", async () => {
      await resolveFinding(world.as(owner), { ref: findingRefs.get(f.title), resolution });
      await verifyFinding(world.as(f.by), { ref: findingRefs.get(f.title) });
    });
  }
  for (const c of story.comments ?? []) {
    at(middle, 13, "comment", async () => {
      await addComment(world.as(c.by), { ref, section: c.section, text: c.text });
    });
  }
  if (story.end === "changes_requested") {
    at(middle, 15, "request changes", async () => {
      await requestChanges(world.as("Ingrid Solberg"), {
        ref,
        round: 1,
        text: "Test injection through brokers' wordings, then send it again.",
      });
    });
    return;
  }
  for (const v of story.votes ?? []) {
    at(story.end === "in_review" ? middle : end, 11, `vote of ${v.by}`, async () => {
      await castVote(world.as(v.by), { ref, round: 1, choice: v.choice, ...(v.reason ? { reason: v.reason } : {}) });
    });
  }
  if (story.end === "in_review") return;
  planDecision(world, story, { owner, end, at, ref: () => ref });
}

type Step = (ago: number, hour: number, what: string, run: () => Promise<void>) => void;

function planDecision(
  world: World,
  story: SeedReview,
  { owner, end, at, ref }: { owner: string; end: number; at: Step; ref: () => string },
): void {
  const outcome =
    story.end === "approved" || story.end === "approved_with_conditions" || story.end === "deferred"
      ? story.end
      : "rejected";
  let conditionRefs: string[] = [];
  const decided = world.before(end, 15);
  const due = (days: number) => dayOf(new Date(decided.getTime() + days * 86_400_000));
  at(end, 15, "decide", async () => {
    const made = await recordDecision(world.as("Ingrid Solberg"), {
      ref: ref(),
      round: 1,
      outcome,
      rationale: story.rationale,
      conditions: (story.conditions ?? []).map((c) => ({
        text: c.text,
        kind: c.kind,
        owner: addressOf(owner),
        dueOn: due(c.dueIn),
      })),
      ...(outcome === "deferred" ? { until: due(45) } : {}),
    });
    conditionRefs = made.conditions;
  });
  for (const [i, c] of (story.conditions ?? []).entries()) {
    const { answer } = c;
    if (!answer) continue;
    const answered = Math.max(1, end - Math.round(c.dueIn * 0.6));
    at(answered, 10, "answer condition", async () => {
      await answerCondition(world.as(owner), {
        ref: conditionRefs[i],
        text: answer,
        evidenceUrl: `https://wiki.halden.example/evidence/${conditionRefs[i]?.toLowerCase()}`,
      });
    });
    if (!c.accepted) continue;
    at(Math.max(0, answered - 3), 14, "accept condition", async () => {
      await acceptCondition(world.as("Ingrid Solberg"), { ref: conditionRefs[i] });
    });
  }
}

/** Low-tier models that keep to a pattern: the rules decide, and the portal signs as itself. */
export const selfService: readonly PlacedModel[] = seedModels
  .filter((m) => m.stage === "live" && tierOf(m) === 3 && m.pattern && !m.deviations && m.unit !== "finance")
  .filter((m) => m.kind === "classical" && !seedReviews.some((s) => s.model === m.name))
  .slice(0, 14);

/** Days ago on which a self-service review was sent. */
export const selfServiceDaysAgo = (m: PlacedModel): number => between(randomFor(`${m.name} self-service`), 40, 285);

function planSelfService(world: World, m: PlacedModel, adrs: Adrs, pipeline: () => Actor): void {
  const useCase = portfolio[m.unit].find((u) => u.name === m.useCase);
  if (!useCase) throw new Error(`No use case for ${m.name}.`);
  const r = randomFor(`${m.name} self`);
  world.plan(world.before(selfServiceDaysAgo(m), 13, between(r, 0, 59)), `self-service for ${m.name}`, async () => {
    const v = versionOn(m, selfServiceDaysAgo(m));
    if (v) await makeReady(world, m, v, world.before(selfServiceDaysAgo(m), 12), pipeline());
    const record = adrs.get(recordFor(m, selfServiceDaysAgo(m)).title);
    const { ref } = await createDraft(world.as(m.owner), {
      model: m.name,
      title: `${m.useCase}: ${m.name} on the pattern`,
      submission: submissionFor(m, useCase, (days) => dayOf(world.before(selfServiceDaysAgo(m) - days))),
      ...(record ? { adr: record.ref } : {}),
    });
    const sent = await submitReview(world.as(m.owner), { ref });
    if (sent.lane === "self_service") await decideAutomatically(world.as(), { ref });
    else planPair(world, ref, selfServiceDaysAgo(m));
  });
}

/** Where a rule still wanted eyes on it, two reviewers and the chair looked the next day. */
function planPair(world: World, ref: string, ago: number): void {
  for (const who of ["Noor Haddad", "Tomasz Wieczorek"]) {
    world.plan(world.before(ago - 1, 9, 30), `${who} votes on ${ref}`, async () => {
      await castVote(world.as(who), { ref, round: 1, choice: "approve" });
    });
  }
  world.plan(world.before(ago - 1, 11), `decide ${ref}`, async () => {
    await recordDecision(world.as("Ingrid Solberg"), {
      ref,
      round: 1,
      outcome: "approved",
      rationale: "Keeps to the pattern; both reviewers read it and found nothing to add.",
    });
  });
}

const known: readonly [string, readonly Expertise[]][] = [
  ["Noor Haddad", ["security", "agent", "llm_app", "suppliers"]],
  ["Tomasz Wieczorek", ["architecture", "deep_learning", "operations"]],
  ["Amara Okafor", ["architecture", "rag", "llm_app", "foundation"]],
  ["Beatrix Lindqvist", ["data_protection", "regulation", "suppliers"]],
];

/** A design that was approved, and is to change: the board reads the difference. */
function planChange(world: World, name: string): void {
  const { owner } = modelOf(name);
  let ref = "";
  world.plan(world.before(2, 9, 20), `a change to ${name}`, async () => {
    const { items } = await findReviews(world.as(owner), { view: "decided", model: name });
    const made = await askForChange(world.as(owner), {
      ref: items[0]?.ref,
      reason: "Read new storefronts within the hour instead of at night, so that a merchant does not wait a day.",
    });
    ref = made.ref;
  });
  world.plan(world.before(1, 9, 40), `submit the change to ${name}`, async () => {
    const { submission } = await getReview(world.as(owner), { ref });
    await saveDraft(world.as(owner), {
      ref,
      submission: {
        ...submission,
        targetDate: dayOf(world.before(-40)),
        servingType: "Online, behind the inference gateway; the nightly run stays as the fallback.",
        serviceLevels: "An answer within 60 minutes on 99 % of days",
      },
    });
    await submitReview(world.as(owner), { ref });
  });
}

export function planReviews(world: World, adrs: Adrs, pipeline: () => Actor): void {
  planChange(world, "storefront-reader");
  for (const [name, fields] of known)
    world.plan(world.before(325, 9, 5), `what ${name} knows`, async () => {
      await sayExpertise(world.as(name), { person: "me", fields });
    });
  for (const story of seedReviews) planReview(world, story, adrs);
  for (const m of selfService) planSelfService(world, m, adrs, pipeline);
}
