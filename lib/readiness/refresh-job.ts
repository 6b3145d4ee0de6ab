import type { Job } from "@/lib/core/command";

/** The job that assesses a model's readiness afresh after facts about it changed; at most one per model waits. */
export const refreshJob = (modelId: string): Job => ({
  name: "readiness.refresh",
  payload: { modelId },
  uniqueKey: `readiness.refresh ${modelId}`,
});
