import "server-only";
import { desc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { officeHours } from "@/db/schema/office-hours";
import { people } from "@/db/schema/org";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mayLook, slotsAhead } from "./office-hours";

/** A booking as its people see it; instants are ISO 8601. */
export type Booking = {
  id: string;
  hoursId: string;
  hours: string;
  architectId: string;
  architect: string;
  place: string;
  bookedBy: string;
  booker: string;
  topic: string;
  model: string | null;
  review: string | null;
  startsAt: string;
  advice: string | null;
  /** It stands in the advice log of the review. */
  logged: boolean;
};

/** Office hours with the slots that are free, and the reader's own bookings: those booked by them or with them. */
export const readOfficeHours = query({
  name: "office_hours.read",
  title: "Read office hours: free slots, and one's own bookings",
  http: { method: "GET", path: "/office-hours" },
  input: z.strictObject({}),
  async run(read, _input, actor, now) {
    insist(mayLook(actor));
    const offered = await read
      .select({ hours: officeHours, architect: people.name })
      .from(officeHours)
      .innerJoin(people, eq(people.id, officeHours.architectId))
      .where(isNull(officeHours.endedOn))
      .orderBy(people.name, desc(officeHours.id))
      .limit(100);
    const { rows: taken } = await read.execute<{ hours: string; on: string; slot: number }>(sql`
      select hours_id as hours, slot_on::text as on, slot from office_booking
      where cancelled_at is null and starts_at > ${now.toISOString()}::timestamptz limit 5000`);
    const { rows: mine } = await read.execute<Booking>(sql`
      select b.id, b.hours_id as "hoursId", h.topic as hours, h.architect_id as "architectId", a.name as architect, h.place, b.booked_by as "bookedBy",
        p.name as booker, b.topic, m.name as model, r.ref as review, to_char(b.starts_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "startsAt",
        b.advice, b.advice_id is not null as logged
      from office_booking b join office_hours h on h.id = b.hours_id join person a on a.id = h.architect_id join person p on p.id = b.booked_by
        left join model m on m.id = b.model_id left join review r on r.id = b.review_id
      where b.cancelled_at is null and ${actor.id} in (b.booked_by::text, h.architect_id::text) order by b.starts_at desc limit 50`);
    return {
      offered: offered.map(({ hours, architect }) => {
        const free = slotsAhead(hours, now).filter(
          (s) => !taken.some((x) => x.hours === hours.id && x.on === s.on && x.slot === s.slot),
        );
        return { ...hours, architect, free: free.slice(0, 12), more: Math.max(0, free.length - 12) };
      }),
      mine,
    };
  },
});
