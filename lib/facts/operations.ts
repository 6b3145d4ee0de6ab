import "server-only";
import { factHistory } from "./history";
import { pushFacts } from "./push";
import { factCatalogue, modelFacts } from "./reads";

export const factOperations = [pushFacts, factCatalogue, modelFacts, factHistory] as const;
