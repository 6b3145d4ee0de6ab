import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { freshDays, loudKinds, noticeKinds, usualMail } from "./notification";

/**
 * The last steps of telling, after a query `meant (notice_id, at, person_id, kind, ask, due_on)`: each notification by its reader's
 * choice, with its mail where that goes out at once. `mail`: whether there is a mail server.
 */
export function tellMeant(now: Date, mail: boolean): SQL {
  const at = sql`${now.toISOString()}::timestamptz`;
  return sql`
    usual as (select * from unnest(${sql.param([...noticeKinds])}::text[], ${sql.param(noticeKinds.map(usualMail))}::text[]) as usual(kind, mail)),
    chosen as materialized (
      select t.*, t.at < ${at} - make_interval(days => ${freshDays}) as old, 
        case when t.kind = any(${sql.param([...loudKinds])}::text[]) then usual.mail else coalesce(f.mail, usual.mail) end as mail, gen_random_uuid() as delivery_id
      from meant t join usual on usual.kind = t.kind
        left join notification_preference f on f.person_id = t.person_id and f.kind = t.kind),
    mails as (
      insert into delivery (id, person_id, next_at, made_at)
      select c.delivery_id, c.person_id, ${at}, ${at} from chosen c where ${mail} and not c.old and c.mail = 'immediate' returning id),
    written as (
      insert into notification (notice_id, person_id, kind, ask, due_on, at, made_at, read_at, mail, delivery_id)
      select c.notice_id, c.person_id, c.kind, c.ask, c.due_on, c.at, ${at}, case when c.old then ${at} end,
        case when not ${mail} or c.old or c.mail = 'portal' then 'none' else c.mail end, mails.id
      from chosen c left join mails on mails.id = c.delivery_id returning 1)`;
}
