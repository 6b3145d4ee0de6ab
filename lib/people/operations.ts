import "server-only";
import { deactivate, reactivate } from "./deactivate";
import { grantRole } from "./grant";
import { invite } from "./invite";
import { getPerson, listPeople } from "./queries";
import { revokeGrant } from "./revoke-grant";

export const peopleOperations = [
  listPeople,
  getPerson,
  invite,
  deactivate,
  reactivate,
  grantRole,
  revokeGrant,
] as const;
