import "server-only";
import { concludeEvaluation } from "./conclude";
import { addOption, editOption, openEvaluation, removeOption, score, weigh } from "./prepare";
import { getEvaluation, listEvaluations } from "./queries";

export const evaluationOperations = [
  listEvaluations,
  openEvaluation,
  getEvaluation,
  addOption,
  editOption,
  removeOption,
  weigh,
  score,
  concludeEvaluation,
] as const;
