import "server-only";
import { concludeEvaluation } from "./conclude";
import { addOption, openEvaluation, score, weigh } from "./prepare";
import { getEvaluation, listEvaluations } from "./queries";

export const evaluationOperations = [
  listEvaluations,
  openEvaluation,
  getEvaluation,
  addOption,
  weigh,
  score,
  concludeEvaluation,
] as const;
