import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { meetingSeries, meetings } from "@/db/schema/meetings";
import { roleGrants } from "@/db/schema/org";
import { changeCalendar, createCalendar, removeHoliday } from "@/lib/calendars/keep";
import { systemActor } from "@/lib/core/actor";
import { requestChanges } from "@/lib/reviews/discuss";
import { withdrawReview } from "@/lib/reviews/draft";
import { submitReview } from "@/lib/reviews/submit";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, testReviews } from "@/lib/testing/reviews";
import { addItem, changeItem, fillAgenda, orderAgenda, removeItem } from "./agenda";
import { cancelMeeting, moveMeeting, planMeeting } from "./plan";
import { meetingGet, meetingList, seriesList } from "./queries";
import { createSeries, endSeries, meetingJobs } from "./series";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());
beforeEach(async () => {
  b.clock.at = new Date("2026-03-02T09:00:00Z");
  await t.db.update(meetings).set({ status: "cancelled" });
  await t.db.update(meetingSeries).set({ endedOn: "2026-01-01" });
  await t.db.execute(sql`update review set status = 'withdrawn' where status = 'in_review'`);
});

const weekly = {
  name: "Review board",
  rule: "weekly",
  startsOn: "2026-03-03",
  time: "10:00",
  zone: "Europe/Oslo",
  minutes: 90,
};
const one = { title: "Extra meeting", on: "2026-03-10", time: "14:00", zone: "America/New_York", minutes: 60 };
const refused = (code: string, words: RegExp) => ({ code, message: expect.stringMatching(words) });
const read = (ref: string) => meetingGet(b.as("viewer"), { ref });
const system = () => ({ ...b.as("viewer"), actor: systemActor });

test("a series makes the meetings of 90 days at the same local time across the change of the clocks, and goes on as days pass", async () => {
  const { meetings: refs } = await createSeries(b.as("chair"), weekly);
  expect(refs).toHaveLength(13);
  const { items } = await meetingList(b.as("viewer"), {});
  const mine = items.filter((m) => refs.includes(m.ref));
  expect(mine.map((m) => m.startsAt).slice(0, 5)).toEqual([
    "2026-03-03T09:00:00.000Z",
    "2026-03-10T09:00:00.000Z",
    "2026-03-17T09:00:00.000Z",
    "2026-03-24T09:00:00.000Z",
    "2026-03-31T08:00:00.000Z",
  ]);
  expect(mine[0]).toMatchObject({ preReadOn: "2026-02-27", chair: "chair" });
  b.clock.at = new Date("2026-03-12T09:00:00Z");
  await meetingJobs["meetings.plan"]?.(system(), {});
  await meetingJobs["meetings.plan"]?.(system(), {});
  expect(await t.db.$count(meetings, eq(meetings.title, "Review board"))).toBe(15);
  expect((await seriesList(b.as("viewer"), {})).items).toMatchObject([{ name: "Review board", chair: "chair" }]);
});

test("days off in the board's calendar are left out, and a weekday on which nobody works is refused", async () => {
  const calendar = await createCalendar(
    { ...b.as("admin") },
    {
      slug: "no",
      name: "Norway",
      timeZone: "Europe/Oslo",
      weekdays: [1, 2, 3, 4, 5],
      workFrom: "09:00",
      workTo: "17:00",
      isDefault: true,
      holidays: ["2026-03-31 A day off", "2026-04-06 Easter Monday"],
    },
  );
  const made = await createSeries(b.as("chair"), weekly);
  expect(made).toMatchObject({ leftOut: ["2026-03-31"] });
  expect(made.meetings).toHaveLength(12);
  const { items } = await meetingList(b.as("viewer"), {});
  expect(items.filter((m) => made.meetings.includes(m.ref)).map((m) => m.startsAt.slice(0, 10))).not.toContain(
    "2026-03-31",
  );
  await expect(createSeries(b.as("chair"), { ...weekly, startsOn: "2026-03-07" })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "startsOn", message: expect.stringMatching(/^Sat 7 Mar 2026 is no working day.*Norway/) }],
  });
  // A meeting of its own may be held on any day: someone chose it.
  await planMeeting(b.as("chair"), { ...one, on: "2026-03-31" });
  await removeHoliday(b.as("admin"), { calendar: calendar.slug, day: "2026-03-31" });
  await changeCalendar(b.as("admin"), { calendar: calendar.slug, isDefault: false });
});

test("a moved meeting keeps its slot, its sequence grows, and its papers are late by the new day", async () => {
  const { id, meetings: refs } = await createSeries(b.as("chair"), weekly);
  const [ref = ""] = refs;
  await addItem(b.as("chair"), { ref, kind: "policy", title: "Naming of models" });
  const before = await read(ref);
  expect(before.items[0]).toMatchObject({ late: true, minutes: 15 });
  const move = { ref, revision: before.revision, on: "2026-03-05", time: "13:30", reason: "Public holiday" };
  await expect(moveMeeting(b.as("security"), move)).rejects.toMatchObject({ code: "forbidden" });
  await moveMeeting(b.as("architect"), move);
  const after = await read(ref);
  expect(after).toMatchObject({ sequence: 1, slotOn: "2026-03-03", preReadOn: "2026-03-03" });
  expect(after.startsAt.toISOString()).toBe("2026-03-05T12:30:00.000Z");
  expect(after.items[0]?.late).toBe(false);
  await expect(
    moveMeeting(b.as("chair"), { ...move, on: "2026-03-01", revision: after.revision }),
  ).rejects.toMatchObject({ code: "invalid", faults: [{ field: "on", message: expect.stringMatching(/over/) }] });
  await meetingJobs["meetings.plan"]?.(system(), {});
  expect(await t.db.$count(meetings, eq(meetings.seriesId, id))).toBe(13);
  await cancelMeeting(b.as("chair"), { ref, reason: "Nothing to discuss" });
  expect(await read(ref)).toMatchObject({ status: "cancelled", sequence: 2, cancelledReason: "Nothing to discuss" });
  await expect(addItem(b.as("chair"), { ref, kind: "other", title: "Late" })).rejects.toMatchObject(
    refused("conflict", /cancelled; its agenda is fixed/),
  );
});

test("a series that ends takes its planned meetings with it, and makes no more", async () => {
  const { id, meetings: refs } = await createSeries(b.as("chair"), weekly);
  const { cancelled } = await endSeries(b.as("chair"), { series: id, reason: "The board meets monthly now." });
  expect(cancelled).toHaveLength(refs.length);
  b.clock.at = new Date("2026-05-02T09:00:00Z");
  await meetingJobs["meetings.plan"]?.(system(), {});
  expect(await t.db.$count(meetings, eq(meetings.seriesId, id))).toBe(refs.length);
});

test("a board that lacks a seat does not meet, and only the holder of its seat chairs", async () => {
  await expect(planMeeting(b.as("chair"), { ...one, chair: b.ids.security })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "chair", message: expect.stringMatching(/does not hold the chair's seat/) }],
  });
  await expect(planMeeting(b.as("chair"), { ...one, zone: "+01:00" })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "zone", message: expect.stringMatching(/place/) }],
  });
  const taken = await t.db.delete(roleGrants).where(eq(roleGrants.role, "security")).returning();
  await expect(planMeeting(b.as("chair"), one)).rejects.toMatchObject(
    refused("conflict", /Nobody can take the security seat/),
  );
  await expect(createSeries(b.as("chair"), weekly)).rejects.toMatchObject({ code: "conflict" });
  await t.db.insert(roleGrants).values(taken);
});

test("the agenda is filled from the queue by promised date as far as the time reaches, and no review is on two", async () => {
  const first = await b.submitted({ tier: 1 });
  b.clock.at = new Date("2026-03-03T09:00:00Z");
  const second = await b.submitted({ tier: 1 });
  const third = await b.submitted({ tier: 1 });
  const { ref } = await planMeeting(b.as("chair"), one);
  expect(await fillAgenda(b.as("architect"), { ref })).toEqual({
    ref,
    added: [first.ref, second.ref],
    unfit: [third.ref],
  });
  expect((await read(ref)).items.map((i) => [i.review?.ref, i.minutes, i.since, i.late])).toEqual([
    [first.ref, 30, null, false],
    [second.ref, 30, null, false],
  ]);
  const other = await planMeeting(b.as("chair"), { ...one, on: "2026-03-11" });
  await expect(addItem(b.as("chair"), { ref: other.ref, review: first.ref })).rejects.toMatchObject(
    refused("conflict", new RegExp(`is on the agenda of ${ref}`)),
  );
  expect((await fillAgenda(b.as("chair"), { ref: other.ref })).added).toEqual([third.ref]);
  expect((await fillAgenda(b.as("chair"), { ref: other.ref })).added).toEqual([]);
});

test("what became of a review since is told: withdrawn, back with its author, resubmitted", async () => {
  const [a, c] = [await b.submitted({ tier: 1 }), await b.submitted({ tier: 1 })];
  const { ref } = await planMeeting(b.as("chair"), one);
  await fillAgenda(b.as("chair"), { ref });
  await withdrawReview(b.as("owner"), { ref: a.ref, reason: "Merged into another." });
  await requestChanges(b.as("risk"), { ref: c.ref, round: 1, text: "Show the evaluation." });
  const since = async () => (await read(ref)).items.map((i) => i.since);
  expect(await since()).toEqual(["withdrawn", "with_author"]);
  await submitReview(b.as("owner"), { ref: c.ref });
  expect(await since()).toEqual(["withdrawn", "resubmitted"]);
  const later = await planMeeting(b.as("chair"), { ...one, on: "2026-03-12" });
  await expect(addItem(b.as("chair"), { ref: later.ref, review: a.ref })).rejects.toMatchObject(
    refused("conflict", /withdrawn; only what is in review/),
  );
});

test("two who edit one agenda: the second reads who was first, and nothing is half-done", async () => {
  const { ref } = await planMeeting(b.as("chair"), one);
  for (const title of ["First", "Second", "Third"]) await addItem(b.as("chair"), { ref, kind: "advice", title });
  const { items, revision } = await read(ref);
  const order = items.map((i) => i.id).reverse();
  await orderAgenda(b.as("architect"), { ref, revision, items: order });
  await expect(orderAgenda(b.as("chair"), { ref, revision, items: order.toReversed() })).rejects.toMatchObject(
    refused("conflict", /architect changed MTG-\d+ on 2 Mar 2026 09:00 UTC, after you read it/),
  );
  await expect(removeItem(b.as("chair"), { ref, revision, item: items[0]?.id })).rejects.toMatchObject({
    code: "conflict",
  });
  expect((await read(ref)).items.map((i) => i.title)).toEqual(["Third", "Second", "First"]);
  await expect(
    orderAgenda(b.as("chair"), { ref, revision: revision + 1, items: order.slice(1) }),
  ).rejects.toMatchObject({ code: "invalid" });
  for (let i = 0; i < 10; i++) {
    const now = await read(ref);
    const ids = now.items.map((x) => x.id);
    const done = await Promise.allSettled([
      orderAgenda(b.as("chair"), { ref, revision: now.revision, items: ids.toReversed() }),
      changeItem(b.as("architect"), { ref, revision: now.revision, item: ids[0], minutes: 20 + i }),
    ]);
    expect(done.map((d) => d.status).sort()).toEqual(["fulfilled", "rejected"]);
  }
  const last = await read(ref);
  await removeItem(b.as("chair"), { ref, revision: last.revision, item: last.items[1]?.id });
  expect((await read(ref)).items).toHaveLength(2);
});

test("whoever may not read a review sees that time is taken, and not by what", async () => {
  const { ref: review } = await b.submitted({ tier: 1 });
  const { ref } = await planMeeting(b.as("chair"), one);
  await addItem(b.as("chair"), { ref, review });
  const elsewhere = {
    ...b.as("viewer"),
    actor: { ...b.as("viewer").actor, grants: [{ role: "viewer" as const, units: [] }] },
  };
  const seen = await meetingGet(elsewhere, { ref });
  expect(seen.items).toMatchObject([{ title: null, review: null, minutes: 30 }]);
  expect(JSON.stringify(seen)).not.toContain(review);
});
