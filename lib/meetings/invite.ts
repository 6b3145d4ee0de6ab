import "server-only";
import { eq } from "drizzle-orm";
import type { Db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { byPerson } from "@/lib/auth/identify";
import { eventOf } from "./calendar";
import type { CalendarEvent } from "./ical";

/** What is told with an invitation, so that the meeting enters, moves in and leaves its people's calendars. */
const inviting: ReadonlySet<string> = new Set(["meeting.planned", "meeting.moved", "meeting.cancelled"]);

/** The meeting that an entry of the log tells of, as it stands now and as a person may see it; null where there is nothing to invite to. */
export async function invitedTo(
  db: Db,
  told: { name: string; subjectId: string },
  personId: string,
  now: Date,
): Promise<CalendarEvent | null> {
  if (!inviting.has(told.name)) return null;
  const [[meeting], actor] = await Promise.all([
    db.select().from(meetings).where(eq(meetings.id, told.subjectId)),
    byPerson(db, personId, now),
  ]);
  if (!meeting || !actor || (meeting.status !== "planned" && meeting.status !== "cancelled")) return null;
  return eventOf(db, meeting, actor);
}
