/** Small words of the gate's sentences. */
export const day = (at: Date): string => at.toISOString().slice(0, 10);

/** First six digits, as screens and sentences show a digest. */
export const short = (hex: string | null): string => (hex ? hex.slice(0, 6) : "none");

export function listed(words: readonly string[], joiner = "and"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${joiner} ${words.at(-1)}`;
}

/** A title inside a sentence: "Board member" is "board member", but "ARB chair" keeps its capitals. */
export const inSentence = (title: string): string =>
  /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
