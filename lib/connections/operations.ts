import "server-only";
import { confirmImport } from "./confirm-import";
import { createConnection } from "./create";
import { editConnection } from "./edit";
import { previewImport } from "./preview";
import { connectionGet, connectionList, quarantineList, syncRunList } from "./queries";
import { removeConnection } from "./remove";
import { requestSync } from "./request-sync";
import { modelServed } from "./served";
import { testConnection } from "./test";
import { disableWebhook, enableWebhook } from "./webhook";

export const connectionOperations = [
  connectionList,
  connectionGet,
  syncRunList,
  quarantineList,
  modelServed,
  testConnection,
  previewImport,
  createConnection,
  confirmImport,
  editConnection,
  removeConnection,
  requestSync,
  enableWebhook,
  disableWebhook,
] as const;
