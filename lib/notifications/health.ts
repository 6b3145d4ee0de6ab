import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mayReadHealth } from "@/lib/health/health";
import type { DeliveryHealth, DeliveryTrouble } from "./notification";

/** How telling people goes: entries not gone through yet, messages that wait, and those that did not get through. */
export const deliveryHealth = query({
  name: "notification.health.read",
  title: "Read how notifications go out",
  http: { method: "GET", path: "/notifications/health" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now): Promise<DeliveryHealth> => {
    insist(mayReadHealth(actor));
    const [counts, troubles] = await Promise.all([
      read.execute<{
        behind: string;
        waiting: number;
        oldest: string | Date | null;
        sent: number;
        trouble: number;
      }>(sql`
        select greatest(0, (select size from log_head where id = 1) - (select next_index from notification_cursor where id = 1)) as behind,
          (select count(*)::int from delivery where state = 'waiting') as waiting,
          (select min(made_at) from delivery where state = 'waiting') as oldest,
          (select count(*)::int from delivery where state = 'sent' and finished_at > ${now.toISOString()}::timestamptz - interval '1 day') as sent,
          (select count(*)::int from delivery where state in ('failed', 'given_up', 'uncertain')) as trouble`),
      read.execute<Omit<DeliveryTrouble, "at"> & { at: string | Date }>(sql`
        select d.id, d.state, coalesce(p.name, c.name || ' (chat)') as "to", d.attempts, d.answer, coalesce(d.finished_at, d.claimed_at, d.made_at) as at,
          coalesce(case when d.digest_on is not null then 'Digest of ' || d.digest_on end,
            (select o.thing from notice o where o.id = coalesce(d.notice_id, (select n.notice_id from notification n where n.delivery_id = d.id limit 1))), 'Taken away') as about
        from delivery d left join person p on p.id = d.person_id left join chat_channel c on c.id = d.channel_id
        where d.state in ('failed', 'given_up', 'uncertain') or (d.state = 'waiting' and d.attempts > 0)
        order by d.made_at desc, d.id desc limit 20`),
    ]);
    const row = counts.rows[0];
    return {
      mail: config().mailFrom !== null,
      behind: Number(row?.behind ?? 0),
      waiting: row?.waiting ?? 0,
      oldest: row?.oldest ? new Date(row.oldest).toISOString() : null,
      sentToday: row?.sent ?? 0,
      trouble: row?.trouble ?? 0,
      troubles: troubles.rows.map((t): DeliveryTrouble => ({ ...t, at: new Date(t.at).toISOString() })),
    };
  },
});
