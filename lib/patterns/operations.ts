import "server-only";
import { adoptPattern } from "./adopt";
import { adoptionList, adoptionSummary } from "./adoption-queries";
import { modelConformance, patternConformance } from "./conformance";
import { decideDeviation, endDeviation, recordDeviation } from "./deviate";
import { answerGap, listGaps, reportGap } from "./gaps";
import { getPattern, listPatterns, modelPattern, patternAdopters } from "./reads";

export const patternOperations = [
  adoptPattern,
  recordDeviation,
  decideDeviation,
  endDeviation,
  reportGap,
  answerGap,
  listPatterns,
  getPattern,
  patternAdopters,
  modelPattern,
  modelConformance,
  patternConformance,
  adoptionList,
  adoptionSummary,
  listGaps,
] as const;
