import "server-only";
import { deactivate, reactivate } from "./deactivate";
import { grantRole } from "./grant";
import { invite } from "./invite";
import { revokeGrant } from "./revoke-grant";

export const peopleOperations = [invite, deactivate, reactivate, grantRole, revokeGrant] as const;
