import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { campaignsOf, type Waiting } from "@/lib/campaigns/queries";
import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { businessDaysBetween, dayOf } from "@/lib/core/business-days";
import { inReach } from "@/lib/core/in-reach";
import { type Right, roleName, roles } from "@/lib/core/rights";
import { policyFor } from "@/lib/releases/policies";
import { tierRule } from "@/lib/releases/policy";
import { inSentence } from "@/lib/releases/words";
import { decisionItems } from "./decisions";
import { type Delegated, delegatedTo } from "./delegated";
import { answeredWhy, conditionItem, plural, releaseItem, reviewItem, votesIn } from "./items";
import { myLooks } from "./looks";
import type { QueueItem } from "./queue";
import {
  type OpenCondition,
  type OpenFinding,
  type OpenRelease,
  type OpenReview,
  openConditions,
  openFindings,
  openReleases,
  openReviews,
  parties,
  signedBy,
  type ToRescore,
  toRescore,
  unclaimed,
} from "./sources";
import { myWaivers } from "./waivers";

/** Everything that waits on the actor, each once. What SQL narrows the open work to is never less than what the rules below take. */
export async function waitsOn(read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> {
  if (actor.kind !== "person") return [];
  const unit = sql`m.business_unit_id`;
  const reaches = (right: Right): SQL => inReach(actor, right, unit);
  const delegated = await delegatedTo(read, actor.id, now);
  const [reviews, releases, conditions, waivers, findings, orphans, rescores, decisions, asked, looks] =
    await Promise.all([
      openReviews(
        read,
        now,
        sql`case when r.status = 'in_review' then (${reaches("reviews:vote")} or r.ref = any(${`{${[...delegated.keys()].join(",")}}`}::text[]))
            and (${reaches("reviews:decide")} or not exists (select from vote v where v.review_id = r.id and v.round = r.round
              and v.superseded_at is null and v.person_id = ${actor.id}))
          else ${reaches("reviews:submit")} and ${actor.id} = any(${parties}) end`,
      ),
      openReleases(
        read,
        now,
        sql`${reaches("releases:approve")} and r.requested_by <> ${actor.id} and not ${signedBy(actor.id, now)}`,
      ),
      openConditions(
        read,
        sql`((c.status = 'answered' and ${reaches("conditions:accept")}) or (c.status = 'open' and (c.owner_id = ${actor.id} or d.decided_by = ${actor.id})))`,
      ),
      myWaivers(read, actor, now),
      openFindings(read, actor.id),
      unclaimed(read),
      toRescore(read, actor.id),
      decisionItems(read, actor, now),
      campaignsOf(read, actor.id),
      myLooks(read, actor, now),
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
