import type { Actor } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import type { LegalClass, ModelKind } from "@/lib/models/model";
import { type Seat, seatName } from "./review";
import { all, person, type ReviewSubject, right, seatOfActor } from "./rules";
import type { Submission } from "./submission";

/** What a reviewer can know (governance.md section 6.4, "effective challenge"). */
export const expertises = [
  "classical",
  "deep_learning",
  "foundation",
  "llm_app",
  "rag",
  "agent",
  "data_protection",
  "security",
  "validation",
  "regulation",
  "suppliers",
  "operations",
  "architecture",
] as const;
export type Expertise = (typeof expertises)[number];

export const expertiseName: Record<Expertise, string> = {
  classical: "Classical models",
  deep_learning: "Deep learning",
  foundation: "Foundation models",
  llm_app: "Applications of language models",
  rag: "Retrieval",
  agent: "Agents",
  data_protection: "Data protection",
  security: "Security",
  validation: "Model validation",
  regulation: "Regulation",
  suppliers: "Suppliers and contracts",
  operations: "Operations",
  architecture: "Reference architectures",
};

/** The fields of expertise that a case calls for. The model's kind comes first. */
export function needsOf(of: {
  kind: ModelKind | null;
  tier: number | null;
  legalClass: LegalClass | null;
  submission: Submission;
}): Expertise[] {
  const { submission: s } = of;
  const needs: (Expertise | false | null)[] = [
    of.kind,
    s.agentWriteAccess === true && "agent",
    (s.newDataClass === true || s.newRegion === true) && "data_protection",
    (s.newVendor === true || s.agentWriteAccess === true) && "security",
    s.newVendor === true && "suppliers",
    (s.newPattern === true || s.mandatoryDeviation === true) && "architecture",
    s.irreversible === true && "operations",
    of.tier !== null && of.tier <= 2 && "validation",
    (of.legalClass === "high_risk_annex_iii" || of.legalClass === "high_risk_annex_i") && "regulation",
  ];
  return [...new Set(needs.filter((n): n is Expertise => n !== false && n !== null))];
}

export type Candidate = {
  personId: string;
  name: string;
  seat: Seat;
  knows: readonly Expertise[];
  /** Reviews in the board's hands that they are named for. */
  load: number;
};
export type Suggestion = Candidate & { matched: Expertise[]; why: string };

/**
 * Who should read a case, the best first: knowing more of what it calls for comes first, then carrying less, then the name; nothing
 * else counts, so that the same facts give the same answer. `free` are people without a stake and not recused.
 */
export function suggest(free: readonly Candidate[], needs: readonly Expertise[]): Suggestion[] {
  return free
    .map((one) => {
      const matched = needs.filter((need) => one.knows.includes(need));
      return { ...one, matched, why: whyOf(matched, one.load) };
    })
    .sort(
      (a, b) =>
        b.matched.length * 2 - b.load - (a.matched.length * 2 - a.load) ||
        a.load - b.load ||
        (a.name < b.name ? -1 : a.name > b.name ? 1 : a.personId < b.personId ? -1 : 1),
    );
}

/** "Knows agents and security; 2 open reviews; no stake in it." */
function whyOf(matched: readonly Expertise[], load: number): string {
  const names = matched.map((m) => expertiseName[m].toLowerCase());
  const knows =
    names.length === 0
      ? "No matching field is recorded"
      : `Knows ${names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`}`;
  return `${knows}; ${load === 0 ? "no other open review" : load === 1 ? "1 open review" : `${load} open reviews`}; no stake in it.`;
}

/** What is recorded of a reviewer when they are named. */
export const challengeOf = (s: Suggestion): { expertise: string; independence: string; standing: string } => ({
  expertise: s.matched.length > 0 ? s.matched.map((m) => expertiseName[m]).join(", ") : "None recorded for this case",
  independence: "Not a party to it, not recused",
  standing: `${seatName[s.seat]} seat`,
});

const names = (actor: Actor) => () => {
  const seat = seatOfActor(actor);
  return seat === "chair" || seat === "architecture"
    ? yes
    : no("forbidden", "The chair or an architect names reviewers.");
};

/** The chair or an architect names who reads a review; never someone with a stake in it. */
export const mayAssignReviewer = (actor: Actor, review: ReviewSubject): Verdict =>
  all(
    () => person(actor, "name reviewers"),
    right(actor, "reviews:vote", review.unitId, "Only members of the board name reviewers."),
    names(actor),
    () =>
      review.partyIds.includes(actor.id) || review.recusedIds.includes(actor.id)
        ? no("forbidden", `You have a stake in ${review.ref}, so someone else must name its reviewers.`)
        : yes,
    () =>
      review.status === "in_review" || review.status === "changes_requested" || review.status === "deferred"
        ? yes
        : no("conflict", `${review.ref} is not before the board; reviewers are named while it is.`),
  );

/** Why someone cannot read a review for the board; null when they can. */
export function cannotReview(
  personId: string,
  name: string,
  review: { ref: string; partyIds: readonly string[]; recusedIds: readonly string[] },
  onBoard: boolean,
): string | null {
  if (review.partyIds.includes(personId)) return `${name} has a stake in ${review.ref} and cannot review it.`;
  if (review.recusedIds.includes(personId)) return `${name} is recused from ${review.ref}.`;
  return onBoard ? null : `${name} holds no seat on the board for this business unit.`;
}

/** Whether the actor may say of anyone what they know. */
export const mayNameExperts = (actor: Actor): Verdict =>
  all(
    () => person(actor, "say what someone knows"),
    right(actor, "reviews:vote", null, "Only members of the board say what others know."),
    names(actor),
  );

/** What one knows, one says oneself, or the chair or an architect says it. */
export const maySayExpertise = (actor: Actor, about: { id: string }): Verdict =>
  all(
    () => person(actor, "say what someone knows"),
    () =>
      actor.id === about.id || mayNameExperts(actor).ok
        ? yes
        : no("forbidden", "People say what they know themselves; of others, the chair or an architect does."),
  );
