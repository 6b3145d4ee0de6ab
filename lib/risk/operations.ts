import "server-only";
import { assessRisk } from "./assess";
import { modelRisk, riskQuestionnaire } from "./queries";

export const riskOperations = [assessRisk, modelRisk, riskQuestionnaire] as const;
