import { type Lane, laneName, lanePromise } from "@/lib/reviews/review";
import type { QueueItem } from "./queue";
import type { OpenCondition, OpenRelease, OpenReview } from "./sources";

export const plural = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
export const votesIn = (r: OpenReview) =>
  r.voted.length === 0 ? "no vote is in" : `${plural(r.voted.length, "vote")} in`;
export const answeredWhy = (c: OpenCondition) => `${c.owner} has answered; accept or return it`;
const laneLine = (lane: Lane | null) =>
  lane === null ? "clock is running" : lane === "emergency" ? "1-hour promise" : `${lanePromise[lane]}-day promise`;

export function reviewItem(r: OpenReview, why: string, action: string): QueueItem {
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

export function releaseItem(r: OpenRelease, why: string, action: string): QueueItem {
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

export function conditionItem(c: OpenCondition, why: string, action: string): QueueItem {
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
