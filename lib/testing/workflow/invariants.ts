import { clocks } from "@/lib/reviews/clocks";
import type { Cast, Counted, Decided, Review } from "./state";

/** What a lane demands of the votes that were counted, said in the words of governance.md 6.4 and not by the product's tally. */
function withoutQuorum(cast: Cast, review: Review, decided: Decided): string | null {
  if (decided.outcome === "deferred") return null;
  const seats = new Set(decided.ballots.map((b) => b.seat));
  const voices = new Set(decided.ballots.filter((b) => b.choice !== "abstain").map((b) => b.personId));
  switch (decided.lane) {
    case "full_board": {
      const free = (id: string) => !decided.recused.includes(id) && !review.parties.includes(id);
      const base = new Set(cast.members.filter((m) => free(m.personId)).map((m) => m.seat));
      const must = review.tier === 1 ? ["chair", "security", "model_risk"] : ["chair", "security"];
      const missing = must.filter((seat) => ![...seats].some((s) => s === seat));
      if (missing.length > 0) return `decided without ${missing.join(", ")}`;
      return seats.size * 2 < base.size ? `decided by ${seats.size} of ${base.size} seats` : null;
    }
    case "fast_track":
    case "emergency":
      return voices.size < 2 ? "decided by fewer than two people" : null;
    case "self_service":
      return null;
    default:
      return "decided in no lane";
  }
}

const from = (b: Counted): string[] => (b.for ? [b.personId, b.for] : [b.personId]);

function wrongWith(cast: Cast, review: Review, decided: Decided): string[] {
  const out: string[] = [];
  const quorum = withoutQuorum(cast, review, decided);
  if (quorum) out.push(quorum);
  const barred = [...decided.recused, ...review.parties];
  if (decided.ballots.some((b) => from(b).some((id) => barred.includes(id))))
    out.push("counted the vote of someone recused or with a stake");
  const members = decided.ballots.map((b) => b.for ?? b.personId);
  if (new Set(members).size < members.length) out.push("counted one member twice");
  if (barred.includes(decided.by.id)) out.push("was decided by someone recused or with a stake");
  if (decided.by.kind !== "person" && !(decided.by.kind === "system" && decided.lane === "self_service"))
    out.push(`was decided by a ${decided.by.kind}`);
  const approved = decided.outcome === "approved" || decided.outcome === "approved_with_conditions";
  if (approved && decided.openMustFix > 0) out.push("was approved over a finding that must be fixed");
  if (approved && review.tier === 1 && decided.lane !== "self_service")
    for (const seat of ["security", "model_risk"])
      if (decided.ballots.some((b) => b.seat === seat && b.choice === "reject"))
        out.push(`overrode the veto of ${seat}`);
  if ((decided.outcome === "approved_with_conditions") !== decided.conditions > 0)
    out.push("has conditions that do not fit its outcome");
  return out;
}

/** Every way in which a review breaks what must always hold; empty when none. */
export function breaches(cast: Cast, review: Review, now: Date): string[] {
  const out = review.decisions.flatMap((d) =>
    wrongWith(cast, review, d).map((w) => `the decision of round ${d.round} ${w}`),
  );
  const final = review.decisions.filter((d) => d.outcome !== "deferred");
  if (final.length > 1) out.push("was decided twice");
  if (review.decisions.length - final.length > 1) out.push("was deferred twice");
  if (new Set(review.decisions.map((d) => d.round)).size < review.decisions.length)
    out.push("has two decisions in one round");
  const settled =
    review.status === "approved" || review.status === "approved_with_conditions" || review.status === "rejected";
  if (settled !== (final.length === 1)) out.push(`is ${review.status} with ${final.length} decisions`);
  if (review.submittedAt) {
    const wall = (a: Date, b: Date) => b.getTime() - a.getTime();
    const { board, submitter, total } = clocks(review.spans, now, wall);
    const last = review.spans.at(-1);
    const end = settled || review.status === "withdrawn" ? (last?.from ?? now) : now;
    if (board + submitter !== total || total !== wall(review.submittedAt, end))
      out.push("has clocks that do not sum to the time since its first submission");
  }
  return out.map((what) => `${review.ref} ${what}`);
}
