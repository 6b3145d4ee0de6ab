import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { query } from "@/lib/core/query";
import { insist, no, Refusal, yes } from "@/lib/core/refusal";
import { lowered } from "./compose";
import {
  isLoud,
  kindName,
  type MailChoice,
  type MailSettings,
  mayMark,
  type NoticeKind,
  noticeKinds,
  preferencesInput,
  usualMail,
  usualSettings,
} from "./notification";

export type Preferences = MailSettings & { mail: Record<NoticeKind, MailChoice> };

async function preferencesOf(read: Reader, personId: string): Promise<Preferences> {
  const { rows } = await read.execute<{
    mail: { kind: NoticeKind; mail: MailChoice }[];
    setting: MailSettings | null;
  }>(sql`
    select coalesce((select json_agg(json_build_object('kind', kind, 'mail', mail)) from notification_preference where person_id = ${personId}::uuid), '[]') as mail,
      (select json_build_object('timeZone', time_zone, 'digestHour', digest_hour, 'quietFrom', quiet_from, 'quietUntil', quiet_until)
        from notification_setting where person_id = ${personId}::uuid) as setting`);
  const chosen = new Map(rows[0]?.mail.map((r) => [r.kind, r.mail]));
  const mail = Object.fromEntries(noticeKinds.map((kind) => [kind, chosen.get(kind) ?? usualMail(kind)]));
  return { ...usualSettings, ...rows[0]?.setting, mail: mail as Record<NoticeKind, MailChoice> };
}

export const notificationPreferences = query({
  name: "notification.preferences.read",
  title: "Read how I am told",
  http: { method: "GET", path: "/notifications/preferences" },
  input: z.strictObject({}),
  run: (read, _input, actor) => {
    insist(mayMark(actor));
    return preferencesOf(read, actor.id);
  },
});

/** Kinds that are left out stay as they are. */
export const setPreferences = command({
  name: "notification.preferences.set",
  title: "Choose how I am told",
  http: { method: "PUT", path: "/notifications/preferences" },
  input: preferencesInput,
  load: (tx, _input, actor) =>
    preferencesOf(tx, actor.kind === "person" ? actor.id : "00000000-0000-0000-0000-000000000000"),
  may: (actor) => mayMark(actor),
  run: async (tx, { input, subject: before, actor }) => {
    const after: Preferences = {
      timeZone: input.timeZone,
      digestHour: input.digestHour,
      quietFrom: input.quietFrom ?? null,
      quietUntil: input.quietUntil ?? null,
      mail: { ...before.mail, ...input.mail },
    };
    if (JSON.stringify(after) === JSON.stringify({ ...after, ...before })) return { unchanged: before };
    const changed = noticeKinds.filter((kind) => after.mail[kind] !== before.mail[kind]);
    await tx.execute(sql`
      insert into notification_setting (person_id, time_zone, digest_hour, quiet_from, quiet_until)
      values (${actor.id}::uuid, ${after.timeZone}, ${after.digestHour}, ${after.quietFrom}, ${after.quietUntil})
      on conflict (person_id) do update set time_zone = excluded.time_zone, digest_hour = excluded.digest_hour,
        quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until`);
    await tx.execute(
      choices(
        actor.id,
        changed.map((kind) => [kind, after.mail[kind]] as const),
      ),
    );
    return {
      result: after,
      entry: {
        subject: { kind: "person", id: actor.id, ref: actor.name },
        summary: "changed how they are told of what happens",
        body: { ...after, mail: Object.fromEntries(changed.map((kind) => [kind, after.mail[kind]])) },
      },
    };
  },
});

const choices = (personId: string, rows: readonly (readonly [NoticeKind, MailChoice])[]) => sql`
  insert into notification_preference (person_id, kind, mail)
  select ${personId}::uuid, * from unnest(${sql.param(rows.map(([kind]) => kind))}::text[], ${sql.param(rows.map(([, mail]) => mail))}::text[])
  on conflict (person_id, kind) do update set mail = excluded.mail`;

type Lowered = { what: string };

/** Turns mail off, as the link in each mail does without signing in: one kind, or everything that comes in the digest. It never turns any on. */
export const lowerMail = command({
  name: "notification.mail.lowered",
  title: "Get no more mail like this",
  http: null,
  input: z.strictObject({ what: z.enum([...noticeKinds, "digest"]) }),
  load: (tx, _input, actor) => preferencesOf(tx, actor.id),
  may: (actor) => (actor.kind === "person" ? yes : no("forbidden", "Only people get mail.")),
  run: async (tx, { input: { what }, subject: { mail }, actor }): Promise<Done<Lowered> | Unchanged<Lowered>> => {
    if (what !== "digest" && isLoud(what))
      throw new Refusal("conflict", "Emergencies always come at once; nobody can turn them off.");
    const touched = what === "digest" ? noticeKinds : [what];
    const after = touched
      .map((kind) => [kind, lowered(mail[kind], what === "digest" ? "digest" : "kind")] as const)
      .filter(([kind, choice]) => choice !== mail[kind]);
    const result = { what: what === "digest" ? "the daily digest" : kindName[what] };
    if (after.length === 0) return { unchanged: result };
    await tx.execute(choices(actor.id, after));
    return {
      result,
      entry: {
        subject: { kind: "person", id: actor.id, ref: actor.name },
        summary: `turned off mail: ${result.what}`,
        body: { what, kinds: after.map(([kind]) => kind) },
      },
    };
  },
});
