/** Small words of the gate's sentences. */
export const day = (at: Date): string => at.toISOString().slice(0, 10);

/** First six digits, as screens and sentences show a digest. */
export const short = (hex: string | null): string => (hex ? hex.slice(0, 6) : "none");

export function listed(words: readonly string[], joiner = "and"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${joiner} ${words.at(-1)}`;
}
