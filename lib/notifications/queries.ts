import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { listInput, mayMark, type NoticeLine } from "./notification";

/** One's own notifications: unread first, each half newest first. */
export const notificationList = query({
  name: "notifications.listed",
  title: "List my notifications",
  http: { method: "GET", path: "/notifications" },
  input: listInput,
  run: async (read, input, actor) => {
    insist(mayMark(actor));
    const kinds = input.kind && input.kind.length > 0 ? sql`and n.kind = any(${sql.param(input.kind)}::text[])` : sql``;
    const from = place(input.after);
    // Two index scans instead of a sort over everything that someone was ever told.
    const half = (isRead: boolean): SQL => sql`
      select n.id, n.kind, o.thing, o.what, n.ask, n.due_on::text as "dueOn", o.href, n.at, n.at::text as place, ${sql.raw(String(isRead))} as read
      from notification n join notice o on o.id = n.notice_id
      where n.person_id = ${actor.id}::uuid and n.read_at is ${isRead ? sql`not null` : sql`null`} ${kinds}
        ${from && from.read === isRead ? sql`and (n.at, n.id) < (${from.at}::timestamptz, ${from.id}::uuid)` : sql``}
      order by n.at desc, n.id desc limit ${input.limit + 1}`;
    const halves = [...(from?.read ? [] : [half(false)]), ...(input.unread === "true" ? [] : [half(true)])];
    if (halves.length === 0) return { items: [], next: null };
    const { rows } = await read.execute<NoticeLine & { place: string }>(sql`
      select * from (${sql.join(
        halves.map((h) => sql`(${h})`),
        sql` union all `,
      )}) x order by read, at desc, id desc limit ${input.limit + 1}`);
    const page = rows.slice(0, input.limit);
    const last = page.at(-1);
    return {
      items: page.map(({ place: _, ...row }): NoticeLine => ({ ...row, at: new Date(row.at).toISOString() })),
      next: rows.length > input.limit && last ? placeAfter(last) : null,
    };
  },
});

/** With microseconds, which a Date would drop. */
const placeAfter = (row: { read: boolean; place: string; id: string }): string =>
  `${row.read ? "r" : "u"}.${Buffer.from(row.place).toString("base64url")}.${row.id}`;

function place(after: string | undefined): { read: boolean; at: string; id: string } | null {
  if (after === undefined) return null;
  const [half, at = "", id = ""] = after.split(".");
  const instant = Buffer.from(at, "base64url").toString("utf8");
  if ((half !== "r" && half !== "u") || !/^[0-9a-f-]{36}$/.test(id) || Number.isNaN(Date.parse(instant)))
    throw new Refusal("invalid", "after: give what the page before named as next.", [
      { field: "after", message: "Not a place in this list." },
    ]);
  return { read: half === "r", at: instant, id };
}

/** How many of someone's notifications are unread, counted up to a hundred. */
export const unreadOf = (personId: string): SQL =>
  sql`(select count(*)::int from (select from notification where person_id = ${personId}::uuid and read_at is null limit 100) u)`;
