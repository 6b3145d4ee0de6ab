import "server-only";
import { declareFreeze, exemptRelease, liftFreeze } from "./keep";
import { findFreezes } from "./queries";

export const freezeOperations = [findFreezes, declareFreeze, liftFreeze, exemptRelease] as const;
