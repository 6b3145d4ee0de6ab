import "server-only";
import { createToken } from "./create";
import { listRights, listTokens } from "./queries";
import { revokeToken } from "./revoke";

export const tokenOperations = [listTokens, createToken, revokeToken, listRights] as const;
