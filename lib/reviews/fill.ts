import type { FilledId, Submission } from "./submission";

/** What the portal knows of a field, and from where. */
export type Fill = { field: FilledId; text: string; from: string; href: string };

/** What a click on a field's source does: nothing typed is ever replaced, only empty text and text that came from there before. */
export type FillStep = "take" | "refresh" | "current" | "add";

export function fillStep(submission: Submission, fill: Fill): FillStep {
  const now = submission[fill.field] ?? "";
  if (now === fill.text) return "current";
  if (now.trim() === "") return "take";
  return submission.filled?.[fill.field] ? "refresh" : "add";
}

/** The draft with one field taken, refreshed, or set below what was typed. */
export function take(submission: Submission, fill: Fill): Submission {
  const step = fillStep(submission, fill);
  if (step === "current") return submission;
  if (step === "add") return { ...submission, [fill.field]: `${submission[fill.field] ?? ""}\n\n${fill.text}` };
  return { ...submission, [fill.field]: fill.text, filled: { ...submission.filled, [fill.field]: fill.from } };
}

/** A new draft with everything that is known. */
export const prefilled = (fills: readonly Fill[]): Submission => fills.reduce<Submission>(take, {});

/** A field that someone typed in stands for itself. */
export function typed(submission: Submission, field: FilledId, text: string): Submission {
  const { [field]: _, ...filled } = submission.filled ?? {};
  return { ...submission, [field]: text, filled };
}
