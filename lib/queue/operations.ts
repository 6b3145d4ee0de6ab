import "server-only";
import { boardQueue, boardRecord, myQueue } from "./queries";

export const queueOperations = [myQueue, boardQueue, boardRecord] as const;
