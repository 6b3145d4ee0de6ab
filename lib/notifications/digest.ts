import "server-only";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { usualSettings } from "./notification";

/**
 * Makes the digests that are due: for each person whose hour of today has passed in their own zone, one mail of what was gathered until
 * that hour and is still unread. The day is the person's own, so a change of clocks brings neither two nor none. One statement: rows and
 * what they gather are written together or not at all. Returns how many.
 */
export async function gatherDigests(db: Db, now: Date): Promise<number> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await db.execute<{ n: number }>(sql`
    with pending as (select distinct person_id from notification where mail = 'digest' and delivery_id is null and read_at is null),
    due as (
      select p.person_id, d.day, (d.day + make_interval(hours => coalesce(s.digest_hour, ${usualSettings.digestHour}))) at time zone z.zone as until
      from pending p join person on person.id = p.person_id and person.active
        left join notification_setting s on s.person_id = p.person_id
        cross join lateral (select coalesce(s.time_zone, ${usualSettings.timeZone}) as zone) z
        cross join lateral (select (${at} at time zone z.zone)::date as day) d),
    gathered as (
      select n.id, n.person_id, due.day from due join notification n on n.person_id = due.person_id
      where due.until <= ${at} and n.mail = 'digest' and n.delivery_id is null and n.read_at is null and n.made_at <= due.until),
    made as (
      insert into delivery (id, person_id, digest_on, next_at, made_at)
      select gen_random_uuid(), g.person_id, g.day, ${at}, ${at} from (select distinct person_id, day from gathered) g
      on conflict (person_id, digest_on) do nothing returning id, person_id),
    put as (
      update notification n set delivery_id = made.id from gathered g join made on made.person_id = g.person_id where n.id = g.id returning 1)
    select count(*)::int as n from made`);
  return rows[0]?.n ?? 0;
}
