import "server-only";
import type { JobHandlers } from "@/lib/jobs/job";
import { sweep } from "./sweep";

export const reconciliationJobs: JobHandlers = {
  "reconciliation.sweep": async (ctx) => {
    await sweep(ctx, {});
  },
};
