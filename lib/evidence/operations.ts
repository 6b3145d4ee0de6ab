import "server-only";
import { expiringAttestations, listEvidence } from "./queries";
import { readEvidence } from "./read";
import { recordEvidence } from "./upload";

export const evidenceOperations = [recordEvidence, readEvidence, listEvidence, expiringAttestations] as const;
