import type { Actor } from "@/lib/core/actor";
import { pick } from "@/lib/core/random";
import { choices, lanes, type Outcome, outcomes, severities } from "@/lib/reviews/review";
import type { Cast, Review } from "./state";
import type { Step } from "./steps";

type Kind = Step["do"];

/** How often each kind of step is tried: so that reviews are decided often, and wrong things are tried everywhere. */
const weights: Readonly<Record<Kind, number>> = {
  save: 2,
  submit: 8,
  withdraw: 1,
  comment: 1,
  recuse: 1,
  decide_by_rule: 2,
  request_changes: 1,
  change_lane: 2,
  vote: 46,
  open_vote: 1,
  decide: 18,
  raise_finding: 2,
  accept_finding: 2,
  resolve_finding: 4,
  verify_finding: 3,
  reopen_finding: 1,
  answer_condition: 3,
  accept_answer: 3,
  return_answer: 1,
};

const bag: readonly Kind[] = (Object.keys(weights) as Kind[]).flatMap((kind) => Array<Kind>(weights[kind]).fill(kind));

/** Mostly agreement, as on a board, so that votes carry. */
const leanings = ["approve", "approve", "approve", "approve", ...choices] as const;

/** Someone who would do such a thing, or, one time in three, anybody. */
function whoFor(kind: Kind, cast: Cast, review: Review, rng: () => number): Actor {
  const all = [...cast.actors.values()];
  const any = all[Math.floor(rng() * all.length)];
  if (!any) throw new Error("nobody walks");
  if (rng() < 0.34) return any;
  const chairs = all.filter((a) => a.grants.some((g) => g.role === "board_chair"));
  const likely =
    kind === "decide_by_rule"
      ? all.filter((a) => a.kind === "system")
      : kind === "decide" || kind === "open_vote" || kind === "accept_answer" || kind === "return_answer"
        ? chairs
        : ["save", "submit", "withdraw", "accept_finding", "resolve_finding", "answer_condition"].includes(kind)
          ? all.filter((a) => a.id === review.owner)
          : all.filter((a) => cast.members.some((m) => m.personId === a.id));
  return likely[Math.floor(rng() * likely.length)] ?? any;
}

/** A random attempt on a review, by anybody. `ref` names what it would make. */
export function anyStep(
  cast: Cast,
  review: Review,
  rng: () => number,
  ref: (kind: "fnd" | "con") => string,
): { actor: Actor; step: Step } {
  const kind = pick(rng, bag as [Kind, ...Kind[]]);
  const actor = whoFor(kind, cast, review, rng);
  // Sometimes a round that was read before a resubmission.
  const round = rng() < 0.04 ? Math.max(1, review.round - 1) : review.round;
  const some = <T extends { ref: string }>(list: readonly T[]): string | null =>
    list[Math.floor(rng() * list.length)]?.ref ?? null;
  switch (kind) {
    case "request_changes":
      return { actor, step: { do: kind, round } };
    case "raise_finding":
      return { actor, step: { do: kind, round, severity: pick(rng, severities), ref: ref("fnd") } };
    case "change_lane":
      return { actor, step: { do: kind, lane: pick(rng, lanes), reason: rng() < 0.6 } };
    case "vote":
      return { actor, step: { do: kind, round, choice: pick(rng, leanings), reason: rng() < 0.8 } };
    case "open_vote":
      return { actor, step: { do: kind, round, hours: pick(rng, [0, 1, 24, 48, 1000]) } };
    case "decide":
      return { actor, step: { do: kind, round, ...anyDecision(review, rng, ref) } };
    case "accept_finding":
    case "resolve_finding":
    case "verify_finding":
    case "reopen_finding": {
      const finding = some(review.findings);
      return finding ? { actor, step: { do: kind, finding } } : { actor, step: { do: "comment" } };
    }
    case "answer_condition":
    case "accept_answer":
    case "return_answer": {
      const condition = some(review.conditions);
      return condition ? { actor, step: { do: kind, condition } } : { actor, step: { do: "save" } };
    }
    default:
      return { actor, step: { do: kind } };
  }
}

function anyDecision(review: Review, rng: () => number, ref: (kind: "con") => string) {
  const outcome = pick<Outcome>(rng, ["approved", "approved", "approved_with_conditions", ...outcomes]);
  const open = review.findings.filter((f) => f.severity === "must_fix" && f.status !== "verified");
  const wanted = outcome === "approved_with_conditions" ? rng() < 0.9 : rng() < 0.05;
  const conditions = !wanted
    ? []
    : open.length > 0 && rng() < 0.8
      ? open.map((f) => ({ ref: ref("con"), closes: f.ref }))
      : [{ ref: ref("con"), closes: null }];
  return { outcome, conditions, until: rng() < 0.8 };
}
