import type { Weights } from "./evaluation";

/** What an option got of each criterion, 1 to 5; what is not there is not known. */
export type Scores = Readonly<Record<string, number>>;

export type Ranked = {
  key: string;
  /** Weighted mean, 1 to 5; null while a score that counts is not known. */
  score: number | null;
  /** What it can be once everything is known: all unknown scores 1, or all 5. Equal to `score` when that is known. */
  low: number;
  high: number;
  /** Criteria with a weight that it has no score for. */
  unknown: readonly string[];
};

/** The change of one weight, all others kept, from which on another option leads. */
export type Flip = { criterion: string; from: number; to: number; winner: string };

export type Ranking = {
  /** Best first; by what each is at least, then at most. */
  options: readonly Ranked[];
  complete: boolean;
  unknown: number;
  /** Who leads whatever the unknown scores turn out to be; null if they, or a tie, leave it open. */
  winner: string | null;
  /** Options that lead together, when nothing is unknown. */
  tied: readonly string[];
  /** Smallest change first, at most one for each criterion; null while it cannot be told. Empty: no single weight changes the result. */
  flips: readonly Flip[] | null;
};

const lowest = 1;
const highest = 5;
/** Scores and weights are whole numbers, so what is nearer than this is equal. */
const equal = 1e-9;
/** Heaviest that one criterion can be. */
const heaviest = 100;

/** Ranks options by their weighted mean. A score that nobody gave is not a low score: it makes the result open. */
export function rank(weights: Weights, options: readonly { key: string; scores: Scores }[]): Ranking {
  const counting = Object.entries(weights).filter(([, points]) => points > 0);
  const sum = counting.reduce((all, [, points]) => all + points, 0);
  const mean = (scores: Scores, missing: number) =>
    sum === 0 ? missing : counting.reduce((all, [id, points]) => all + points * (scores[id] ?? missing), 0) / sum;
  const ranked = options
    .map(({ key, scores }): Ranked => {
      const unknown = counting.map(([id]) => id).filter((id) => scores[id] === undefined);
      const [low, high] = [mean(scores, lowest), mean(scores, highest)];
      return { key, score: unknown.length === 0 && sum > 0 ? low : null, low, high, unknown };
    })
    .sort((a, b) => b.low - a.low || b.high - a.high || a.key.localeCompare(b.key));
  const unknown = ranked.reduce((all, o) => all + o.unknown.length, 0);
  const [first, ...others] = ranked;
  const complete = unknown === 0 && ranked.length > 0 && sum > 0;
  const tied = complete && first ? ranked.filter((o) => first.low - o.low < equal).map((o) => o.key) : [];
  const leads = first !== undefined && others.length > 0 && others.every((o) => first.low - o.high > equal);
  return {
    options: ranked,
    complete,
    unknown,
    winner: leads ? first.key : null,
    tied: tied.length > 1 ? tied : [],
    flips: complete && leads && first ? flipsOf(first.key, weights, options) : null,
  };
}

/**
 * The leader's lead over another option is the sum of weight times difference of scores. Changing one weight by x changes it by x
 * times that criterion's difference, so it is gone at x = -lead / difference.
 */
function flipsOf(leader: string, weights: Weights, options: readonly { key: string; scores: Scores }[]): Flip[] {
  const scoresOf = (key: string): Scores => options.find((o) => o.key === key)?.scores ?? {};
  const own = scoresOf(leader);
  const out: Flip[] = [];
  for (const [criterion, from] of Object.entries(weights)) {
    const found: Flip[] = [];
    for (const { key, scores } of options) {
      // A criterion that was left out may have no scores; then nothing is known of what its weight would do.
      if (key === leader || own[criterion] === undefined || scores[criterion] === undefined) continue;
      const lead = Object.entries(weights).reduce(
        (all, [id, points]) => (points === 0 ? all : all + points * ((own[id] ?? 0) - (scores[id] ?? 0))),
        0,
      );
      const difference = (own[criterion] ?? 0) - (scores[criterion] ?? 0);
      if (difference === 0) continue;
      const to = from - lead / difference;
      if (to > 0 && to < heaviest) found.push({ criterion, from, to, winner: key });
    }
    const nearest = found.sort((a, b) => Math.abs(a.to - from) - Math.abs(b.to - from))[0];
    if (nearest) out.push(nearest);
  }
  return out.sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from));
}
