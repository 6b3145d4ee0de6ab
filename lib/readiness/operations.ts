import "server-only";
import { attest, confirmNotApplicable, revokeAttestation } from "./attest";
import { itemModels, readinessMap, readinessTrend } from "./organisation";
import { leastReady, modelReadiness, readinessByUnit, readinessHistory } from "./queries";
import { prepareAttestation, signAttestation } from "./sign-attestation";
import { simulateItem } from "./simulate";
import { checkReadiness } from "./take";
import { decideWaiver, endWaiver, requestWaiver } from "./waive";
import { concludeReview, warnOfWaivers } from "./warn";

export const readinessOperations = [
  checkReadiness,
  attest,
  revokeAttestation,
  confirmNotApplicable,
  prepareAttestation,
  signAttestation,
  requestWaiver,
  decideWaiver,
  endWaiver,
  warnOfWaivers,
  concludeReview,
  modelReadiness,
  readinessHistory,
  readinessByUnit,
  leastReady,
  readinessMap,
  itemModels,
  readinessTrend,
  simulateItem,
] as const;
