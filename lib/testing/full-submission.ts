import { parts, sections } from "@/lib/reviews/sections";
import { questions, type Submission } from "@/lib/reviews/submission";

/** Every section and part written, and every question answered with no. */
export const fullSubmission = (set: Submission = {}): Submission => ({
  ...(Object.fromEntries([...sections, ...parts].map((s) => [s.id, `About ${s.title.toLowerCase()}.`])) as Submission),
  ...(Object.fromEntries(questions.map((q) => [q.id, false])) as Submission),
  changeType: "new_model",
  system: "Cards",
  sponsor: "Head of Cards",
  targetDate: "2026-06-01",
  apart: "Another product line, with data of its own.",
  ...set,
});
