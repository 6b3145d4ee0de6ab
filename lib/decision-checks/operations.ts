import { evaluateChecks } from "./evaluate";
import { adrCheckModels, adrChecksOf, modelBreaks } from "./reads";

export const decisionCheckOperations = [adrChecksOf, adrCheckModels, evaluateChecks, modelBreaks] as const;
