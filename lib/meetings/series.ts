import "server-only";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { meetingSeries, meetings } from "@/db/schema/meetings";
import { calendarOfUnit } from "@/lib/calendars/find";
import { businessDaysBefore, type Day, dayOf, isWorking } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { instantOf } from "@/lib/core/zone-instant";
import type { JobHandlers } from "@/lib/jobs/job";
import { givenChair, insistSeats } from "./load";
import { aheadDays, CreateSeries, EndSeries, mayArrange } from "./meeting";
import { sayWeekday } from "./say";
import { seriesRuleName, slotsOf } from "./slots";

type Series = typeof meetingSeries.$inferSelect;

const lastAhead = (now: Date): Day => dayOf(new Date(now.getTime() + aheadDays * 86_400_000));

/** Makes the meetings of a series that lie ahead and are not there yet; answers their refs, and the days off that it left out. */
async function makeAhead(
  tx: Tx,
  series: Series,
  by: string,
  now: Date,
): Promise<{ meetings: string[]; leftOut: Day[] }> {
  const made = await tx.select({ slot: meetings.slotOn }).from(meetings).where(eq(meetings.seriesId, series.id));
  const { calendar } = await calendarOfUnit(tx, null);
  const there = new Set(made.map((m) => m.slot));
  const refs: string[] = [];
  const leftOut: Day[] = [];
  for (const slotOn of slotsOf(series.rule, series.startsOn, dayOf(now), lastAhead(now))) {
    if (there.has(slotOn)) continue;
    if (!isWorking(slotOn, calendar)) {
      leftOut.push(slotOn);
      continue;
    }
    const startsAt = instantOf(slotOn, series.localTime, series.zone);
    if (startsAt <= now) continue;
    const ref = await nextRef(tx, "mtg");
    const [row] = await tx
      .insert(meetings)
      .values({
        id: newId(),
        ref,
        seriesId: series.id,
        slotOn,
        title: series.name,
        startsAt,
        zone: series.zone,
        minutes: series.minutes,
        place: series.place,
        preReadDays: series.preReadDays,
        preReadOn: businessDaysBefore(slotOn, series.preReadDays, calendar),
        chairId: series.chairId,
        status: "planned",
        createdAt: now,
        changedAt: now,
        changedBy: by,
      })
      .onConflictDoNothing()
      .returning({ ref: meetings.ref });
    if (row) refs.push(row.ref);
  }
  return { meetings: refs, leftOut };
}

/** A meeting that comes round; those of the next 90 days are made at once. */
export const createSeries = command({
  name: "meeting.series.created",
  title: "Begin a series of meetings",
  http: { method: "POST", path: "/meeting-series", status: 201 },
  input: CreateSeries,
  load: async (_tx, input) => input,
  may: (actor) => mayArrange(actor),
  async run(tx, { input, actor, now }) {
    if (input.startsOn < dayOf(now) || input.startsOn > dayOf(new Date(now.getTime() + 366 * 86_400_000))) {
      const message = "The first meeting lies between today and a year from now.";
      throw new Refusal("invalid", message, [{ field: "startsOn", message }]);
    }
    const { calendar } = await calendarOfUnit(tx, null);
    if (!isWorking(input.startsOn, { ...calendar, holidays: new Set() })) {
      const message = `${sayWeekday(input.startsOn)} is no working day by the calendar ${calendar.name}, and neither are those that follow. Choose another weekday.`;
      throw new Refusal("invalid", message, [{ field: "startsOn", message }]);
    }
    await insistSeats(tx);
    const chair = await givenChair(tx, input.chair ?? actor.id);
    const series: Series = {
      id: newId(),
      name: input.name,
      rule: input.rule,
      startsOn: input.startsOn,
      localTime: input.time,
      zone: input.zone,
      minutes: input.minutes,
      place: input.place,
      preReadDays: input.preReadDays,
      chairId: chair.id,
      createdBy: actor.id,
      createdAt: now,
      endedOn: null,
    };
    await tx.insert(meetingSeries).values(series);
    const made = await makeAhead(tx, series, actor.name, now);
    return {
      result: { id: series.id, ...made },
      entry: {
        subject: { kind: "meeting_series", id: series.id, ref: series.name },
        summary: `began the meetings ${series.name}: ${seriesRuleName[series.rule].toLowerCase()} at ${series.localTime} ${series.zone}, chaired by ${chair.name}`,
        body: { ...series, createdAt: now.toISOString(), ...made },
      },
    };
  },
});

/** A series ends; its meetings that are still planned are cancelled with the reason. */
export const endSeries = command({
  name: "meeting.series.ended",
  title: "End a series of meetings",
  http: { method: "POST", path: "/meeting-series/{series}/end" },
  input: EndSeries,
  load: (tx, { series }) => lockedSeries(tx, series),
  may: (actor) => mayArrange(actor),
  async run(tx, { input, subject: series, actor, now }) {
    if (series.endedOn) throw new Refusal("conflict", `The meetings ${series.name} ended already.`);
    await tx
      .update(meetingSeries)
      .set({ endedOn: dayOf(now) })
      .where(eq(meetingSeries.id, series.id));
    const cancelled = await tx
      .update(meetings)
      .set({
        status: "cancelled",
        cancelledReason: input.reason,
        sequence: sql`${meetings.sequence} + 1`,
        revision: sql`${meetings.revision} + 1`,
        changedAt: now,
        changedBy: actor.name,
      })
      .where(and(eq(meetings.seriesId, series.id), eq(meetings.status, "planned"), gt(meetings.startsAt, now)))
      .returning({ ref: meetings.ref });
    const refs = cancelled.map((m) => m.ref).sort();
    return {
      result: { id: series.id, cancelled: refs },
      entry: {
        subject: { kind: "meeting_series", id: series.id, ref: series.name },
        summary: `ended the meetings ${series.name}; ${refs.length} planned ${refs.length === 1 ? "one was" : "ones were"} cancelled`,
        body: { reason: input.reason, cancelled: refs },
      },
    };
  },
});

/** Job: the meetings of a series for the next 90 days, as days pass. */
const planAhead = command({
  name: "meeting.series.planned",
  title: "Make the meetings of a series that lie ahead",
  http: null,
  input: z.strictObject({ series: z.uuid() }),
  load: (tx, { series }) => lockedSeries(tx, series),
  may: (actor, series) =>
    actor.kind !== "system"
      ? no("forbidden", "Meetings of a series are made by the portal.")
      : series.endedOn
        ? no("conflict", `The meetings ${series.name} ended.`)
        : yes,
  async run(tx, { subject: series, actor, now }) {
    const made = await makeAhead(tx, series, actor.name, now);
    const refs = made.meetings;
    if (refs.length === 0) return { unchanged: made };
    return {
      result: made,
      entry: {
        subject: { kind: "meeting_series", id: series.id, ref: series.name },
        summary: `planned ${refs.length === 1 ? refs[0] : `${refs[0]} to ${refs.at(-1)}`} of ${series.name}`,
        body: made,
      },
    };
  },
});

async function lockedSeries(tx: Tx, id: string): Promise<Series> {
  const [series] = await tx.select().from(meetingSeries).where(eq(meetingSeries.id, id)).for("update");
  if (!series) throw new Refusal("not_found", "There is no such series of meetings.");
  return series;
}

export const meetingJobs: JobHandlers = {
  "meetings.plan": async (ctx) => {
    const running = await ctx.db
      .select({ series: meetingSeries.id })
      .from(meetingSeries)
      .where(isNull(meetingSeries.endedOn))
      .orderBy(meetingSeries.id);
    for (const one of running) await planAhead(ctx, one);
  },
};
