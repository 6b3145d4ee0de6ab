import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Seat } from "@/lib/reviews/review";

export type Present = {
  personId: string;
  name: string;
  seat: Seat | null;
  /** The member for whom a delegate sits. */
  for: string | null;
  cameAt: string;
  leftAt: string | null;
};

/** Everyone who came, by the time they came; who came twice has two lines. */
export async function attendanceOf(read: Reader, meetingId: string): Promise<Present[]> {
  const { rows } = await read.execute<Present>(sql`
    select a.person_id as "personId", p.name, a.seat, f.name as "for", a.came_at as "cameAt", a.left_at as "leftAt"
    from meeting_attendance a join person p on p.id = a.person_id left join person f on f.id = a.for_id
    where a.meeting_id = ${meetingId}::uuid order by a.came_at, p.name`);
  return rows.map((r) => ({
    ...r,
    cameAt: new Date(r.cameAt).toISOString(),
    leftAt: r.leftAt ? new Date(r.leftAt).toISOString() : null,
  }));
}
