import "server-only";
import { askAcceptance, decideAcceptance, endAcceptance } from "./accept";

export const acceptanceOperations = [askAcceptance, decideAcceptance, endAcceptance] as const;
