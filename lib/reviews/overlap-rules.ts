import type { ReviewStatus } from "./review";
import type { Lack, Submission } from "./submission";

/** Something that may be the same case as a draft, or that the draft could join. `strong`: it must be answered before submitting. */
export type Overlap = {
  kind: "model" | "review";
  /** A model's name, or a review's reference. */
  ref: string;
  title: string;
  /** The model that a review was begun for. */
  model: string | null;
  status: ReviewStatus | null;
  /** Whom to ask: the model's owner, or the review's author. */
  who: string | null;
  why: string;
  strong: boolean;
};

const leastReason = 10;

/** What is still to be said of what overlaps: join it, or say why not. */
export function overlapLack(overlaps: readonly Overlap[], submission: Submission): Lack[] {
  const strong = overlaps.filter((o) => o.strong);
  if (strong.length === 0 || (submission.apart ?? "").trim().length >= leastReason) return [];
  const names = strong.map((o) => o.ref);
  const listed = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  return [
    {
      field: "apart",
      message: `It overlaps with ${listed}: join ${names.length === 1 ? "it" : "one of them"}, or say in at least ${leastReason} characters why not.`,
    },
  ];
}
