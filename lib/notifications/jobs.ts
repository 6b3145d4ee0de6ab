import "server-only";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { newId } from "@/lib/core/ids";
import type { JobHandlers } from "@/lib/jobs/job";
import { fanOut } from "./fan-out";

export const notificationJobs: JobHandlers = {
  "notifications.fanout": async (ctx) => {
    for (let rounds = 0; rounds < 100; rounds++) {
      const { to, size } = await fanOut(ctx, {});
      if (to >= size) return;
    }
  },
};

/** Has the fan-out run soon after the log has grown; asked at every poll of a worker, so it is one statement that mostly finds nothing. */
export async function wakeFanOut(db: Db, now: Date): Promise<void> {
  const at = now.toISOString();
  await db.execute(sql`
    insert into job (id, name, payload, unique_key, run_at, created_at)
    select ${newId()}, 'notifications.fanout', '{}', 'notifications.fanout', ${at}, ${at}
    where (select size from log_head where id = 1) > (select next_index from notification_cursor where id = 1)
    on conflict do nothing`);
}
