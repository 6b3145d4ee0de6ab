import "server-only";
import { adoptForUseCase, adoptPattern } from "./adopt";
import { adoptionList, adoptionSummary } from "./adoption-queries";
import { conformanceOfUseCase, modelConformance, patternConformance } from "./conformance";
import {
  decideDeviation,
  decideUseCaseDeviation,
  endDeviation,
  endUseCaseDeviation,
  recordDeviation,
  recordUseCaseDeviation,
} from "./deviate";
import { answerGap, listGaps, reportGap, reportUseCaseGap } from "./gaps";
import { getPattern, listPatterns, modelPattern, patternAdopters, patternOfUseCase, patternUseCases } from "./reads";

export const patternOperations = [
  adoptPattern,
  recordDeviation,
  decideDeviation,
  endDeviation,
  adoptForUseCase,
  recordUseCaseDeviation,
  decideUseCaseDeviation,
  endUseCaseDeviation,
  reportGap,
  reportUseCaseGap,
  answerGap,
  listPatterns,
  getPattern,
  patternAdopters,
  patternUseCases,
  modelPattern,
  patternOfUseCase,
  modelConformance,
  conformanceOfUseCase,
  patternConformance,
  adoptionList,
  adoptionSummary,
  listGaps,
] as const;
