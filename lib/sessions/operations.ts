import "server-only";
import { endAllSessions, endSession } from "./end";
import { listSessions } from "./queries";

export const sessionOperations = [listSessions, endSession, endAllSessions] as const;
