import "server-only";
import { lineageGraph } from "./queries";

export const lineageOperations = [lineageGraph] as const;
