import "server-only";
import { sql } from "drizzle-orm";
import type { Ctx } from "@/lib/core/command";
import type { JobHandlers } from "@/lib/jobs/job";
import { checkedStatuses } from "./assumption";
import { evaluateChecks } from "./evaluate";

/** Every decision in force that carries checks, one command each: what one has to say does not wait for another. */
async function evaluateAll(ctx: Ctx): Promise<void> {
  const { rows } = await ctx.db.execute<{ ref: string }>(sql`
    select a.ref from adr a where exists (select 1 from adr_check c where c.adr_id = a.id)
      and a.status = any(${`{${checkedStatuses.join(",")}}`}::text[]) order by a.ref`);
  for (const { ref } of rows) await evaluateChecks(ctx, { ref });
}

export const decisionCheckJobs: JobHandlers = {
  "decisions.check": evaluateAll,
  /** Facts go stale without anybody doing anything; this is what notices. */
  "decisions.recheck": evaluateAll,
};
