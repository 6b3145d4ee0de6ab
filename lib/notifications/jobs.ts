import "server-only";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { config, secrets } from "@/lib/config/config";
import { derivedKey } from "@/lib/config/seal";
import { newId } from "@/lib/core/ids";
import type { JobHandlers } from "@/lib/jobs/job";
import { sendDue } from "./deliver";
import { gatherDigests } from "./digest";
import { fanOut } from "./fan-out";
import { remindEverybody } from "./remind";
import { mailer } from "./smtp";
import { unsubscribeKey } from "./unsubscribe-token";

export const notificationJobs: JobHandlers = {
  "notifications.fanout": async (ctx) => {
    for (let rounds = 0; rounds < 100; rounds++) {
      const { to, size } = await fanOut(ctx, { mail: config().mailFrom !== null });
      if (to >= size) return;
    }
  },
  "notifications.remind": async (ctx) => {
    await remindEverybody(ctx, config().mailFrom !== null);
  },
  "notifications.send": async (ctx) => {
    const { mailFrom, publicUrl } = config();
    const server = secrets().smtp?.reveal();
    const out = server && mailFrom ? mailer(server, mailFrom) : null;
    try {
      if (out) await gatherDigests(ctx.db, ctx.now());
      await sendDue({ db: ctx.db, now: ctx.now, mailer: out, publicUrl, key: derivedKey(unsubscribeKey) }, 100);
    } finally {
      out?.close();
    }
  },
};

/**
 * Has the fan-out run soon after the log has grown, and mail go out soon after it was made; asked at every poll of a worker, so it is
 * one statement that mostly finds nothing.
 */
export async function wakeFanOut(db: Db, now: Date): Promise<void> {
  const at = now.toISOString();
  await db.execute(sql`
    insert into job (id, name, payload, unique_key, run_at, created_at)
    select ${newId()}::uuid, 'notifications.fanout', '{}', 'notifications.fanout', ${at}::timestamptz, ${at}::timestamptz
    where (select size from log_head where id = 1) > (select next_index from notification_cursor where id = 1)
    union all
    select ${newId()}::uuid, 'notifications.send', '{}', 'notifications.send', ${at}::timestamptz, ${at}::timestamptz
    where exists (select from delivery where state = 'waiting' and next_at <= ${at}::timestamptz)
    on conflict do nothing`);
}
