import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { parse } from "@/lib/core/parse";
import type { JobHandlers } from "@/lib/jobs/job";
import { enqueue } from "@/lib/jobs/table";
import { sourceJob } from "./manage-source";
import { sourceEveryMinutes } from "./source";
import { syncSource } from "./sync-source";
import type { Reach } from "./tree";

/** What sources may reach, from this process's settings. */
export const reachOfProcess = (): Reach => {
  const { dataDir, decisionFolders, decisionInternalHosts } = config();
  return { dataDir, folders: decisionFolders, internalHosts: decisionInternalHosts };
};

export const decisionJobs: JobHandlers = {
  "decisions.sync": async (ctx, payload) => {
    const { id } = parse(z.strictObject({ id: z.uuid() }), payload, "payload");
    await syncSource(ctx, id, reachOfProcess());
  },
  "decisions.schedule": async (ctx) => {
    const now = ctx.now();
    const { rows } = await ctx.db.execute<{ id: string }>(sql`
      select id from adr_source where ended_at is null and kind <> 'files'
        and (tried_at is null or tried_at <= ${now.toISOString()}::timestamptz - make_interval(mins => ${sourceEveryMinutes}))`);
    for (const { id } of rows) await enqueue(ctx.db, sourceJob(id), now);
  },
};
