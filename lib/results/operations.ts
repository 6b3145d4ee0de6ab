import "server-only";
import { pushResult } from "./push";

export const resultOperations = [pushResult] as const;
