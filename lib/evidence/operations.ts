import "server-only";
import { expiringAttestations, listEvidence } from "./queries";
import { readEvidence } from "./read";
import { recordEvidence } from "./upload";
import { warnOfEvidence } from "./warn";

export const evidenceOperations = [
  recordEvidence,
  readEvidence,
  listEvidence,
  expiringAttestations,
  warnOfEvidence,
] as const;
