import "server-only";
import { boardQueue, myQueue } from "./queries";
import { boardRecord } from "./record";

export const queueOperations = [myQueue, boardQueue, boardRecord] as const;
