import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { inReach } from "@/lib/core/in-reach";
import type { QueueItem } from "./queue";

/** How long before its day an accepted decision comes back to its people. Days. */
const ahead = 14;

/** Accepted decisions that ask for their people: their day to be looked at again is near, or what they expect is not so. */
export async function decisionItems(read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> {
  const [due, broken] = await Promise.all([dueItems(read, actor, now), revisitItems(read, actor)]);
  return [...broken, ...due];
}

/**
 * Accepted decisions with a check that broke, once each however many did, until it holds again or somebody says that the decision
 * stands. They wait on the author and on the model's owner; where neither is a person here, on those who may accept decisions.
 */
async function revisitItems(read: Reader, actor: Actor): Promise<QueueItem[]> {
  const { rows } = await read.execute<{
    ref: string;
    title: string;
    model: string | null;
    since: string;
    check: string;
    n: number;
  }>(sql`
    select a.ref, a.title, m.name as model, min(b.raised_at)::text as since, count(*)::int as n,
      (array_agg(c.title order by b.raised_at, c.place))[1] as "check"
    from adr_check_break b join adr_check c on c.id = b.check_id join adr a on a.id = b.adr_id left join model m on m.id = a.model_id
    where b.closed_at is null and b.answered_at is null and a.status = 'accepted' and (
      a.author_id::text = ${actor.id} or m.owner_id::text = ${actor.id}
      or (m.owner_id is null and ${inReach(actor, "decisions:accept", sql`a.business_unit_id`)}
        and not exists (select 1 from person p where p.id = a.author_id and p.active)))
    group by a.id, m.name order by min(b.raised_at), a.id limit 100`);
  return rows.map((row) => ({
    ref: row.ref,
    href: `/decisions/${row.ref}#checks`,
    title: row.title,
    model: row.model,
    why: `Not so any more: “${row.check}”${row.n > 1 ? `, and ${row.n - 1} more` : ""}`,
    ask: "answer",
    lane: "Decision",
    promise: "revisit",
    due: null,
    since: row.since,
    action: "Revisit",
  }));
}

/** Accepted decisions whose day to be looked at again is near or past; they wait on their authors and on the model's owner. */
async function dueItems(read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> {
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
    where a.status = 'accepted' and not exists (select 1 from adr_check_break b where b.adr_id = a.id and b.closed_at is null and b.answered_at is null)
      and a.review_by <= ${until}::date and (a.author_id::text = ${actor.id} or m.owner_id::text = ${actor.id})
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
