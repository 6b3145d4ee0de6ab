import "server-only";
import { answerBundle } from "./answer-bundle";
import { checkGate } from "./check-gate";
import { completeApproval } from "./complete-approval";
import { declineApproval } from "./decline-approval";
import { dryRunPolicy } from "./dry-run-query";
import { prepareApproval } from "./prepare-approval";
import { explainGate, getRelease, listPolicies, listReleases } from "./queries";
import { refreshRelease } from "./refresh";
import { requestRelease } from "./request";
import { revokeApproval } from "./revoke-approval";
import { policiesStuck, policySatisfiable } from "./satisfiable-query";
import { withdrawRelease } from "./withdraw";

export const releaseOperations = [
  listReleases,
  getRelease,
  requestRelease,
  refreshRelease,
  withdrawRelease,
  prepareApproval,
  completeApproval,
  declineApproval,
  revokeApproval,
  checkGate,
  answerBundle,
  explainGate,
  listPolicies,
  policySatisfiable,
  policiesStuck,
  dryRunPolicy,
] as const;
