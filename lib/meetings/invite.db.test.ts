import { desc, eq, sql } from "drizzle-orm";
import ICAL from "ical.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { type Board, testBoard } from "@/lib/testing/board";
import { type MailTests, mailTests } from "@/lib/testing/mail";
import { cancelMeeting, moveMeeting, planMeeting } from "./plan";
import { meetingGet } from "./queries";

let m: MailTests;
let b: Board;
beforeAll(async () => {
  m = await mailTests();
  b = await testBoard(m.db, m.org.now);
});
afterAll(() => m.stop());

/** What the newest entry of a name invites to, as another program reads the mail; null where it holds no calendar. */
async function invited(name: string) {
  const [entry] = await m.db
    .select()
    .from(logEntries)
    .where(eq(logEntries.name, name))
    .orderBy(desc(logEntries.at), desc(logEntries.id))
    .limit(1);
  // A notice is made once an entry; this test tells of one twice.
  await m.db.execute(sql`delete from notification`);
  await m.db.execute(sql`delete from notice`);
  await m.told({ entry: entry?.id ?? "", kind: "review" });
  m.smtp.mails.length = 0;
  await m.send();
  const part = m.smtp.mails[0]?.attachments.find((a) => a.mimeType === "text/calendar");
  if (!part) return null;
  const text = typeof part.content === "string" ? part.content : new TextDecoder().decode(part.content);
  const calendar = new ICAL.Component(ICAL.parse(text));
  const component = calendar.getFirstSubcomponent("vevent");
  if (!component) throw new Error("The calendar holds no event.");
  const event = new ICAL.Event(component);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    start: event.startDate.toString(),
    title: event.summary,
    status: component.getFirstPropertyValue("status"),
    organizer: event.organizer,
    attendees: event.attendees.map((a) => [
      String(a.getFirstValue()).toLowerCase(),
      a.getParameter("cn"),
      a.getParameter("rsvp"),
    ]),
  };
}

test("a meeting enters its people's calendars by mail, moves there, and leaves them", async () => {
  const plan = { title: "Review board", on: "2026-11-10", time: "10:00", zone: "Europe/Oslo" };
  const { ref } = await planMeeting(b.as("chair"), plan);
  const first = await invited("meeting.planned");
  expect(first).toMatchObject({
    method: "REQUEST",
    sequence: 0,
    start: "2026-11-10T09:00:00Z",
    title: "Review board",
    status: "CONFIRMED",
    organizer: "mailto:countersign@example.com",
    attendees: [["mailto:mara.reader@example.com", "Mara Reader", "FALSE"]],
  });
  const { revision } = await meetingGet(b.as("chair"), { ref });
  await moveMeeting(b.as("chair"), { ref, revision, on: "2026-11-11", time: "11:00", reason: "A holiday" });
  expect(await invited("meeting.moved")).toMatchObject({
    method: "REQUEST",
    uid: first?.uid,
    sequence: 1,
    start: "2026-11-11T10:00:00Z",
  });
  await cancelMeeting(b.as("chair"), { ref, reason: "Nothing waits" });
  // Whatever the mail tells of, the calendar gets what is so now.
  for (const told of ["meeting.cancelled", "meeting.planned"])
    expect(await invited(told)).toMatchObject({ method: "CANCEL", uid: first?.uid, sequence: 2, status: "CANCELLED" });
});

test("other mails hold no calendar", async () => {
  await m.told();
  m.smtp.mails.length = 0;
  await m.send();
  expect(m.smtp.mails).toHaveLength(1);
  expect(m.smtp.mails[0]?.attachments).toEqual([]);
});
