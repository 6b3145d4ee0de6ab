import "server-only";
import { sql } from "drizzle-orm";
import { v5 } from "uuid";
import { z } from "zod";
import { activePeople } from "@/lib/auth/identify";
import { dayOf } from "@/lib/core/business-days";
import { type Ctx, command, type Unchanged } from "@/lib/core/command";
import { no, yes } from "@/lib/core/refusal";
import { myQueue } from "@/lib/queue/queries";
import { type Reminder, reminderOf } from "./reminder";
import { tellMeant } from "./tell";

const namespace = "0f0d6a0e-9d0c-4a7e-8a53-6f5a1f6f1e02";

/** Reminds one person; what they were reminded of already is left out. Like everything told it derives, and leaves no entry. */
const remindPerson = command({
  name: "notification.reminded",
  title: "Remind someone of what comes due",
  http: null,
  input: z.strictObject({
    personId: z.uuid(),
    mail: z.boolean(),
    reminders: z.array(z.custom<Reminder>()).max(2000),
  }),
  load: async () => null,
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { input: { personId, mail, reminders }, now }): Promise<Unchanged<{ reminded: number }>> => {
    // Two sweeps at once go one after the other, as two fan-outs do.
    await tx.execute(sql`select 1 from notification_cursor where id = 1 for update`);
    const at = sql`${now.toISOString()}::timestamptz`;
    const list = (of: (r: Reminder) => string) => sql.param(reminders.map(of));
    const { rows } = await tx.execute<{ n: number }>(sql`
      with r as (select distinct on (id) * from unnest(
        ${list((r) => v5(r.key, namespace))}::uuid[], ${list((r) => r.key)}::text[], ${list((r) => r.thing)}::text[], ${list((r) => r.what)}::text[],
        ${list((r) => r.ask)}::text[], ${list((r) => r.href)}::text[], ${list((r) => r.thread)}::text[], ${list((r) => r.dueOn)}::date[])
        as r(id, key, thing, what, ask, href, thread, due_on)),
      fresh as (select r.* from r where not exists (select from notification n where n.notice_id = r.id and n.person_id = ${personId}::uuid)),
      noticed as (
        insert into notice (id, reminder, thing, what, href, thread, at)
        select id, key, thing, what, href, thread, ${at} from fresh order by id on conflict (id) do nothing returning 1),
      meant as (select id as notice_id, ${at} as at, ${personId}::uuid as person_id, 'due' as kind, ask, due_on from fresh),
      ${tellMeant(now, mail)}
      select count(*)::int as n from written`);
    return { unchanged: { reminded: rows[0]?.n ?? 0 } };
  },
});

/**
 * Goes through everybody's queue, by the same rules as their home page, and reminds of what comes due. Run as often as one likes: each
 * thing, due day and threshold reminds each person once. Returns how many reminders were made.
 */
export async function remindEverybody(ctx: Ctx, mail: boolean): Promise<number> {
  const today = dayOf(ctx.now());
  const people = await activePeople(
    ctx.db,
    sql`(exists (select from role_grant g where g.person_id = p.id) or exists (select from board_delegate d where d.delegate_id = p.id))`,
    ctx.now(),
  );
  let made = 0;
  for (const actor of people) {
    const items = await myQueue({ ...ctx, actor }, {});
    const reminders = items.flatMap((item) => reminderOf(item, today) ?? []);
    if (reminders.length === 0) continue;
    made += (await remindPerson(ctx, { personId: actor.id, mail, reminders })).reminded;
  }
  return made;
}
