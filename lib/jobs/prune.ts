import "server-only";
import { sql } from "drizzle-orm";
import type { JobHandler } from "./job";

/** Forgets jobs that are done for a week or failed for a quarter; what they did stands in the log. */
export const pruneJobs: JobHandler = async (ctx) => {
  const now = ctx.now().getTime();
  const before = (days: number) => new Date(now - days * 86_400_000).toISOString();
  await ctx.db.execute(sql`
    delete from job where (state = 'done' and finished_at < ${before(7)}) or (state = 'failed' and finished_at < ${before(90)})`);
};
