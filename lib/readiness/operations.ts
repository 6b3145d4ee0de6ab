import "server-only";
import { attest, confirmNotApplicable, revokeAttestation } from "./attest";
import { leastReady, modelReadiness, readinessByUnit, readinessHistory } from "./queries";
import { checkReadiness } from "./take";
import { decideWaiver, requestWaiver } from "./waive";

export const readinessOperations = [
  checkReadiness,
  attest,
  revokeAttestation,
  confirmNotApplicable,
  requestWaiver,
  decideWaiver,
  modelReadiness,
  readinessHistory,
  readinessByUnit,
  leastReady,
] as const;
