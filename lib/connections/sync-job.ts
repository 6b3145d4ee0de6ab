import type { Job } from "@/lib/core/command";
import type { SyncTrigger } from "./connection";

/** The job that syncs a connection; at most one waits. */
export const syncJob = (connectionId: string, trigger: SyncTrigger): Job => ({
  name: "registry.sync",
  payload: { connectionId, trigger },
  uniqueKey: `registry.sync:${connectionId}`,
});

/** The job that reads one model, because its registry hinted that it changed; at most one waits for each model. */
export const hintJob = (connectionId: string, model: string): Job => ({
  name: "registry.sync",
  payload: { connectionId, trigger: "webhook", only: model },
  uniqueKey: `registry.sync:${connectionId}:${model}`,
});
