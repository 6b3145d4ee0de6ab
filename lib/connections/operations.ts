import "server-only";
import { createConnection } from "./create";
import { editConnection } from "./edit";
import { connectionGet, connectionList, syncRunList } from "./queries";
import { removeConnection } from "./remove";
import { requestSync } from "./request-sync";
import { testConnection } from "./test";

export const connectionOperations = [
  connectionList,
  connectionGet,
  syncRunList,
  testConnection,
  createConnection,
  editConnection,
  removeConnection,
  requestSync,
] as const;
