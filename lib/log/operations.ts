import "server-only";
import { logEntry, logHead, logList } from "./queries";

export const logOperations = [logList, logEntry, logHead] as const;
