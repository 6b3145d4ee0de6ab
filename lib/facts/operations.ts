import "server-only";
import { pushFacts } from "./push";
import { factCatalogue, modelFacts } from "./reads";

export const factOperations = [pushFacts, factCatalogue, modelFacts] as const;
