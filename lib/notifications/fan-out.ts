import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { command, type Unchanged } from "@/lib/core/command";
import { reachesUnit, roleList, rolesWith, unitsAbove } from "@/lib/core/in-reach";
import { no, yes } from "@/lib/core/refusal";
import { freshDays, kindRight } from "./notification";
import { placeOf, thingOf, threadOf } from "./place";
import { type Prepared, prepared } from "./prepare";
import { tellMeant } from "./tell";
import { tellings } from "./tellings";
import { type Who, whos } from "./who";

/** Entries that one transaction goes through, at most. */
export const batchSize = 500;

export type FannedOut = { from: number; to: number; size: number; notices: number; notifications: number };

/**
 * Goes through the next entries of the log and writes who is told of them, in one transaction with the place reached: whatever crashes,
 * nobody is told twice and nobody is forgotten. Two at once wait for each other at the cursor. It derives, so it leaves no entry.
 */
export const fanOut = command({
  name: "notification.fanned_out",
  title: "Tell people what the log says",
  http: null,
  input: z.strictObject({
    limit: z.int().min(1).max(5000).default(batchSize),
    /** Whether there is a mail server; without one nothing is kept for mailing, so that none starts with a flood. */
    mail: z.boolean().default(false),
  }),
  load: async () => null,
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { input, now }): Promise<Unchanged<FannedOut>> => {
    const { rows: cursor } = await tx.execute<{ next_index: string }>(
      sql`select next_index from notification_cursor where id = 1 for update`,
    );
    const { rows: head } = await tx.execute<{ size: string }>(sql`select size from log_head where id = 1`);
    const [from, size] = [Number(cursor[0]?.next_index), Number(head[0]?.size ?? 0)];
    const to = Math.min(size, from + input.limit);
    if (to <= from) return { unchanged: { from, to: from, size, notices: 0, notifications: 0 } };
    const entries = await prepared(tx, from, to, now);
    const made = entries.length > 0 ? await write(tx, entries, now, input.mail) : { notices: 0, notifications: 0 };
    await tx.execute(sql`update notification_cursor set next_index = ${to} where id = 1`);
    await takeAway(tx, from, to);
    return { unchanged: { from, to, size, ...made } };
  },
});

const names = new Set<string>(Object.keys(tellings));

async function write(tx: Tx, entries: readonly Prepared[], now: Date, mail: boolean) {
  const present = [...new Set(entries.map((e) => e.name))].filter((name) => names.has(name));
  const rules = present.flatMap((name) =>
    (tellings[name] ?? []).map((telling, rank) => {
      const right = kindRight[telling.kind];
      return {
        name,
        rank,
        who: telling.who,
        kind: telling.kind,
        ask: telling.ask ?? "",
        roles: right && rolesWith(right),
      };
    }),
  );
  const who = [...new Set(rules.map((r) => r.who))];
  const at = sql`${now.toISOString()}::timestamptz`;
  const list = (values: readonly (string | number | null)[]) => sql.param([...values]);
  const { rows } = await tx.execute<{ notices: number; notifications: number }>(sql`
    with recursive ${unitsAbove},
    b as (select * from unnest(
      ${list(entries.map((e) => e.id))}::uuid[], ${list(entries.map((e) => e.name))}::text[], ${list(entries.map((e) => e.at))}::timestamptz[],
      ${list(entries.map((e) => e.actorId))}::text[], ${list(entries.map((e) => e.subjectKind))}::text[], ${list(entries.map((e) => e.subjectId))}::text[],
      ${list(entries.map((e) => e.modelId))}::uuid[], ${list(entries.map((e) => e.unitId))}::uuid[], ${list(entries.map((e) => e.reviewId))}::uuid[],
      ${list(entries.map(thingOf))}::text[], ${list(entries.map((e) => `${e.actorName} ${e.summary}`))}::text[],
      ${list(entries.map(placeOf))}::text[], ${list(entries.map(threadOf))}::text[], ${list(entries.map((e) => roleList(e.roles)))}::text[],
      ${list(entries.map((e) => `{${e.people.join(",")}}`))}::text[])
      as b(id, name, at, actor_id, subject_kind, subject_id, model_id, unit_id, review_id, thing, what, href, thread, role_list, people_list)
      cross join lateral (select role_list::text[] as roles, people_list::uuid[] as people) l),
    rule as (select * from unnest(
      ${list(rules.map((r) => r.name))}::text[], ${list(rules.map((r) => r.rank))}::int[], ${list(rules.map((r) => r.who))}::text[],
      ${list(rules.map((r) => r.kind))}::text[], ${list(rules.map((r) => r.ask))}::text[], ${list(rules.map((r) => r.roles))}::text[])
      as rule(name, rank, who, kind, ask, role_list)),
    told as (${sql.join(who.map(told), sql` union all `)}),
    best as (
      select distinct on (t.entry_id, t.person_id) t.* from told t join b on b.id = t.entry_id join person p on p.id = t.person_id
      where p.active and t.person_id::text <> b.actor_id
        and (t.role_list is null or exists (select from role_grant g where g.role = any(t.role_list::text[]) and ${reachesUnit(sql`b.unit_id`)}
          and (g.person_id = t.person_id or g.role = any(${rolesWith("reviews:vote")}::text[]) and exists (select from board_delegate d
            where d.member_id = g.person_id and d.delegate_id = t.person_id and d.ended_at is null
              and (b.at at time zone 'UTC')::date between d.from_on and d.until_on))))
      order by t.entry_id, t.person_id, t.rank),
    made as (
      insert into notice (entry_id, thing, what, href, thread, model_id, unit_id, at)
      select b.id, b.thing, b.what, b.href, b.thread, b.model_id, b.unit_id, b.at from b where b.id in (select entry_id from best)
      on conflict (entry_id) do nothing returning id, entry_id, at),
    meant as (select made.id as notice_id, made.at, t.person_id, t.kind, t.ask, t.due_on from best t join made on made.entry_id = t.entry_id),
    ${tellMeant(now, mail)},
    said as (
      insert into delivery (id, channel_id, notice_id, next_at, made_at)
      select gen_random_uuid(), x.channel_id, x.notice_id, ${at}, ${at} from (
        select distinct c.id as channel_id, made.id as notice_id
        from best t join made on made.entry_id = t.entry_id join b on b.id = t.entry_id
          join chat_channel c on t.kind = any(c.kinds) and c.removed_at is null and c.paused_at is null
            and (c.unit_id is null or c.unit_id in (select lies_in from above where above.unit = b.unit_id))
        where made.at >= ${at} - make_interval(days => ${freshDays})) x
      on conflict (channel_id, notice_id) do nothing returning 1)
    select (select count(*)::int from made) as notices, (select count(*)::int from written) as notifications`);
  return rows[0] ?? { notices: 0, notifications: 0 };
}

const told = (who: Who): SQL => sql`
  select b.id as entry_id, x.person_id, x.due_on, rule.rank, rule.kind, rule.ask, rule.role_list
  from b join rule on rule.name = b.name and rule.who = ${who} cross join lateral (${whos[who]}) x`;

/** Whoever lost a role keeps nothing that they may not read any more: what they had is taken away, read or not. */
async function takeAway(tx: Tx, from: number, to: number): Promise<void> {
  const rights = Object.entries(kindRight).flatMap(([kind, right]) =>
    right ? [[kind, rolesWith(right)] as const] : [],
  );
  await tx.execute(sql`
    with recursive ${unitsAbove},
    lost as (select distinct e.subject_id::uuid as person_id from log_leaf x join log_entry e on e.id = x.entry_id
      where x.idx >= ${from} and x.idx < ${to} and e.name in ('person.role.revoked', 'person.deactivated')),
    needs as (select * from unnest(${sql.param(rights.map(([kind]) => kind))}::text[], ${sql.param(rights.map(([, held]) => held))}::text[]) as needs(kind, role_list))
    delete from notification n using lost, needs, notice o
    where n.person_id = lost.person_id and needs.kind = n.kind and o.id = n.notice_id
      and not exists (select from role_grant g where g.person_id = n.person_id and g.role = any(needs.role_list::text[]) and ${reachesUnit(sql`o.unit_id`)})`);
}
