import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import type { Day } from "@/lib/core/business-days";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { sayDay } from "@/lib/core/say-day";
import { day } from "@/lib/core/when";
import { personKey } from "@/lib/models/inputs";
import { type Seat, seatName } from "@/lib/reviews/review";

export const NameDelegate = z.strictObject({
  member: personKey.optional().describe("Whose seat; left out: your own"),
  delegate: personKey,
  from: day("The first day on which the delegate sits, such as 2026-12-01."),
  until: day("The last day on which the delegate sits, such as 2026-12-18."),
  reason: z.string().trim().min(3, "Say why in at least 3 characters.").max(500, "Use at most 500 characters."),
});

export const EndDelegation = z.strictObject({ delegation: z.uuid("Give the id of the delegation.") });

/** Someone whose seat is lent: `seat` is null if they hold none. */
export type Holder = { id: string; name: string; seat: Seat | null; standsFor: string | null };

/** A member lends their own seat; the chair any, since people fall ill. */
export function mayNameDelegate(actor: Actor, member: Holder): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person can name a delegate.");
  if (actor.id !== member.id && !holds(actor, "reviews:decide"))
    return no("forbidden", `Only ${member.name} or the chair can name a delegate for that seat.`);
  if (member.seat) return yes;
  return no(
    "forbidden",
    member.standsFor
      ? `${member.name} stands in for ${member.standsFor}; a delegate cannot name a delegate. ${member.standsFor} or the chair must name another.`
      : `${member.name} holds no seat on the board, so there is none to lend.`,
  );
}

export type DelegationSubject = { memberId: string; member: string; endedAt: Date | null; untilOn: Day };

export function mayEndDelegation(actor: Actor, delegation: DelegationSubject): Verdict {
  if (actor.kind !== "person") return no("forbidden", "Only a person can take a delegation back.");
  if (actor.id !== delegation.memberId && !holds(actor, "reviews:decide"))
    return no("forbidden", `Only ${delegation.member} or the chair can take this delegation back.`);
  return delegation.endedAt ? no("conflict", "This delegation was taken back already.") : yes;
}

/** What is known of the person who is named, and of delegations that overlap the days. */
export type Candidate = {
  id: string;
  name: string;
  /** The seat they hold everywhere. */
  seat: Seat | null;
  /** Whom they named for these days. */
  named: string | null;
  /** For whom they stand in on these days. */
  standsFor: string | null;
};

/** Longest delegation, in days: whoever is away longer leaves the seat. */
export const longestDays = 183;

/** Why these days and this person cannot be; by field. Null: they can. */
export function delegateFault(
  asked: { memberId: string; member: string; memberHas: string | null; from: Day; until: Day; today: Day },
  who: Candidate,
): { field: "delegate" | "from" | "until"; message: string } | null {
  const { from, until, today } = asked;
  if (until < from) return { field: "until", message: "The last day lies before the first." };
  if (until < today) return { field: "until", message: "These days are over. A delegate is named in advance." };
  if (from < today) return { field: "from", message: "A delegate is named in advance: from today on at the earliest." };
  if (Date.parse(until) - Date.parse(from) > longestDays * 86_400_000)
    return { field: "until", message: `At most ${longestDays} days. For longer, give the seat to someone else.` };
  if (who.id === asked.memberId) return { field: "delegate", message: "Nobody stands in for themselves." };
  if (who.seat)
    return {
      field: "delegate",
      message: `${who.name} holds the ${seatName[who.seat].toLowerCase()} seat and votes there; nobody counts twice. Name someone without a seat.`,
    };
  if (who.named)
    return {
      field: "delegate",
      message: `${who.name} named ${who.named} for these days; a delegate of a delegate is not possible.`,
    };
  if (who.standsFor)
    return {
      field: "delegate",
      message: `${who.name} stands in for ${who.standsFor} on some of these days; nobody counts twice.`,
    };
  if (asked.memberHas)
    return {
      field: "from",
      message: `${asked.memberHas} stands in for ${asked.member} on some of these days. Take that back first, or choose other days.`,
    };
  return null;
}

/** "24 Nov 2026 to 4 Dec 2026", or the one day. */
export const sayDays = (from: Day, until: Day): string =>
  from === until ? `on ${sayDay(from)}` : `from ${sayDay(from)} to ${sayDay(until)}`;
