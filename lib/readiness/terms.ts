import { dayOf } from "@/lib/core/business-days";
import { Refusal } from "@/lib/core/refusal";
import type { Tier } from "@/lib/risk/tier";
import { type Needs, needsOf, type Risk } from "./risk-acceptance";
import { maxWaiverDays } from "./waiver";

/** The last instant of an acceptance asked until a day; refuses a day that is past, or later than the tier allows. */
export function insistOnTerm(what: "waiver" | "risk acceptance", expiresOn: string, tier: Tier, now: Date): Date {
  const latest = dayOf(new Date(now.getTime() + maxWaiverDays[tier] * 86_400_000));
  if (expiresOn > latest || expiresOn <= dayOf(now))
    throw new Refusal(
      "invalid",
      `expiresOn: In tier ${tier} a ${what} lasts at most ${maxWaiverDays[tier]} days: until ${latest}.`,
      [{ field: "expiresOn", message: `Choose a day after today and at most ${latest}.` }],
    );
  return new Date(`${expiresOn}T23:59:59Z`);
}

/** Whose acceptance a risk takes; refuses one that nobody may accept. */
export function insistAcceptable(level: Risk, tier: Tier | null, renewal: number): Needs {
  const needs = needsOf(level, tier, renewal);
  if (!needs)
    throw new Refusal(
      "forbidden",
      `A critical risk in tier ${tier ?? 1} is not open to acceptance. Stop the model, or reduce the risk first.`,
      [{ field: "impact", message: "Critical together with this likelihood." }],
    );
  return needs;
}
