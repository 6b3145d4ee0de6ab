import "server-only";
import type { JobHandlers } from "@/lib/jobs/job";
import { sweepRisk } from "./rescore";

export const riskJobs: JobHandlers = {
  "risk.sweep": async (ctx) => {
    await sweepRisk(ctx, {});
  },
};
