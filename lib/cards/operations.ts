import "server-only";
import { importCard } from "./import";
import { modelCard } from "./queries";

export const cardOperations = [modelCard, importCard] as const;
