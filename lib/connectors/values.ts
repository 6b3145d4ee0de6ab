import { clean } from "./text";

/** The share of each weight in percent, to two places; null where nothing is weighted. */
export function shares(weights: readonly number[]): (number | null)[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => (sum > 0 ? Math.round((w / sum) * 10_000) / 100 : null));
}

/** A git commit, or null when the text is none. */
export function commitOf(text: string | null | undefined): string | null {
  const commit = clean(text).trim().toLowerCase();
  return /^[0-9a-f]{7,64}$/.test(commit) ? commit : null;
}
