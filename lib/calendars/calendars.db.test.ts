import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import { changeLane } from "@/lib/reviews/discuss";
import { findReviews } from "@/lib/reviews/list";
import { getReview } from "@/lib/reviews/queries";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, testReviews } from "@/lib/testing/reviews";
import { createUnit } from "@/lib/units/create";
import { calendarOfUnit } from "./find";
import { addHolidays, changeCalendar, chooseCalendar, createCalendar, removeHoliday } from "./keep";
import { getCalendar, listCalendars } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
const system = () => ({ ...b.as("viewer"), actor: systemActor });
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
  b.clock.at = new Date("2026-03-26T10:00:00Z");
});
afterAll(() => t.drop());

const berlin = {
  slug: "de",
  name: "Germany",
  timeZone: "Europe/Berlin",
  weekdays: [5, 1, 2, 3, 4],
  workFrom: "09:00",
  workTo: "18:00",
};

test("without any calendar the plain one counts, and says so", async () => {
  expect(await calendarOfUnit(t.db, null)).toMatchObject({ id: null, calendar: { slug: "plain" } });
});

test("only administrators keep calendars; wrong input names its field", async () => {
  await expect(createCalendar(b.as("owner"), berlin)).rejects.toMatchObject({ code: "forbidden" });
  await expect(createCalendar(system(), { ...berlin, timeZone: "Mars/Olympus" })).rejects.toMatchObject({
    faults: [expect.objectContaining({ field: "timeZone" })],
  });
  await expect(createCalendar(system(), { ...berlin, workTo: "08:00" })).rejects.toMatchObject({
    faults: [expect.objectContaining({ field: "workTo" })],
  });
  await expect(createCalendar(system(), { ...berlin, holidays: ["2026-02-30 Never"] })).rejects.toMatchObject({
    faults: [expect.objectContaining({ field: "holidays.0", message: "There is no such day." })],
  });
  await expect(createCalendar(system(), { ...berlin, weekdays: [1, 1] })).rejects.toMatchObject({
    faults: [expect.objectContaining({ field: "weekdays" })],
  });
});

test("a unit works by its own calendar, else by the one above, else by the default", async () => {
  await createCalendar(system(), { ...berlin, isDefault: true });
  await createCalendar(system(), { ...berlin, slug: "us", name: "New York", timeZone: "America/New_York" });
  await expect(createCalendar(system(), berlin)).rejects.toMatchObject({ code: "conflict" });
  const top = await createUnit(system(), { slug: "top", name: "Top" });
  const mid = await createUnit(system(), { slug: "mid", name: "Middle", parent: "top" });
  const low = await createUnit(system(), { slug: "low", name: "Low", parent: "mid" });
  const of = async (id: string) => (await calendarOfUnit(t.db, id)).calendar.slug;
  expect(await of(low.id)).toBe("de");
  await chooseCalendar(system(), { unit: "top", calendar: "us" });
  expect([await of(top.id), await of(low.id)]).toEqual(["us", "us"]);
  await chooseCalendar(system(), { unit: "mid", calendar: "de" });
  expect([await of(top.id), await of(mid.id), await of(low.id)]).toEqual(["us", "de", "de"]);
  expect(await chooseCalendar(system(), { unit: "mid", calendar: "de" })).toEqual({ unit: "mid", calendar: "de" });
  await chooseCalendar(system(), { unit: "mid", calendar: null });
  expect(await of(low.id)).toBe("us");
  expect((await listCalendars(b.as("viewer"), {})).items).toMatchObject([
    { slug: "de", isDefault: true, units: [] },
    { slug: "us", isDefault: false, units: [{ slug: "top" }] },
  ]);
});

test("the default moves: there is one at most", async () => {
  await changeCalendar(system(), { calendar: "us", isDefault: true });
  const { items } = await listCalendars(b.as("viewer"), {});
  expect(items.map((c) => [c.slug, c.isDefault])).toEqual([
    ["de", false],
    ["us", true],
  ]);
  await changeCalendar(system(), { calendar: "de", isDefault: true });
});

test("days off are added once, renamed by adding again, and removed", async () => {
  await addHolidays(system(), { calendar: "de", holidays: ["2026-04-06 Easter", "2026-04-03 Good Friday"] });
  await addHolidays(system(), { calendar: "de", holidays: ["2026-04-06 Easter Monday"] });
  expect((await getCalendar(b.as("viewer"), { calendar: "de" })).holidays).toEqual([
    { day: "2026-04-03", name: "Good Friday" },
    { day: "2026-04-06", name: "Easter Monday" },
  ]);
  await addHolidays(system(), { calendar: "de", holidays: ["2026-07-01 Summer party"] });
  await removeHoliday(system(), { calendar: "de", day: "2026-07-01" });
  await expect(removeHoliday(system(), { calendar: "de", day: "2026-07-01" })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("a promise is counted in the calendar of the model's unit, keeps its instant, and is late by the hour", async () => {
  // Thursday 26 March, ten business days on: Good Friday and Easter Monday are off, summer time begins on the 29th.
  const review = await b.submitted();
  expect(review.promisedOn).toBe("2026-04-13");
  const read = () => getReview(b.as("viewer"), { ref: review.ref });
  expect(await read()).toMatchObject({ daysLeft: 10, late: false });
  b.clock.at = new Date("2026-04-13T15:59:00Z");
  expect(await read()).toMatchObject({ daysLeft: 0, late: false });
  b.clock.at = new Date("2026-04-13T16:01:00Z");
  expect(await read()).toMatchObject({ daysLeft: 0, late: true });
  const { items } = await findReviews(b.as("viewer"), { q: review.ref });
  expect(items).toMatchObject([{ ref: review.ref, daysLeft: 0, late: true }]);
});

test("a change of the calendar leaves a promise as it was made; another lane makes another promise", async () => {
  b.clock.at = new Date("2026-04-14T08:00:00Z");
  const review = await b.submitted({ tier: 2 });
  expect(review).toMatchObject({ lane: "fast_track", promisedOn: "2026-04-17" });
  await addHolidays(system(), { calendar: "de", holidays: ["2026-04-16 Bridge day"] });
  expect(await getReview(b.as("viewer"), { ref: review.ref })).toMatchObject({ promisedOn: "2026-04-17", daysLeft: 2 });
  expect(await changeLane(b.as("security"), { ref: review.ref, lane: "full_board" })).toMatchObject({
    promisedOn: "2026-04-29",
  });
});
