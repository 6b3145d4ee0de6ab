import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { adviceOf } from "@/lib/reviews/advice";
import { createDraft } from "@/lib/reviews/draft";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, testReviews } from "@/lib/testing/reviews";
import { slotsAhead } from "./office-hours";
import { readOfficeHours } from "./queries";
import { advise, beginHours, book, cancelBooking, endHours } from "./work";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());
beforeEach(() => {
  b.clock.at = new Date("2026-03-23T09:00:00Z");
});

const given = {
  topic: "Which pattern fits",
  rule: "weekly",
  startsOn: "2026-03-25",
  time: "10:00",
  zone: "Europe/Copenhagen",
  slotMinutes: 30,
  slots: 2,
};
const question = "Which pattern fits a model that runs in a vehicle?";
const offered = async () => (await beginHours(b.as("architect"), given)).id;
const free = async (hours: string) =>
  (await readOfficeHours(b.as("owner"), {})).offered
    .find((o) => o.id === hours)
    ?.free.map((s) => s.startsAt.toISOString()) ?? [];

test("slots keep the local time over the change of clocks; what is taken is not offered, what is cancelled is again", async () => {
  const hours = await offered();
  // Clocks go forward on 29 March.
  expect((await free(hours)).slice(0, 3)).toEqual([
    "2026-03-25T09:00:00.000Z",
    "2026-03-25T09:30:00.000Z",
    "2026-04-01T08:00:00.000Z",
  ]);
  const { id } = await book(b.as("owner"), { hours, on: "2026-03-25", slot: 0, topic: question });
  expect((await free(hours))[0]).toBe("2026-03-25T09:30:00.000Z");
  await expect(book(b.as("privacy"), { hours, on: "2026-03-25", slot: 0, topic: question })).rejects.toMatchObject({
    code: "conflict",
    message: "Somebody took this slot. Choose another.",
  });
  await expect(cancelBooking(b.as("privacy"), { booking: id, reason: "Not mine." })).rejects.toMatchObject({
    code: "not_found",
  });
  await cancelBooking(b.as("owner"), { booking: id, reason: "Found it in the library." });
  expect((await free(hours))[0]).toBe("2026-03-25T09:00:00.000Z");
});

test("of two who book the same slot at once one is told", async () => {
  const hours = await offered();
  const both = await Promise.allSettled([
    book(b.as("owner"), { hours, on: "2026-04-01", slot: 1, topic: question }),
    book(b.as("privacy"), { hours, on: "2026-04-01", slot: 1, topic: question }),
  ]);
  expect(both.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("what was advised goes into the advice log of the review, in the architect's name, once it has begun", async () => {
  const hours = await offered();
  const model = await b.model();
  const { ref, id } = await createDraft(b.as("owner"), { model: model.name, title: "A review" });
  const { id: booking } = await book(b.as("owner"), { hours, on: "2026-03-25", slot: 1, topic: question, review: ref });
  const advice = "Start from batch scoring, and write down where you depart.";
  await expect(advise(b.as("architect"), { booking, advice })).rejects.toMatchObject({
    message: "It has not begun yet.",
  });
  b.clock.at = new Date("2026-03-25T10:05:00Z");
  await expect(advise(b.as("owner"), { booking, advice })).rejects.toMatchObject({ code: "forbidden" });
  expect(await advise(b.as("architect"), { booking, advice })).toMatchObject({ review: ref });
  expect(await adviceOf(t.db, id)).toMatchObject([
    { adviserId: b.ids.architect, question, answer: advice, done: null },
  ]);
  await expect(advise(b.as("architect"), { booking, advice })).rejects.toMatchObject({ code: "conflict" });
  expect((await readOfficeHours(b.as("owner"), {})).mine.find((m) => m.id === booking)).toMatchObject({
    advice,
    logged: true,
    model: model.name,
  });
});

test("hours that end cancel what is booked ahead; nobody books more than three ahead", async () => {
  const hours = await offered();
  for (const on of ["2026-03-25", "2026-04-01", "2026-04-08"])
    await book(b.as("owner"), { hours, on, slot: 0, topic: question });
  await expect(book(b.as("owner"), { hours, on: "2026-04-15", slot: 0, topic: question })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(endHours(b.as("owner"), { hours })).rejects.toMatchObject({ code: "forbidden" });
  expect(await endHours(b.as("architect"), { hours })).toMatchObject({ cancelled: 3 });
  await expect(book(b.as("privacy"), { hours, on: "2026-04-15", slot: 0, topic: question })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(endHours(b.as("architect"), { hours })).rejects.toMatchObject({ code: "conflict" });
});

test.each<[string, (hours: string) => Promise<unknown>, string]>([
  ["offered by who is no architect", () => beginHours(b.as("owner"), given), "forbidden"],
  [
    "of one's own",
    (hours) => book(b.as("architect"), { hours, on: "2026-03-25", slot: 0, topic: question }),
    "forbidden",
  ],
  [
    "on a day without hours",
    (hours) => book(b.as("owner"), { hours, on: "2026-03-26", slot: 0, topic: question }),
    "invalid",
  ],
  [
    "about a model that is not there",
    (hours) => book(b.as("owner"), { hours, on: "2026-03-25", slot: 0, topic: question, model: "nope" }),
    "not_found",
  ],
])("an hour %s: refused", async (_what, call, code) => {
  const hours = await offered();
  await expect((async () => call(hours))()).rejects.toMatchObject({ name: "Refusal", code });
});

test("hours that ended on a day offer nothing from that day on", () => {
  const hours = {
    rule: "weekly" as const,
    startsOn: "2026-03-25",
    localTime: "10:00",
    zone: "UTC",
    slotMinutes: 30,
    slots: 1,
    endedOn: "2026-04-01",
  };
  expect(slotsAhead(hours, new Date("2026-03-20T00:00:00Z")).map((s) => s.on)).toEqual(["2026-03-25"]);
});
