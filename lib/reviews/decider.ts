import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { choices, type Seat, seats } from "./review";
import { person } from "./rules";

/** Someone who decided: by a vote that counted, or by recording the decision. */
export type Decider = {
  personId: string;
  /** Null: recorded the decision without a vote of their own. */
  vote: { seat: Seat; choice: (typeof choices)[number]; for: string | null } | null;
  recorded: boolean;
};

const Content = z.object({
  votes: z.array(
    z.object({ person: z.string(), seat: z.enum(seats), choice: z.enum(choices), for: z.string().optional() }),
  ),
  decidedBy: z.object({ kind: z.string(), id: z.string() }),
});

/** Who decided, from the canonical content that a decision's digest is over; nobody where the portal decided by rule. */
export function decidersIn(content: string): Decider[] {
  const { votes, decidedBy } = Content.parse(JSON.parse(content));
  if (decidedBy.kind !== "person") return [];
  const voted = votes.map(
    (v): Decider => ({
      personId: v.person,
      vote: { seat: v.seat, choice: v.choice, for: v.for ?? null },
      recorded: v.person === decidedBy.id,
    }),
  );
  return voted.some((d) => d.recorded) ? voted : [...voted, { personId: decidedBy.id, vote: null, recorded: true }];
}

const Models = z.union([
  z.object({ models: z.array(z.object({ name: z.string() })) }).transform(({ models }) => models),
  // Until several models could be decided on at once (decision 0300).
  z.object({ model: z.object({ name: z.string() }) }).transform(({ model }) => [model]),
]);

/** The models that a decision speaks of, by name, from its canonical content. */
export const modelsIn = (content: string): string[] => Models.parse(JSON.parse(content)).map((m) => m.name);

export type DecisionSubject = { ref: string; deciders: readonly Decider[]; signedBy: readonly string[] };

/** Those who decided sign, each for themselves and once: a dissenter too, since the vote against is in what is signed. */
export function maySignDecision(actor: Actor, decision: DecisionSubject): Verdict {
  const someone = person(actor, "sign a decision of the board");
  if (!someone.ok) return someone;
  if (decision.deciders.length === 0)
    return no("conflict", `${decision.ref} was decided by rule; the portal signed it.`);
  if (!decision.deciders.some((d) => d.personId === actor.id))
    return no("forbidden", `Only those who voted on ${decision.ref} or recorded the decision sign it.`);
  return decision.signedBy.includes(actor.id)
    ? no("conflict", `You signed the decision on ${decision.ref} already.`)
    : yes;
}
