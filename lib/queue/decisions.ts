import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import type { QueueItem } from "./queue";

/** How long before its day an accepted decision comes back to its people. Days. */
const ahead = 14;

/** Accepted decisions whose day to be looked at again is near or past; they wait on their authors and on the model's owner. */
export async function decisionItems(read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> {
  const until = dayOf(new Date(now.getTime() + ahead * 86_400_000));
  const { rows } = await read.execute<{
    ref: string;
    title: string;
    review_by: string;
    since: string;
    model: string | null;
    author: boolean;
  }>(sql`
    select a.ref, a.title, a.review_by::text, a.decided_at::text as since, m.name as model, a.author_id::text = ${actor.id} as author
    from adr a left join model m on m.id = a.model_id
    where a.status = 'accepted' and a.review_by <= ${until}::date and (a.author_id::text = ${actor.id} or m.owner_id::text = ${actor.id})
    order by a.review_by, a.id limit 100`);
  return rows.map((row) => ({
    ref: row.ref,
    href: `/decisions/${row.ref}`,
    title: row.title,
    model: row.model,
    why: row.author ? "You wrote it: say whether it still holds" : "It is about your model: say whether it still holds",
    ask: "answer",
    lane: "Decision",
    promise: "look again",
    due: row.review_by,
    since: row.since,
    action: "Look again",
  }));
}
