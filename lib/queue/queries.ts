import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { openAcceptances } from "@/lib/acceptances/read";
import { campaignsOf, type Waiting } from "@/lib/campaigns/queries";
import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { businessDaysBetween, dayOf } from "@/lib/core/business-days";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { type Right, roleName, roles } from "@/lib/core/rights";
import { policyFor } from "@/lib/releases/policies";
import { tierRule } from "@/lib/releases/policy";
import { inSentence } from "@/lib/releases/words";
import { cyclesWhere } from "@/lib/reviews/cycles";
import { type LaneMeasure, laneMeasure } from "@/lib/reviews/measures";
import { type Lane, laneName, lanePromise, lanes } from "@/lib/reviews/review";
import { decisionItems } from "./decisions";
import { type Delegated, delegatedTo } from "./delegated";
import { myLooks } from "./looks";
import type { QueueItem } from "./queue";
import {
  figures,
  type OpenCondition,
  type OpenFinding,
  type OpenRelease,
  type OpenReview,
  openConditions,
  openFindings,
  openReleases,
  openReviews,
  openWaivers,
  type ToRescore,
  toRescore,
  unclaimed,
} from "./sources";
import { acceptanceItem, myWaivers, waiverItem } from "./waivers";

/** Everything that waits on the actor. Each item appears once. */
export const myQueue = query({
  name: "queue.mine",
  title: "What waits on me",
  http: { method: "GET", path: "/queue" },
  input: z.strictObject({}),
  run: (read, _input, actor, now): Promise<QueueItem[]> => mine(read, actor, now),
});

/** Everything that waits on anyone of the board. */
export const boardQueue = query({
  name: "queue.board",
  title: "What waits on the board",
  http: { method: "GET", path: "/queue/board" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now): Promise<QueueItem[]> => {
    if (!holds(actor, "reviews:read")) return [];
    // Whose roles reach some units only sees what waits in those.
    const within = <T extends { unit: string | null }>(rows: readonly T[], right: Right): T[] =>
      rows.filter((r) => holds(actor, right, r.unit));
    const [reviews, releases, conditions, waivers, risks] = await Promise.all([
      openReviews(read, now).then((rows) => within(rows, "reviews:read")),
      openReleases(read, now).then((rows) => within(rows, "releases:read")),
      openConditions(read).then((rows) => within(rows, "reviews:read")),
      openWaivers(read, now).then((rows) => within(rows, "inventory:read")),
      openAcceptances(read, now).then((rows) => within(rows, "reviews:read")),
    ]);
    return [
      ...reviews.filter((r) => r.status === "in_review").map((r) => reviewItem(r, votesIn(r), "Open")),
      ...releases.map((r) => releaseItem(r, `${plural(r.signed_by.length, "signature")} so far`, "Open")),
      ...conditions.map((c) =>
        conditionItem(c, c.status === "answered" ? answeredWhy(c) : `Owner is ${c.owner}`, "Open"),
      ),
      ...waivers.map((w) => waiverItem(w, "Waits for a ruling", "Open")),
      ...risks.map((x) => acceptanceItem(x, "Waits for a ruling", "Open")),
    ];
  },
});

async function mine(read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> {
  if (actor.kind !== "person") return [];
  const [reviews, releases, conditions, waivers, findings, orphans, rescores, decisions, asked, looks, delegated] =
    await Promise.all([
      openReviews(read, now),
      openReleases(read, now),
      openConditions(read),
      myWaivers(read, actor, now),
      openFindings(read),
      unclaimed(read),
      toRescore(read, actor.id),
      decisionItems(read, actor, now),
      campaignsOf(read, actor.id),
      myLooks(read, actor, now),
      delegatedTo(read, actor.id, now),
    ]);
  return [
    ...decisions,
    ...reviews.flatMap((r) => myReview(actor, r, delegated)),
    ...waivers,
    ...releases.flatMap((r) => myRelease(actor, r)),
    ...findings.flatMap((f) => myFinding(actor, f)),
    ...conditions.flatMap((c) => myCondition(actor, c, now)),
    ...rescores.map(rescoreItem),
    ...looks,
    ...asked.map(campaignItem),
    ...claimItem(actor, orphans),
  ];
}

function myReview(actor: Actor, r: OpenReview, delegated: Delegated): QueueItem[] {
  if (r.status !== "in_review") {
    if (!r.parties.includes(actor.id) || !holds(actor, "reviews:submit", r.unit)) return [];
    const why = r.status === "deferred" ? "Deferred: the board named what is missing" : "The board asked for changes";
    return [{ ...reviewItem(r, why, "Answer"), ask: "answer" }];
  }
  if (r.recused.includes(actor.id) || r.parties.includes(actor.id)) return [];
  const member = delegated.get(r.ref);
  if (member && !r.voted.includes(actor.id))
    return [reviewItem(r, `You stand in for ${member.name}, whose vote is open; ${votesIn(r)}`, "Vote")];
  if (!holds(actor, "reviews:vote", r.unit)) return [];
  if (!r.voted.includes(actor.id)) return [reviewItem(r, `Your vote is open; ${votesIn(r)}`, "Vote")];
  if (holds(actor, "reviews:decide", r.unit))
    return [reviewItem(r, `You record the decision; ${votesIn(r)}`, "Decide")];
  return [];
}

function myRelease(actor: Actor, r: OpenRelease): QueueItem[] {
  const policy = policyFor(r.environment);
  const rule = policy ? tierRule(policy, r.tier) : null;
  if (!rule || r.requested_by === actor.id || r.trained_by === actor.id || r.signed_by.includes(actor.id)) return [];
  if (!holds(actor, "releases:approve", r.unit)) return [];
  const open = rule.approvals.filter(
    (need) => r.signed_roles.filter((role) => need.roles.some((n) => n === role)).length < need.count,
  );
  const role = roles.find((one) => hasRole(actor, one) && open.some((need) => need.roles.includes(one)));
  if (!role) return [];
  const why = r.stale_by.includes(actor.id)
    ? "Your signature went stale; the request has changed"
    : `Needs a signature as ${inSentence(roleName[role])}`;
  return [releaseItem(r, why, "Read and sign")];
}

function myCondition(actor: Actor, c: OpenCondition, now: Date): QueueItem[] {
  if (c.status === "answered") {
    const apart = c.owner_id !== actor.id && c.answered_by !== actor.id;
    return apart && holds(actor, "conditions:accept", c.unit)
      ? [conditionItem(c, answeredWhy(c), "Check evidence")]
      : [];
  }
  if (c.owner_id === actor.id) return [conditionItem(c, `You own it; set in ${c.review}`, "Give evidence")];
  // Whoever set it hears of it once it is near: ten business days ahead.
  const near = businessDaysBetween(dayOf(now), c.due_on) <= 10;
  return c.set_by === actor.id && near ? [conditionItem(c, `You set it; no evidence yet from ${c.owner}`, "Open")] : [];
}

function myFinding(actor: Actor, f: OpenFinding): QueueItem[] {
  const base = {
    ref: f.ref,
    href: f.review ? `/reviews/${f.review}` : `/models/${encodeURIComponent(f.model)}`,
    title: f.title,
    model: f.model,
    ask: "answer" as const,
    lane: f.severity === "must_fix" ? "Must fix" : f.severity === "should_fix" ? "Should fix" : "Note",
    promise: f.source === "gate_bypass" ? "gate was bypassed" : "finding",
    due: f.status === "resolved" ? null : f.due,
    since: f.since,
  };
  if (f.status === "resolved")
    return f.raised_by === actor.id && f.resolved_by !== actor.id
      ? [{ ...base, why: "You raised it; its owner says it is mended", action: "Verify" }]
      : [];
  return f.owners.includes(actor.id) ? [{ ...base, why: "A finding on your model", action: "Answer" }] : [];
}

function claimItem(actor: Actor, found: { n: number; since: string | null }): QueueItem[] {
  if (found.n === 0 || !found.since || !holds(actor, "inventory:claim")) return [];
  return [
    {
      ref: "",
      href: "/reconciliation?kind=unclaimed,ownerless",
      title: `${found.n >= 1000 ? "1,000 or more models" : plural(found.n, "model")} without an owner`,
      model: null,
      why: "Seen in a registry, or left by their owner; someone must answer for them",
      ask: "claim",
      lane: "Inventory",
      promise: "no promise",
      due: null,
      since: found.since,
      action: "Assign",
    },
  ];
}

const campaignItem = (c: Waiting): QueueItem => ({
  ref: c.ref,
  href: c.raise ? `/campaigns/${c.ref}?state=open` : `/campaigns/${c.ref}/mine`,
  title: `${c.raise ? `Meet ${c.raise.item} for` : c.upgrade ? "Upgrade" : "Confirm"} ${plural(c.n, "model")}: ${c.title}`,
  model: null,
  why: c.escalated
    ? "Their owners did not answer, or there is none; you head the unit"
    : c.raise
      ? `It is required of them from ${c.raise.from} on`
      : c.upgrade
        ? `They follow ${c.upgrade.title} behind version ${c.upgrade.to}; upgrade or defer`
        : "You own them; confirm, correct or hand over",
  ask: "answer",
  lane: c.raise ? "Readiness" : c.upgrade ? "Patterns" : "Ownership",
  promise: c.raise ? "required from" : c.upgrade ? "upgrade" : "attestation",
  due: c.due,
  since: c.since,
  action: "Answer",
});

const rescoreItem = (r: ToRescore): QueueItem => ({
  ref: "",
  href: `/models/${encodeURIComponent(r.model)}/risk`,
  title: `Score the risk of ${r.model} again`,
  model: r.model,
  why: `Your model; since then: ${r.why.join(", ")}`,
  ask: "answer",
  lane: "Risk",
  promise: "tier is provisional",
  due: null,
  since: r.since,
  action: "Answer",
});

const plural = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
const votesIn = (r: OpenReview) => (r.voted.length === 0 ? "no vote is in" : `${plural(r.voted.length, "vote")} in`);
const answeredWhy = (c: OpenCondition) => `${c.owner} has answered; accept or return it`;
const laneLine = (lane: Lane | null) =>
  lane === null ? "clock is running" : lane === "emergency" ? "1-hour promise" : `${lanePromise[lane]}-day promise`;

function reviewItem(r: OpenReview, why: string, action: string): QueueItem {
  return {
    ref: r.ref,
    href: `/reviews/${r.ref}`,
    title: r.title,
    model: r.model,
    why,
    ask: "decide",
    lane: r.lane ? laneName[r.lane] : "Not set",
    promise: laneLine(r.lane),
    due: r.promised_on,
    owed: r.owed,
    since: r.since,
    action,
  };
}

function releaseItem(r: OpenRelease, why: string, action: string): QueueItem {
  return {
    ref: r.ref,
    href: `/releases/${r.ref}`,
    title: `Release ${r.version} to ${r.environment === "prod" ? "production" : r.environment}`,
    model: r.model,
    why,
    ask: "sign",
    lane: r.environment === "prod" ? "Production" : "Staging",
    promise: r.tier === null ? "tier unknown" : `tier ${r.tier}`,
    due: null,
    since: r.since,
    action,
  };
}

function conditionItem(c: OpenCondition, why: string, action: string): QueueItem {
  return {
    ref: c.ref,
    href: `/reviews/${c.review}#${c.ref}`,
    title: c.text,
    model: c.model,
    why,
    ask: "condition",
    lane: c.lane ? laneName[c.lane] : "Condition",
    promise: `of ${c.review}`,
    due: c.due_on,
    since: c.since,
    action,
  };
}

/** Figures beside the areas in the left column. */
export const shellFigures = query({
  name: "queue.figures",
  title: "How much there is of everything",
  http: null,
  input: z.strictObject({}),
  run: async (read, _input, actor, now) => {
    const [open, all] = await Promise.all([mine(read, actor, now), figures(read, actor)]);
    return { queue: open.length, ...all };
  },
});

/** How this board keeps its promises: decisions of the last 90 days, and what it promised next. */
export type BoardRecord = {
  since: string;
  decided: number;
  lanes: LaneMeasure[];
  sentBack: number;
  dissent: number;
  next: { ref: string; title: string; promisedOn: string }[];
};

export const boardRecord = query({
  name: "queue.record",
  title: "How the board keeps its promises",
  http: { method: "GET", path: "/queue/record" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now): Promise<BoardRecord> => {
    const seen = inReach(actor, "reviews:read", sql`m.business_unit_id`);
    const from = new Date(now.getTime() - 90 * 86_400_000);
    const [decided, next] = await Promise.all([
      cyclesWhere(
        read,
        sql`${seen} and r.decided_at >= ${from.toISOString()}::timestamptz and r.status in ('approved', 'approved_with_conditions', 'rejected')`,
        now,
        2000,
      ),
      read.execute<{ ref: string; title: string; promisedOn: string }>(sql`
        select r.ref, r.title, r.promised_on::text as "promisedOn" from review r join model m on m.id = r.model_id
        where r.status = 'in_review' and r.promised_at >= ${now.toISOString()}::timestamptz and ${seen} order by r.promised_at, r.ref limit 5`),
    ]);
    return {
      since: dayOf(from),
      decided: decided.length,
      lanes: lanes
        .filter((lane) => lane !== "emergency")
        .map((lane) => laneMeasure(lane, decided))
        .filter((lane) => lane.decided > 0),
      sentBack: decided.filter((c) => c.bounces > 0).length,
      dissent: decided.filter((c) => c.dissent).length,
      next: next.rows,
    };
  },
});
