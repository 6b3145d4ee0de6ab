import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Db, Reader } from "@/db/client";
import { calendarFeeds } from "@/db/schema/meetings";
import { hashSecret } from "@/lib/auth/hash";
import { byPerson } from "@/lib/auth/identify";
import { mayReadBoard } from "@/lib/board/read";
import type { Actor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, Refusal, type Verdict } from "@/lib/core/refusal";
import { newToken } from "@/lib/tokens/secret";
import { duesOf, meetingsOf } from "./calendar";
import { calendarText } from "./ical";

const mayHaveFeed = (actor: Actor): Verdict =>
  actor.kind === "person" ? mayReadBoard(actor) : no("forbidden", "Only a person has a calendar.");

/** Makes the address of one's own calendar, or another instead of it; the answer is the only place where it appears. */
export const makeFeed = command({
  name: "calendar.feed.made",
  title: "Make the address of my calendar; an earlier one stops working",
  http: { method: "POST", path: "/me/calendar", status: 201 },
  input: z.strictObject({}),
  secretAnswer: true,
  load: async () => null,
  may: mayHaveFeed,
  async run(tx, { actor, now }) {
    // Two at once meet the unique index, and one is told.
    const before = await revoke(tx, actor.id, now);
    const id = newId();
    const secret = newToken();
    await tx.insert(calendarFeeds).values({ id, personId: actor.id, hash: hashSecret(secret), madeAt: now });
    return {
      result: { path: `/api/calendar/${secret}.ics` },
      entry: {
        subject: { kind: "person", id: actor.id, ref: actor.name },
        summary: before > 0 ? "made another address for their calendar" : "made an address for their calendar",
        body: { feed: id, instead: before > 0 },
      },
    };
  },
});

export const revokeFeed = command({
  name: "calendar.feed.revoked",
  title: "Take the address of my calendar back",
  http: { method: "DELETE", path: "/me/calendar" },
  input: z.strictObject({}),
  load: async () => null,
  may: mayHaveFeed,
  async run(tx, { actor, now }) {
    if ((await revoke(tx, actor.id, now)) === 0)
      throw new Refusal("conflict", "Your calendar has no address, so there is none to take back.");
    return {
      result: {},
      entry: {
        subject: { kind: "person", id: actor.id, ref: actor.name },
        summary: "took the address of their calendar back",
        body: {},
      },
    };
  },
});

async function revoke(tx: Pick<Db, "update">, personId: string, now: Date): Promise<number> {
  const rows = await tx
    .update(calendarFeeds)
    .set({ revokedAt: now })
    .where(and(eq(calendarFeeds.personId, personId), isNull(calendarFeeds.revokedAt)))
    .returning({ id: calendarFeeds.id });
  return rows.length;
}

export async function hasFeed(read: Reader, personId: string): Promise<boolean> {
  const rows = await read
    .select({ id: calendarFeeds.id })
    .from(calendarFeeds)
    .where(and(eq(calendarFeeds.personId, personId), isNull(calendarFeeds.revokedAt)));
  return rows.length > 0;
}

/**
 * The calendar behind a secret address: what its person may see now. Null if there is none: never made, taken back, its person
 * deactivated or without the right; from outside all look alike.
 */
export async function feedText(db: Db, secret: string, origin: string, now: Date): Promise<string | null> {
  const [feed] = await db
    .select({ personId: calendarFeeds.personId })
    .from(calendarFeeds)
    .where(and(eq(calendarFeeds.hash, hashSecret(secret)), isNull(calendarFeeds.revokedAt)));
  const actor = feed ? await byPerson(db, feed.personId, now) : null;
  if (!actor || !mayHaveFeed(actor).ok) return null;
  const [meetings, dues] = await Promise.all([meetingsOf(db, actor, now), duesOf(db, actor)]);
  return calendarText([...meetings, ...dues], origin, now);
}
