import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { workingCalendars } from "@/db/schema/calendars";
import { businessUnits } from "@/db/schema/org";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { findUnit } from "@/lib/units/find";
import { mayManageOrganisation } from "@/lib/units/unit";
import {
  AddHolidays,
  ChangeCalendar,
  ChooseCalendar,
  CreateCalendar,
  endsAfterStart,
  type Holiday,
  RemoveHoliday,
} from "./calendar";
import { findCalendar } from "./find";

type Row = typeof workingCalendars.$inferSelect;

const subjectOf = (row: Pick<Row, "id" | "slug">) => ({ kind: "calendar", id: row.id, ref: row.slug });
const inOrder = (holidays: readonly Holiday[]): Holiday[] =>
  [...new Map(holidays.map((h) => [h.day, h])).values()].sort((a, b) => (a.day < b.day ? -1 : 1));
const days = (n: number) => `${n} ${n === 1 ? "day" : "days"} off`;

/** Only one calendar is the default; naming another takes it from the first. */
const clearDefault = (tx: Tx) =>
  tx.update(workingCalendars).set({ isDefault: false }).where(eq(workingCalendars.isDefault, true));

/** Enters when work is done in a region. */
export const createCalendar = command({
  name: "calendar.created",
  title: "Create a working calendar",
  http: { method: "POST", path: "/calendars", status: 201 },
  input: CreateCalendar,
  load: async () => null,
  may: (actor) => mayManageOrganisation(actor),
  run: async (tx, { input, now }) => {
    const row = {
      ...input,
      id: newId(),
      weekdays: [...input.weekdays].sort(),
      holidays: inOrder(input.holidays),
      createdAt: now,
    };
    if (row.isDefault) await clearDefault(tx);
    const [made] = await tx
      .insert(workingCalendars)
      .values(row)
      .onConflictDoNothing({ target: workingCalendars.slug })
      .returning({ id: workingCalendars.id });
    if (!made)
      throw new Refusal("conflict", `There is a calendar "${input.slug}" already.`, [
        { field: "slug", message: "Taken." },
      ]);
    return {
      result: { id: row.id, slug: row.slug, name: row.name },
      entry: { subject: subjectOf(row), summary: `created the calendar ${row.name}`, body: row },
    };
  },
});

const locked = async (tx: Tx, key: string): Promise<Row> => {
  const { id } = await findCalendar(tx, key);
  const [row] = await tx.select().from(workingCalendars).where(eq(workingCalendars.id, id)).for("update");
  if (!row) throw new Error(`calendar ${id} is gone`);
  return row;
};

type Changed = { slug: string; name: string };

/** Changes days, hours, zone or name. Promises that were made stand; new ones are counted anew. */
export const changeCalendar = command({
  name: "calendar.changed",
  title: "Change a working calendar",
  http: { method: "PATCH", path: "/calendars/{calendar}" },
  input: ChangeCalendar,
  load: (tx, input) => locked(tx, input.calendar),
  may: (actor) => mayManageOrganisation(actor),
  run: async (tx, { input, subject }): Promise<Done<Changed> | Unchanged<Changed>> => {
    const before = {
      name: subject.name,
      timeZone: subject.timeZone,
      weekdays: subject.weekdays,
      workFrom: subject.workFrom,
      workTo: subject.workTo,
      isDefault: subject.isDefault,
    };
    const after = {
      name: input.name ?? before.name,
      timeZone: input.timeZone ?? before.timeZone,
      weekdays: input.weekdays ? [...input.weekdays].sort() : before.weekdays,
      workFrom: input.workFrom ?? before.workFrom,
      workTo: input.workTo ?? before.workTo,
      isDefault: input.isDefault ?? before.isDefault,
    };
    const result = { slug: subject.slug, name: after.name };
    if (JSON.stringify(after) === JSON.stringify(before)) return { unchanged: result };
    if (!endsAfterStart(after))
      throw new Refusal("invalid", `workTo: Work ends at ${after.workTo}, before it begins at ${after.workFrom}.`, [
        { field: "workTo", message: "Work ends after it begins." },
      ]);
    if (after.isDefault && !before.isDefault) await clearDefault(tx);
    await tx.update(workingCalendars).set(after).where(eq(workingCalendars.id, subject.id));
    return {
      result,
      entry: { subject: subjectOf(subject), summary: `changed the calendar ${after.name}`, body: { before, after } },
    };
  },
});

/** Adds days off; a day that is there already takes the new name. */
export const addHolidays = command({
  name: "calendar.holidays.added",
  title: "Add days off to a calendar",
  http: { method: "POST", path: "/calendars/{calendar}/holidays" },
  input: AddHolidays,
  load: (tx, input) => locked(tx, input.calendar),
  may: (actor) => mayManageOrganisation(actor),
  run: async (tx, { input, subject }): Promise<Done<{ holidays: Holiday[] }> | Unchanged<{ holidays: Holiday[] }>> => {
    const holidays = inOrder([...subject.holidays, ...input.holidays]);
    if (JSON.stringify(holidays) === JSON.stringify(subject.holidays)) return { unchanged: { holidays } };
    await tx.update(workingCalendars).set({ holidays }).where(eq(workingCalendars.id, subject.id));
    return {
      result: { holidays },
      entry: {
        subject: subjectOf(subject),
        summary: `added ${days(input.holidays.length)} to ${subject.name}`,
        body: { added: input.holidays },
      },
    };
  },
});

/** Takes one day off out of a calendar. */
export const removeHoliday = command({
  name: "calendar.holiday.removed",
  title: "Remove a day off from a calendar",
  http: { method: "DELETE", path: "/calendars/{calendar}/holidays/{day}" },
  input: RemoveHoliday,
  load: (tx, input) => locked(tx, input.calendar),
  may: (actor) => mayManageOrganisation(actor),
  run: async (tx, { input, subject }) => {
    const removed = subject.holidays.find((h) => h.day === input.day);
    if (!removed)
      throw new Refusal("not_found", `${subject.name} has no day off on ${input.day}.`, [
        { field: "day", message: "Not a day off." },
      ]);
    const holidays = subject.holidays.filter((h) => h !== removed);
    await tx.update(workingCalendars).set({ holidays }).where(eq(workingCalendars.id, subject.id));
    return {
      result: { holidays },
      entry: {
        subject: subjectOf(subject),
        summary: `took ${removed.name} (${removed.day}) out of ${subject.name}`,
        body: { removed },
      },
    };
  },
});

type Chosen = { unit: string; calendar: string | null };

/** Says when work is done in a unit and, unless they say otherwise, in the units below. */
export const chooseCalendar = command({
  name: "unit.calendar.chosen",
  title: "Choose the working calendar of a business unit",
  http: { method: "PUT", path: "/units/{unit}/calendar" },
  input: ChooseCalendar,
  load: async (tx, input) => ({
    unit: await findUnit(tx, input.unit),
    calendar: input.calendar === null ? null : await findCalendar(tx, input.calendar),
  }),
  may: (actor) => mayManageOrganisation(actor),
  run: async (tx, { subject: { unit, calendar } }): Promise<Done<Chosen> | Unchanged<Chosen>> => {
    const result = { unit: unit.slug, calendar: calendar?.slug ?? null };
    const calendarId = calendar?.id ?? null;
    if (unit.calendarId === calendarId) return { unchanged: result };
    await tx.update(businessUnits).set({ calendarId }).where(eq(businessUnits.id, unit.id));
    return {
      result,
      entry: {
        subject: { kind: "unit", id: unit.id, ref: unit.slug },
        summary: calendar
          ? `chose the calendar ${calendar.name} for ${unit.name}`
          : `left the calendar of ${unit.name} to the units above`,
        body: { before: unit.calendarId, after: calendarId },
      },
    };
  },
});
