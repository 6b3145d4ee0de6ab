import "server-only";
import { endAllSessions, endSession } from "./end";

export const sessionOperations = [endSession, endAllSessions] as const;
