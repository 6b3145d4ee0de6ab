import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { evaluateJob } from "@/lib/decision-checks/put";
import { warnOfEvidence } from "@/lib/evidence/warn";
import type { JobHandlers } from "@/lib/jobs/job";
import { enqueue } from "@/lib/jobs/table";
import { checkReadiness } from "./take";
import { warnOfWaivers } from "./warn";

/** Models looked at in one sweep; the rest waits for the next, oldest first. */
const sweepSize = 500;

export const readinessJobs: JobHandlers = {
  "readiness.refresh": async (ctx, payload) => {
    const { modelId } = z.object({ modelId: z.uuid() }).parse(payload);
    await checkReadiness(ctx, { name: modelId });
    // A sync refreshes many models: what decisions expect of them is looked at once, when most are done.
    const now = ctx.now();
    await enqueue(ctx.db, { ...evaluateJob, runAt: new Date(now.getTime() + 5_000) }, now);
  },

  /** Facts go stale and attestations and waivers run out without anybody doing anything; this is what notices. */
  "readiness.sweep": async (ctx) => {
    const { rows } = await ctx.db.execute<{ id: string }>(sql`
      select id from model where readiness_at is not null and stage <> 'retired'
      and readiness_at < ${new Date(ctx.now().getTime() - 3_600_000).toISOString()}::timestamptz
      order by readiness_at limit ${sweepSize}`);
    for (const { id } of rows) await checkReadiness(ctx, { name: id });
  },

  "readiness.watch": async (ctx) => {
    await warnOfWaivers(ctx, {});
    await warnOfEvidence(ctx, {});
  },
};
