import "server-only";
import { health } from "./queries";
import { retryJob } from "./retry-job";

export const healthOperations = [health, retryJob] as const;
