import type { Job } from "@/lib/core/command";
import type { SyncTrigger } from "./connection";

/** The job that syncs a connection; at most one waits. */
export const syncJob = (connectionId: string, trigger: SyncTrigger): Job => ({
  name: "registry.sync",
  payload: { connectionId, trigger },
  uniqueKey: `registry.sync:${connectionId}`,
});
