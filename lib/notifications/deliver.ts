import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/client";
import { invitation } from "@/lib/meetings/ical";
import { invitedTo } from "@/lib/meetings/invite";
import { type ChatSystem, chatBody } from "./chat";
import { compose, type MailLine } from "./compose";
import { type DeliveryState, loudKinds, type NoticeKind } from "./notification";
import { post, unsealUrl } from "./post";
import type { Mailer, Outcome } from "./smtp";
import { unsubscribeToken } from "./unsubscribe-token";

export type Sending = {
  db: Db;
  now: () => Date;
  /** null: there is no mail server. */
  mailer: Mailer | null;
  publicUrl: string;
  /** Signs the links that turn mail off. */
  key: Buffer;
};

/** Pauses before the next attempt, minutes; after the last the mail is given up. */
export const pauses = [1, 5, 25, 120, 360, 360, 360] as const;

/** A row that is "sending" for this long belongs to a process that is gone. */
const lostAfterMinutes = 15;

type Claimed = {
  id: string;
  attempts: number;
  digest: boolean;
  /** Of a mail. */
  email: string | null;
  active: boolean | null;
  /** Of a message in a channel. */
  channel: { id: string; system: ChatSystem; url: string; silent: boolean } | null;
};

/**
 * Sends what is due, one after another, at most `most`. A row is claimed before the first byte and settled after the answer; nothing
 * takes up a claimed row again, so that a crash in between sends nothing twice. Returns how many were claimed.
 */
export async function sendDue(sending: Sending, most: number): Promise<number> {
  await loseTheLost(sending.db, sending.now());
  for (let sent = 0; sent < most; sent++) {
    const claimed = await claim(sending.db, sending.now());
    if (!claimed) return sent;
    await settle(sending, claimed, await attempt(sending, claimed));
  }
  return most;
}

/** What was being sent when its process stopped may have arrived, or not: it is shown, and never sent again by itself. */
async function loseTheLost(db: Db, now: Date): Promise<void> {
  await db.execute(sql`
    update delivery set state = 'uncertain', finished_at = ${now.toISOString()}::timestamptz,
      answer = 'The portal stopped while this was being sent; it may have arrived.'
    where state = 'sending' and claimed_at < ${now.toISOString()}::timestamptz - make_interval(mins => ${lostAfterMinutes})`);
}

/** Takes one due message. Mails about one thing wait for the end of their reader's quiet hours, unless they tell of an emergency. */
async function claim(db: Db, now: Date): Promise<Claimed | null> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await db.execute<Claimed>(sql`
    update delivery d set state = 'sending', attempts = d.attempts + 1, claimed_at = ${at}
    from (
      select w.id, p.email, p.active, case when c.id is not null then json_build_object('id', c.id, 'system', c.system,
        'url', encode(c.url, 'base64'), 'silent', c.paused_at is not null or c.removed_at is not null) end as channel
      from delivery w left join person p on p.id = w.person_id left join chat_channel c on c.id = w.channel_id
        left join notification_setting s on s.person_id = w.person_id
        cross join lateral (select extract(hour from ${at} at time zone coalesce(s.time_zone, 'UTC'))::int as hour) l
      where w.state = 'waiting' and w.next_at <= ${at} and not coalesce(w.digest_on is null
        and not exists (select from notification n where n.delivery_id = w.id and n.kind = any(${sql.param([...loudKinds])}::text[])) and case when s.quiet_from < s.quiet_until
        then l.hour >= s.quiet_from and l.hour < s.quiet_until else l.hour >= s.quiet_from or l.hour < s.quiet_until end, false)
      order by w.next_at, w.id limit 1 for update of w skip locked) x
    where x.id = d.id
    returning d.id, d.attempts, d.digest_on is not null as digest, x.email, x.active, x.channel`);
  return rows[0] ?? null;
}

type Settled = Outcome | { kind: "needless"; answer: string };

async function attempt({ db, now, mailer, publicUrl, key }: Sending, claimed: Claimed): Promise<Settled> {
  if (claimed.channel) return say(db, claimed.id, claimed.channel, publicUrl);
  if (!mailer) return { kind: "later", answer: "No mail server is set up: SMTP_URL is missing." };
  if (!claimed.active || claimed.email === null)
    return { kind: "needless", answer: "Its reader is not active any more." };
  if (!z.email().safeParse(claimed.email).success)
    return { kind: "refused", answer: "The account's address is no mail address." };
  const { rows } = await db.execute<
    MailLine & { person: string; reader: string; kind: NoticeKind; name: string | null; subjectId: string | null }
  >(sql`
    select n.person_id as person, p.name as reader, n.kind, o.thing, o.what, n.ask, n.due_on::text as "dueOn", o.href, o.thread,
      e.name, e.subject_id as "subjectId"
    from notification n join person p on p.id = n.person_id join notice o on o.id = n.notice_id left join log_entry e on e.id = o.entry_id
    where n.delivery_id = ${claimed.id}::uuid
    order by n.ask = '', n.due_on nulls last, n.at desc, n.id desc`);
  const [first] = rows;
  if (!first) return { kind: "needless", answer: "What it told was taken away with its reader's rights." };
  const token = unsubscribeToken(key, { personId: first.person, what: claimed.digest ? "digest" : first.kind });
  const unsubscribe = { page: `${publicUrl}/unsubscribe/${token}`, post: `${publicUrl}/api/unsubscribe/${token}` };
  const { name, subjectId } = first;
  const event =
    claimed.digest || !name || !subjectId ? null : await invitedTo(db, { name, subjectId }, first.person, now());
  const reader = { name: first.reader, address: claimed.email };
  return mailer.send(claimed.email, {
    ...compose({ id: claimed.id, lines: rows, digest: claimed.digest, publicUrl, unsubscribe }),
    invitation: event && invitation(event, mailer.from, reader, publicUrl),
  });
}

async function say(db: Db, id: string, channel: NonNullable<Claimed["channel"]>, publicUrl: string): Promise<Settled> {
  if (channel.silent) return { kind: "needless", answer: "The channel is paused or removed." };
  const { rows } = await db.execute<{ what: string; thing: string; href: string }>(
    sql`select o.what, o.thing, o.href from delivery d join notice o on o.id = d.notice_id where d.id = ${id}::uuid`,
  );
  const [notice] = rows;
  if (!notice) return { kind: "needless", answer: "What it told is gone." };
  const url = unsealUrl(channel.id, Buffer.from(channel.url, "base64"));
  return post(channel.system, url, chatBody(channel.system, { ...notice, url: `${publicUrl}${notice.href}` }));
}

const stateOf: Readonly<Record<Settled["kind"], DeliveryState>> = {
  sent: "sent",
  refused: "failed",
  uncertain: "uncertain",
  needless: "needless",
  later: "waiting",
};

async function settle({ db, now }: Sending, claimed: Claimed, outcome: Settled): Promise<void> {
  const pause = pauses[claimed.attempts - 1];
  const over = outcome.kind === "later" && pause === undefined;
  const state: DeliveryState = over ? "given_up" : stateOf[outcome.kind];
  const at = now();
  const next = new Date(at.getTime() + (pause ?? 0) * 60_000).toISOString();
  await db.execute(sql`
    update delivery set state = ${state}, answer = ${outcome.answer}, next_at = ${next}::timestamptz,
      finished_at = case when ${state} = 'waiting' then null else ${at.toISOString()}::timestamptz end
    where id = ${claimed.id}::uuid and state = 'sending' and attempts = ${claimed.attempts}`);
}
