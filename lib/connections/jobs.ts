import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { parse } from "@/lib/core/parse";
import type { JobHandler } from "@/lib/jobs/job";
import { enqueue } from "@/lib/jobs/table";
import { syncTriggers } from "./connection";
import { promoteRelease } from "./promote";
import { syncRegistry } from "./sync";
import { syncJob } from "./sync-job";

const syncPayload = z.strictObject({
  connectionId: z.uuid(),
  trigger: z.enum(syncTriggers),
  only: z.string().min(1).max(1000).optional(),
});

/** Syncs one connection; one that was removed while the job waited has nothing to sync. */
export const syncRegistryJob: JobHandler = async (ctx, payload) => {
  const { connectionId, trigger } = parse(syncPayload, payload, "payload");
  const { rows } = await ctx.db.execute(
    sql`select 1 from connection where id = ${connectionId} and removed_at is not null`,
  );
  if (rows.length === 0) await syncRegistry(ctx, { connectionId, trigger });
};

/** Promotes one allowed release in its registry. */
export const promoteJob: JobHandler = async (ctx, payload) => {
  const { releaseId } = parse(z.strictObject({ releaseId: z.uuid() }), payload, "payload");
  await promoteRelease(ctx, releaseId);
};

/** Every minute: asks for a sync of each connection whose time has come. */
export const scheduleSyncs: JobHandler = async (ctx) => {
  const now = ctx.now();
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    select c.id from connection c where c.removed_at is null and c.import_confirmed_at is not null and not exists (
      select 1 from sync_run r where r.connection_id = c.id and r.cursor ->> 'only' is null
        and ((r.state = 'running' and (r.cursor ->> 'beat')::timestamptz > ${now.toISOString()}::timestamptz - interval '10 minutes')
          or r.started_at > ${now.toISOString()}::timestamptz - make_interval(mins => c.every_minutes))
    ) and not exists (
      select 1 from job j where j.unique_key = 'registry.sync:' || c.id and j.state in ('waiting', 'running')
    )`);
  for (const { id } of rows) await enqueue(ctx.db, syncJob(id, "schedule"), now);
};
