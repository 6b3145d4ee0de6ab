import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { boardDelegates } from "@/db/schema/board";
import { meetingMinutes } from "@/db/schema/meetings";
import { nameDelegate } from "@/lib/board/name-delegate";
import { recordDecision } from "@/lib/reviews/decide";
import { withdrawReview } from "@/lib/reviews/draft";
import { castVote, declareRecusal } from "@/lib/reviews/vote";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { addItem, removeItem } from "./agenda";
import { joinMeeting, leaveMeeting } from "./attend";
import { minutesGet } from "./compose-minutes";
import { endItem, leadItem, saveNotes, takeUpItem } from "./discuss";
import { closeMeeting, openMeeting, takeLead } from "./hold";
import { correctMinutes, publishMinutes, saveMinutes } from "./keep-minutes";
import { meetingLive, meetingPulse } from "./live-queries";
import { planMeeting } from "./plan";
import { meetingGet } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());
beforeEach(async () => {
  b.clock.at = new Date("2026-03-02T09:00:00Z");
  await t.db.update(boardDelegates).set({ endedAt: b.clock.at });
});

type Name = Parameters<Reviews["as"]>[0];
const refused = (code: string, words: RegExp) => ({ code, message: expect.stringMatching(words) });
const live = (name: Name, ref: string) => meetingLive(b.as(name), { ref });

/** A meeting half an hour ahead with some items, opened by the chair. */
async function held(...reviews: readonly string[]) {
  const { ref } = await planMeeting(b.as("chair"), {
    title: "Review board",
    on: "2026-03-02",
    time: "10:30",
    zone: "Europe/Oslo",
    minutes: 90,
  });
  for (const review of reviews) await addItem(b.as("chair"), { ref, review });
  await addItem(b.as("chair"), { ref, kind: "policy", title: "Naming of models" });
  await openMeeting(b.as("chair"), { ref });
  const items = (await live("chair", ref)).items.map((i) => i.id);
  return { ref, items, item: (n: number) => items[n] ?? "" };
}

test("two chairs at once: one opens and leads, the other reads who; the lead changes hands by its own command only", async () => {
  for (let i = 0; i < 5; i++) {
    const { ref } = await planMeeting(b.as("chair"), {
      title: "At once",
      on: "2026-03-02",
      time: "12:00",
      zone: "UTC",
    });
    const done = await Promise.allSettled([openMeeting(b.as("chair"), { ref }), openMeeting(b.as("deputy"), { ref })]);
    expect(done.map((d) => d.status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = done.find((d) => d.status === "rejected");
    expect(lost?.status === "rejected" && lost.reason).toMatchObject(
      refused("conflict", /(chair|deputy) opened MTG-\d+ already and leads it/),
    );
  }
  const { ref, item } = await held();
  await expect(takeUpItem(b.as("deputy"), { ref, item: item(0), current: null })).rejects.toMatchObject(
    refused("conflict", /chair leads this meeting. Take the lead first/),
  );
  await takeLead(b.as("deputy"), { ref });
  await takeUpItem(b.as("deputy"), { ref, item: item(0), current: null });
  await expect(closeMeeting(b.as("chair"), { ref })).rejects.toMatchObject(refused("conflict", /deputy leads/));
  await expect(openMeeting(b.as("security"), { ref })).rejects.toMatchObject({ code: "forbidden" });
});

test("a meeting is opened on its day, without seats not at all", async () => {
  const { ref } = await planMeeting(b.as("chair"), { title: "Ahead", on: "2026-03-20", time: "12:00", zone: "UTC" });
  await expect(openMeeting(b.as("chair"), { ref })).rejects.toMatchObject(refused("conflict", /more than a day ahead/));
});

test("who turns the page says where they saw the meeting: of two at once one turns it", async () => {
  const { ref } = await b.submitted();
  const m = await held(ref);
  const done = await Promise.allSettled([
    takeUpItem(b.as("chair"), { ref: m.ref, item: m.item(0), current: null }),
    takeUpItem(b.as("chair"), { ref: m.ref, item: m.item(1), current: null }),
  ]);
  expect(done.map((d) => d.status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("the timer is the server's, goes on where an item is taken up again, and stops at the end", async () => {
  const m = await held();
  await takeUpItem(b.as("chair"), { ref: m.ref, item: m.item(0), current: null });
  const { revision } = await meetingGet(b.as("chair"), { ref: m.ref });
  await expect(removeItem(b.as("chair"), { ref: m.ref, revision, item: m.item(0) })).rejects.toMatchObject(
    refused("conflict", /taken up already, so it stays/),
  );
  b.clock.at = new Date("2026-03-02T09:04:00Z");
  expect((await live("viewer", m.ref)).current?.seconds).toBe(240);
  await endItem(b.as("chair"), { ref: m.ref, item: m.item(0) });
  b.clock.at = new Date("2026-03-02T09:10:00Z");
  await takeUpItem(b.as("chair"), { ref: m.ref, item: m.item(0), current: null });
  b.clock.at = new Date("2026-03-02T09:11:00Z");
  expect((await live("viewer", m.ref)).current?.seconds).toBe(300);
});

test("attendance: members in their seat, a delegate for the member, guests without; the room's quorum is the votes' own", async () => {
  await nameDelegate(b.as("risk"), {
    delegate: b.ids.viewer,
    from: "2026-03-02",
    until: "2026-03-03",
    reason: "On leave",
  });
  const { ref } = await b.submitted({ tier: 1 });
  const m = await held(ref);
  await takeUpItem(b.as("chair"), { ref: m.ref, item: m.item(0), current: null });
  for (const name of ["security", "architect", "viewer", "owner"] as const)
    await joinMeeting(b.as(name), { ref: m.ref });
  let seen = await live("owner", m.ref);
  expect(seen.people.map((p) => [p.name, p.seat, p.for])).toEqual([
    ["architect", "architecture", null],
    ["chair", "chair", null],
    ["owner", null, null],
    ["security", "security", null],
    ["viewer", "model_risk", "risk"],
  ]);
  expect(seen.room).toMatchObject({ base: 7, needed: 4, present: 4, enough: true });
  // The owner has a stake, and leaves for it.
  expect(seen.current).toMatchObject({ aside: "stake", notes: null, leaves: [{ name: "owner", why: "stake" }] });
  await leaveMeeting(b.as("security"), { ref: m.ref });
  seen = await live("chair", m.ref);
  expect(seen.room).toMatchObject({ present: 3, enough: false });
  expect(seen.room?.missing).toContain("security");
  await expect(joinMeeting(b.as("security"), { ref: m.ref, person: b.ids.privacy })).rejects.toMatchObject({
    code: "forbidden",
  });
  await joinMeeting(b.as("chair"), { ref: m.ref, person: b.ids.security });
  expect((await live("chair", m.ref)).room?.enough).toBe(true);
});

test("a chair who is the submitter does not lead the item, vote or decide; another member leads it", async () => {
  const own = await b.model({ tier: 1, ownerId: b.ids.chair });
  const made = await b.submitted();
  await t.db.execute(
    `update model set owner_id = '${b.ids.chair}' where id = (select model_id from review where ref = '${made.ref}')`,
  );
  expect(own.name).toBeTruthy();
  const m = await held(made.ref);
  await joinMeeting(b.as("security"), { ref: m.ref });
  await expect(takeUpItem(b.as("chair"), { ref: m.ref, item: m.item(0), current: null })).rejects.toMatchObject(
    refused("forbidden", /You have a stake in REV-\d+ .*Another member of the board takes it over/),
  );
  await expect(leadItem(b.as("owner"), { ref: m.ref, item: m.item(0) })).rejects.toMatchObject({ code: "forbidden" });
  await leadItem(b.as("security"), { ref: m.ref, item: m.item(0) });
  await expect(leadItem(b.as("architect"), { ref: m.ref, item: m.item(0) })).rejects.toMatchObject(
    refused("conflict", /security leads this item already/),
  );
  await expect(leadItem(b.as("architect"), { ref: m.ref, item: m.item(1) })).rejects.toMatchObject(
    refused("conflict", /chair leads this item/),
  );
  await expect(castVote(b.as("chair"), { ref: made.ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(
    recordDecision(b.as("chair"), { ref: made.ref, round: 1, outcome: "approved", rationale }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    saveNotes(b.as("chair"), { ref: m.ref, item: m.item(0), revision: 0, notes: "My own words." }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await endItem(b.as("security"), { ref: m.ref, item: m.item(0) });
});

test("notes: two who write at once keep their words, and the second is told whose stand there", async () => {
  const m = await held();
  await saveNotes(b.as("architect"), { ref: m.ref, item: m.item(0), revision: 0, notes: "First words." });
  await expect(
    saveNotes(b.as("chair"), { ref: m.ref, item: m.item(0), revision: 0, notes: "Other words." }),
  ).rejects.toMatchObject(refused("conflict", /architect wrote notes on this item meanwhile. Yours are still/));
  await saveNotes(b.as("chair"), { ref: m.ref, item: m.item(0), revision: 1, notes: "First words. And others." });
  await expect(
    saveNotes(b.as("viewer"), { ref: m.ref, item: m.item(0), revision: 2, notes: "x" }),
  ).rejects.toMatchObject({ code: "forbidden" });
});

test("every change moves the pulse, and nothing else does", async () => {
  const { ref } = await b.submitted();
  const m = await held(ref);
  const mark = async () => (await meetingPulse(b.as("viewer"), { ref: m.ref })).mark;
  let before = await mark();
  expect(await mark()).toBe(before);
  for (const step of [
    () => takeUpItem(b.as("chair"), { ref: m.ref, item: m.item(0), current: null }),
    () => joinMeeting(b.as("security"), { ref: m.ref }),
    () => castVote(b.as("security"), { ref, round: 1, choice: "approve" }),
    () => declareRecusal(b.as("privacy"), { ref, reason: "My team built it." }),
    () => saveNotes(b.as("chair"), { ref: m.ref, item: m.item(0), revision: 0, notes: "Said." }),
    () => leaveMeeting(b.as("security"), { ref: m.ref }),
    () => closeMeeting(b.as("chair"), { ref: m.ref }),
  ]) {
    await step();
    const after = await mark();
    expect(after).not.toBe(before);
    before = after;
  }
  await expect(meetingPulse(b.as("viewer"), { ref: "MTG-999999" })).rejects.toMatchObject({ code: "not_found" });
});

test("minutes: drawn from the record, written by the chair, published once, fixed by digest, corrected by an edition", async () => {
  const { ref } = await b.submitted({ tier: 1 });
  const gone = await b.submitted({ tier: 1 });
  const m = await held(ref, gone.ref);
  for (const name of ["security", "architect", "risk"] as const) await joinMeeting(b.as(name), { ref: m.ref });
  await takeUpItem(b.as("chair"), { ref: m.ref, item: m.item(0), current: null });
  await declareRecusal(b.as("privacy"), { ref, reason: "My team built it." });
  await b.voted(ref);
  await castVote(b.as("architect"), { ref, round: 1, choice: "reject", reason: "The rollback was not drilled." });
  await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [b.condition()],
  });
  await saveNotes(b.as("security"), { ref: m.ref, item: m.item(0), revision: 0, notes: "Rollback discussed." });
  await withdrawReview(b.as("owner"), { ref: gone.ref, reason: "Merged into another." });
  await expect(
    recordDecision(b.as("chair"), { ref: gone.ref, round: 1, outcome: "approved", rationale }),
  ).rejects.toMatchObject(refused("conflict", /withdrawn; there is nothing to decide/));
  b.clock.at = new Date("2026-03-02T10:00:00Z");
  await expect(minutesGet(b.as("chair"), { ref: m.ref })).rejects.toMatchObject({ code: "not_found" });
  expect((await closeMeeting(b.as("chair"), { ref: m.ref })).notReached).toHaveLength(2);

  await expect(minutesGet(b.as("viewer"), { ref: m.ref })).rejects.toMatchObject(
    refused("not_found", /not published yet/),
  );
  const draft = await minutesGet(b.as("chair"), { ref: m.ref });
  const [first] = draft.minutes.items;
  expect(first).toMatchObject({
    text: "Rollback discussed.",
    seconds: 3600,
    review: {
      ref,
      aside: ["privacy"],
      decision: { outcome: "approved_with_conditions", conditions: [{ text: "Drill the rollback before release." }] },
    },
  });
  expect(first?.review?.votes.find((v) => v.choice === "reject")).toMatchObject({
    name: "architect",
    reason: "The rollback was not drilled.",
    castAt: "2026-03-02T09:00:00.000Z",
  });
  const texts = { [m.item(0)]: "The rollback was discussed at length." };
  await expect(saveMinutes(b.as("security"), { ref: m.ref, revision: 1, summary: "", texts })).rejects.toMatchObject({
    code: "forbidden",
  });
  await saveMinutes(b.as("chair"), { ref: m.ref, revision: 1, summary: "One decision.", texts });
  await expect(saveMinutes(b.as("deputy"), { ref: m.ref, revision: 1, summary: "Mine.", texts })).rejects.toMatchObject(
    refused("conflict", /chair changed the minutes meanwhile/),
  );
  await expect(publishMinutes(b.as("chair"), { ref: m.ref, revision: 1 })).rejects.toMatchObject({ code: "conflict" });
  const { digest } = await publishMinutes(b.as("chair"), { ref: m.ref, revision: 2 });
  const [row] = await t.db.select().from(meetingMinutes).where(eq(meetingMinutes.digest, digest));
  expect(
    createHash("sha256")
      .update(row?.content ?? "")
      .digest("hex"),
  ).toBe(digest);
  const read = await minutesGet(b.as("viewer"), { ref: m.ref });
  expect(read).toMatchObject({ digest, minutes: { summary: "One decision.", edition: 1 } });
  await expect(saveMinutes(b.as("chair"), { ref: m.ref, revision: 2, summary: "x", texts })).rejects.toMatchObject(
    refused("conflict", /published and fixed. Correct them by a new edition/),
  );
  await expect(
    t.db.update(meetingMinutes).set({ summary: "y" }).where(eq(meetingMinutes.digest, digest)),
  ).rejects.toMatchObject({ cause: { code: "CS001" } });

  await correctMinutes(b.as("chair"), { ref: m.ref, reason: "Privacy was named wrongly." });
  expect((await minutesGet(b.as("viewer"), { ref: m.ref })).minutes.edition).toBe(1);
  await saveMinutes(b.as("chair"), { ref: m.ref, revision: 1, summary: "One decision, corrected.", texts });
  await publishMinutes(b.as("chair"), { ref: m.ref, revision: 2 });
  const second = await minutesGet(b.as("viewer"), { ref: m.ref });
  expect(second).toMatchObject({
    minutes: { edition: 2, correction: "Privacy was named wrongly." },
    editions: [{ edition: 2 }, { edition: 1, digest }],
  });
  expect((await minutesGet(b.as("viewer"), { ref: m.ref, edition: 1 })).minutes.summary).toBe("One decision.");
});
