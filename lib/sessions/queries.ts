import "server-only";
import { and, desc, eq, gt, lt } from "drizzle-orm";
import { z } from "zod";
import { people, sessions } from "@/db/schema/org";
import { holds } from "@/lib/core/actor";
import { query } from "@/lib/core/query";

/** Living sessions, newest first: one's own, or anyone's for who manages people. */
export const listSessions = query({
  name: "sessions.list",
  title: "List sessions",
  http: { method: "GET", path: "/sessions" },
  input: z.strictObject({
    /** Id of a person; "me" for one's own. */
    person: z.union([z.literal("me"), z.uuid("Give the id of a person, or me.")]).optional(),
    after: z.uuid("Give the `next` of the page before.").optional(),
    limit: z.coerce.number().int().min(1).max(200, "Use at most 200.").default(50),
  }),
  run: async (read, input, actor, now) => {
    const all = actor.kind === "system" || holds(actor, "people:manage");
    const wanted = input.person === "me" ? actor.id : input.person;
    if (!all && (actor.kind !== "person" || (wanted !== undefined && wanted !== actor.id)))
      return { items: [], next: null };
    const owner = wanted ?? (all ? null : actor.id);
    const rows = await read
      .select({
        id: sessions.id,
        personId: people.id,
        person: people.name,
        method: sessions.method,
        userAgent: sessions.userAgent,
        createdAt: sessions.createdAt,
        expires: sessions.expires,
      })
      .from(sessions)
      .innerJoin(people, eq(people.id, sessions.userId))
      .where(
        and(
          gt(sessions.expires, now),
          owner === null ? undefined : eq(sessions.userId, owner),
          input.after === undefined ? undefined : lt(sessions.id, input.after),
        ),
      )
      .orderBy(desc(sessions.id))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit);
    return { items, next: rows.length > input.limit ? (items.at(-1)?.id ?? null) : null };
  },
});
