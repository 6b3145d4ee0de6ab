import "server-only";
import { sql } from "drizzle-orm";
import { command, type Unchanged } from "@/lib/core/command";
import { mayMark, readInput } from "./notification";

/**
 * Marks the actor's own notifications as read. It leaves no entry: when someone read something is nobody's business, and nothing in the
 * record depends on it (decision 0285).
 */
export const markRead = command({
  name: "notification.read",
  title: "Mark notifications as read",
  http: { method: "POST", path: "/notifications/read" },
  input: readInput,
  load: async () => null,
  may: (actor) => mayMark(actor),
  run: async (tx, { input, actor, now }): Promise<Unchanged<{ read: number }>> => {
    const which = input.ids
      ? sql`id = any(${sql.param(input.ids)}::uuid[])`
      : input.path
        ? sql`notice_id in (select o.id from notice o where o.id = notice_id and split_part(split_part(o.href, '#', 1), '?', 1) = ${input.path.replace(/[?#].*$/, "")})`
        : sql`at <= ${input.until}::timestamptz`;
    const { rowCount } = await tx.execute(sql`
      update notification set read_at = ${now.toISOString()}::timestamptz
      where person_id = ${actor.id}::uuid and read_at is null and ${which}`);
    return { unchanged: { read: rowCount ?? 0 } };
  },
});
