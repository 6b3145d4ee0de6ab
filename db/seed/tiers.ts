import { type Answers, questionIds, type Tier, tierOf as tierOfAnswers } from "@/lib/risk/tier";
import type { PlacedModel } from "./portfolio";

/** The twelve answers of a model as the questionnaire takes them. */
export const answersOf = (risk: string): Answers =>
  Object.fromEntries(questionIds.map((q, i) => [q, risk[i] === "?" ? null : Number(risk[i])]));

/** The tier that a model's answers lead to; null while nobody answered. */
export const tierOf = (m: PlacedModel): Tier | null =>
  m.risk ? tierOfAnswers(answersOf(m.risk), m.legal ?? "minimal").tier : null;
