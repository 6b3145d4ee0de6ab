import "server-only";
import { adoptMethod } from "./adopt";
import { assessRisk } from "./assess";
import { replayRisk } from "./calibration";
import { overrideTier, withdrawOverride } from "./override";
import { modelRisk, riskQuestionnaire } from "./queries";
import { askRescore, sweepRisk } from "./rescore";

export const riskOperations = [
  assessRisk,
  modelRisk,
  riskQuestionnaire,
  overrideTier,
  withdrawOverride,
  askRescore,
  sweepRisk,
  replayRisk,
  adoptMethod,
] as const;
