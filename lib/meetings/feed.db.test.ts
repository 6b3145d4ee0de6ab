import { eq } from "drizzle-orm";
import ICAL from "ical.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { calendarFeeds } from "@/db/schema/meetings";
import { people } from "@/db/schema/org";
import { nameDelegate } from "@/lib/board/name-delegate";
import { recordDecision } from "@/lib/reviews/decide";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { addItem } from "./agenda";
import { feedText, makeFeed, revokeFeed } from "./feed";
import { cancelMeeting, moveMeeting, planMeeting } from "./plan";
import { meetingGet } from "./queries";
import { createSeries } from "./series";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());

type Name = Parameters<Reviews["as"]>[0];
const origin = "https://countersign.example";
const secretOf = (path: string) => path.replace("/api/calendar/", "").replace(".ics", "");
const text = (secret: string) => feedText(t.db, secret, origin, b.clock.at);

/** What another program understands of the feed. */
async function events(name: Name) {
  const { path } = await makeFeed(b.as(name), {});
  const feed = await text(secretOf(path));
  // Lines end as RFC 5545 wants, and none is longer than 75 octets.
  for (const line of (feed ?? "").split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const calendar = new ICAL.Component(ICAL.parse(feed ?? ""));
  return calendar.getAllSubcomponents("vevent").map((c) => {
    const event = new ICAL.Event(c);
    return {
      uid: event.uid,
      title: event.summary,
      text: event.description,
      place: event.location,
      start: event.startDate.toString(),
      end: event.endDate.toString(),
      zone: event.startDate.zone.tzid,
      day: event.startDate.isDate,
      sequence: event.sequence,
      status: String(c.getFirstPropertyValue("status")),
    };
  });
}

test("another program reads the feed: local time through the change of the clocks, moves, cancellations, hostile text", async () => {
  const { meetings } = await createSeries(b.as("chair"), {
    name: "Review board; weekly, \\ and\nmore — ünïcödé that goes on and on so that the line must be folded somewhere",
    rule: "weekly",
    startsOn: "2026-03-17",
    time: "10:00",
    zone: "Europe/Oslo",
    place: "Room Fjord, 3rd floor",
  });
  const [first = "", second = ""] = meetings;
  await addItem(b.as("chair"), { ref: first, kind: "policy", title: "BEGIN:VEVENT\r\nnaming" });
  const before = (await events("security")).slice(0, 3);
  expect(before.map((e) => [e.start, e.end, e.zone])).toEqual([
    ["2026-03-17T09:00:00Z", "2026-03-17T10:30:00Z", "UTC"],
    ["2026-03-24T09:00:00Z", "2026-03-24T10:30:00Z", "UTC"],
    ["2026-03-31T08:00:00Z", "2026-03-31T09:30:00Z", "UTC"],
  ]);
  expect(before[0]).toMatchObject({
    title: expect.stringContaining("weekly, \\ and"),
    place: "Room Fjord, 3rd floor",
    text: expect.stringContaining("BEGIN:VEVENT"),
    sequence: 0,
    status: "CONFIRMED",
  });
  const { revision } = await meetingGet(b.as("chair"), { ref: first });
  await moveMeeting(b.as("chair"), { ref: first, revision, on: "2026-03-18", time: "11:00", reason: "Holiday" });
  await cancelMeeting(b.as("chair"), { ref: second, reason: "Nothing waits" });
  const after = (await events("security")).slice(0, 2);
  expect(after).toMatchObject([
    { uid: before[0]?.uid, sequence: 1, start: "2026-03-18T10:00:00Z", status: "CONFIRMED" },
    { uid: before[1]?.uid, sequence: 1, status: "CANCELLED", text: expect.stringContaining("Nothing waits") },
  ]);
});

test("a feed holds what concerns its person: members all meetings, delegates their days, authors their reviews and due days", async () => {
  const { ref } = await planMeeting(b.as("chair"), {
    title: "One of its own",
    on: "2026-03-05",
    time: "09:00",
    zone: "UTC",
  });
  expect((await events("viewer")).length).toBe(0);
  await nameDelegate(b.as("risk"), { delegate: b.ids.viewer, from: "2026-03-04", until: "2026-03-06", reason: "Away" });
  expect((await events("viewer")).map((e) => e.title)).toEqual(["One of its own"]);
  const { ref: review } = await b.submitted();
  await addItem(b.as("chair"), { ref, review });
  expect((await events("owner")).map((e) => e.title)).toEqual([
    "One of its own",
    `${review}: the board's answer is promised`,
  ]);
  await b.voted(review, "approve_with_conditions");
  const { conditions } = await recordDecision(b.as("chair"), {
    ref: review,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [b.condition()],
  });
  expect((await events("owner")).find((e) => e.day)).toMatchObject({
    title: `${conditions[0]} is due`,
    start: "2026-04-01",
    text: "Drill the rollback before release.",
  });
});

test("only a hash of the address is kept; rotated, taken back or of someone gone it answers nothing", async () => {
  const { path } = await makeFeed(b.as("privacy"), {});
  const secret = secretOf(path);
  const [row] = await t.db.select().from(calendarFeeds).where(eq(calendarFeeds.personId, b.ids.privacy));
  expect(row?.hash.toString()).not.toContain(secret);
  expect(await text(secret)).toContain("BEGIN:VCALENDAR");
  const second = secretOf((await makeFeed(b.as("privacy"), {})).path);
  expect(await text(secret)).toBeNull();
  await t.db.update(people).set({ active: false }).where(eq(people.id, b.ids.privacy));
  expect(await text(second)).toBeNull();
  await t.db.update(people).set({ active: true }).where(eq(people.id, b.ids.privacy));
  expect(await text(second)).not.toBeNull();
  await revokeFeed(b.as("privacy"), {});
  expect(await text(second)).toBeNull();
  await expect(revokeFeed(b.as("privacy"), {})).rejects.toMatchObject({ code: "conflict" });
  expect(await text("cs_nothing")).toBeNull();
});
