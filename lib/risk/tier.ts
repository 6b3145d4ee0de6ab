/** Answers to the twelve risk questions, 0 to 4 each; null is "don't know" and scores 4. */
export type Answers = Record<string, number | null>;

/** What pushed the tier where it is. */
export type Driver = { question: string; axis: string; text: string; points: number };
