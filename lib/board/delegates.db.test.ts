import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { boardDelegates } from "@/db/schema/board";
import { businessUnits, people, roleGrants } from "@/db/schema/org";
import { votes } from "@/db/schema/reviews";
import { byPerson } from "@/lib/auth/identify";
import { systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { integrate } from "@/lib/log/store";
import { fanOut } from "@/lib/notifications/fan-out";
import { notificationList } from "@/lib/notifications/queries";
import { recordDecision } from "@/lib/reviews/decide";
import { getReview } from "@/lib/reviews/queries";
import { castVote, declareRecusal } from "@/lib/reviews/vote";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { endDelegation, nameDelegate } from "./name-delegate";
import { readBoard } from "./queries";

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

const week = { from: "2026-03-02", until: "2026-03-06", reason: "On leave" };
type Name = Parameters<Reviews["as"]>[0];
const lend = (member: Name, delegate: Name, set: object = {}) =>
  nameDelegate(b.as(member), { delegate: b.ids[delegate], ...week, ...set });
const refused = (code: string, words: RegExp) => ({ code, message: expect.stringMatching(words) });

test("a delegate takes the seat: votes for it, is named in the vote and the decision, and the seat counts once", async () => {
  await lend("risk", "viewer");
  const { ref } = await b.submitted({ tier: 1 });
  for (const name of ["chair", "security", "architect"] as const)
    await castVote(b.as(name), { ref, round: 1, choice: "approve" });
  expect((await getReview(b.as("owner"), { ref })).tally).toMatchObject({ base: 7, present: 3, quorate: false });
  expect(await castVote(b.as("viewer"), { ref, round: 1, choice: "approve" })).toMatchObject({ seat: "model_risk" });
  const read = await getReview(b.as("owner"), { ref });
  expect(read.tally).toMatchObject({ base: 7, present: 4, quorate: true });
  expect(read.votes.find((v) => v.personId === b.ids.viewer)).toMatchObject({ for: { name: "risk" } });
  await recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale });
  const content = JSON.parse((await getReview(b.as("owner"), { ref })).decisions[0]?.content ?? "{}");
  expect(content.votes).toContainEqual({
    person: b.ids.viewer,
    seat: "model_risk",
    choice: "approve",
    for: b.ids.risk,
  });
});

test("the member who votes after all replaces what the delegate said, and the delegate cannot vote after them", async () => {
  await lend("risk", "viewer");
  const { ref } = await b.submitted({ tier: 1 });
  await castVote(b.as("viewer"), { ref, round: 1, choice: "approve" });
  await castVote(b.as("risk"), { ref, round: 1, choice: "reject", reason: "Not validated on 2026 data." });
  const read = await getReview(b.as("owner"), { ref });
  expect(read.votes.map((v) => [v.name, v.choice])).toEqual([["risk", "reject"]]);
  expect(read.tally.vetoes).toEqual(["model_risk"]);
  await expect(castVote(b.as("viewer"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject(
    refused("conflict", /risk voted on REV-\d+ in person/),
  );
  // Both stay on record.
  expect(await t.db.$count(votes, eq(votes.reviewId, read.id))).toBe(2);
});

test("member and delegate at once: one vote counts, ten times out of ten", async () => {
  await lend("risk", "viewer");
  for (let i = 0; i < 10; i++) {
    const { ref } = await b.submitted({ tier: 1 });
    await Promise.allSettled([
      castVote(b.as("viewer"), { ref, round: 1, choice: "approve" }),
      castVote(b.as("risk"), { ref, round: 1, choice: "approve" }),
    ]);
    const read = await getReview(b.as("owner"), { ref });
    expect(read.votes.map((v) => v.name)).toEqual(["risk"]);
  }
});

test("before the first day, after the last, and once taken back, a delegate is nobody; what they voted stands", async () => {
  const { id } = await lend("risk", "viewer", { from: "2026-03-04" });
  const { ref } = await b.submitted();
  const vote = () => castVote(b.as("viewer"), { ref, round: 1, choice: "approve" });
  await expect(vote()).rejects.toMatchObject(refused("forbidden", /Only members of the board and their delegates/));
  b.clock.at = new Date("2026-03-04T00:00:01Z");
  await vote();
  b.clock.at = new Date("2026-03-07T00:00:01Z");
  await expect(castVote(b.as("viewer"), { ref, round: 1, choice: "abstain" })).rejects.toMatchObject({
    code: "forbidden",
  });
  expect((await getReview(b.as("owner"), { ref })).tally.present).toBe(1);
  b.clock.at = new Date("2026-03-05T09:00:00Z");
  await expect(endDelegation(b.as("security"), { delegation: id })).rejects.toMatchObject({ code: "forbidden" });
  await endDelegation(b.as("chair"), { delegation: id });
  await expect(endDelegation(b.as("risk"), { delegation: id })).rejects.toMatchObject({ code: "conflict" });
  await expect(castVote(b.as("viewer"), { ref, round: 1, choice: "abstain" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a delegate from another unit reads what the seat reads and is told to vote, for as long as they stand in", async () => {
  const [outside, elsewhere] = [newId(), newId()];
  await t.db.insert(businessUnits).values({ id: elsewhere, slug: "elsewhere", name: "Elsewhere" });
  await t.db
    .insert(people)
    .values({ id: outside, name: "outside", email: "outside@halden.example", createdAt: b.clock.at });
  await t.db.insert(roleGrants).values({
    personId: outside,
    role: "contributor",
    businessUnitId: elsewhere,
    grantedBy: "system",
    grantedAt: b.clock.at,
  });
  const asOutside = async () => {
    const actor = await byPerson(t.db, outside, b.clock.at);
    if (!actor) throw new Error("they are active");
    return { ...b.as("chair"), actor };
  };
  const first = await b.submitted();
  const reads = async (ref = first.ref) => (await getReview(await asOutside(), { ref })).ref;
  await expect(reads()).rejects.toMatchObject({ code: "not_found" });
  const { id } = await nameDelegate(b.as("risk"), { delegate: outside, ...week, from: "2026-03-03" });
  await expect(reads()).rejects.toMatchObject({ code: "not_found" });
  b.clock.at = new Date("2026-03-03T09:00:00Z");
  expect(await reads()).toBe(first.ref);
  const { ref } = await b.submitted();
  await t.db.transaction((tx) => integrate(tx, null));
  await fanOut({ ...b.as("chair"), actor: systemActor }, { limit: 5000 });
  const told = (await notificationList(await asOutside(), { limit: 200 })).items.filter((n) => n.kind === "vote");
  expect(told.map((n) => n.href)).toEqual([`/reviews/${ref}`]);
  await castVote(await asOutside(), { ref, round: 1, choice: "abstain" });
  // To look is all that comes with the seat besides the vote.
  await expect(
    recordDecision(await asOutside(), { ref, round: 1, outcome: "approved", rationale }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await endDelegation(b.as("risk"), { delegation: id });
  await expect(reads(ref)).rejects.toMatchObject({ code: "not_found" });
});

test("a recused or concerned member has no delegate, and a recused or concerned delegate no seat", async () => {
  await lend("risk", "viewer");
  const { ref } = await b.submitted();
  await declareRecusal(b.as("risk"), { ref, reason: "My team built it." });
  await expect(castVote(b.as("viewer"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject(
    refused("forbidden", /You stand in for risk, who is recused/),
  );
  expect((await getReview(b.as("owner"), { ref })).tally.base).toBe(6);

  const other = await b.submitted();
  await castVote(b.as("viewer"), { ref: other.ref, round: 1, choice: "approve" });
  await declareRecusal(b.as("viewer"), { ref: other.ref, reason: "I work for the vendor." });
  await expect(castVote(b.as("viewer"), { ref: other.ref, round: 1, choice: "approve" })).rejects.toMatchObject(
    refused("forbidden", /recused/),
  );
  expect((await getReview(b.as("owner"), { ref: other.ref })).tally).toMatchObject({ base: 7, present: 0 });

  // The submitter as a delegate: named, but never in their own case.
  await lend("privacy", "owner");
  await expect(castVote(b.as("owner"), { ref: other.ref, round: 1, choice: "approve" })).rejects.toMatchObject(
    refused("forbidden", /stake/),
  );
});

test("refused with the field: self, a holder of a seat, a delegate of a delegate, two at once, days gone, someone inactive", async () => {
  const fault = async (promise: Promise<unknown>, field: string, words: RegExp) =>
    expect(promise).rejects.toMatchObject({
      code: "invalid",
      faults: [{ field, message: expect.stringMatching(words) }],
    });
  await fault(lend("risk", "risk"), "delegate", /themselves/);
  await fault(lend("risk", "security"), "delegate", /security seat.*nobody counts twice/);
  await fault(lend("risk", "viewer", { from: "2026-03-01" }), "from", /in advance/);
  await fault(lend("risk", "viewer", { from: "2026-02-01", until: "2026-02-02" }), "until", /over/);
  await fault(lend("risk", "viewer", { until: "2026-03-01" }), "until", /before the first/);
  await fault(lend("risk", "viewer", { until: "2027-03-01" }), "until", /183 days/);
  await lend("risk", "viewer");
  await fault(lend("risk", "admin"), "from", /viewer stands in for risk/);
  await fault(lend("privacy", "viewer"), "delegate", /stands in for risk/);
  await expect(lend("viewer", "admin")).rejects.toMatchObject(
    refused("forbidden", /viewer stands in for risk; a delegate cannot name a delegate/),
  );
  await expect(lend("owner", "admin")).rejects.toMatchObject(refused("forbidden", /holds no seat/));
  await expect(
    nameDelegate(b.as("security"), { member: b.ids.risk, delegate: b.ids.admin, ...week }),
  ).rejects.toMatchObject(refused("forbidden", /Only risk or the chair/));
  await nameDelegate(b.as("chair"), { member: b.ids.privacy, delegate: b.ids.admin, ...week });
  await t.db.update(people).set({ active: false }).where(eq(people.id, b.ids.owner));
  await fault(lend("security", "owner"), "delegate", /no longer active/);
  await t.db.update(people).set({ active: true }).where(eq(people.id, b.ids.owner));
});

test("two members who lend to the same person at once: one is told", async () => {
  for (let i = 0; i < 5; i++) {
    await t.db.update(boardDelegates).set({ endedAt: b.clock.at });
    const done = await Promise.allSettled([lend("risk", "viewer"), lend("privacy", "viewer")]);
    expect(done.map((d) => d.status).sort()).toEqual(["fulfilled", "rejected"]);
  }
});

test("the board reads who sits where, who stands in now, and who will", async () => {
  await lend("risk", "viewer");
  await lend("privacy", "admin", { from: "2026-03-09", until: "2026-03-10" });
  const board = await readBoard(b.as("viewer"), {});
  expect(board.seats.find((s) => s.seat === "model_risk")?.holders).toMatchObject([
    { name: "risk", delegate: "viewer" },
  ]);
  expect(board.seats.find((s) => s.seat === "privacy")?.holders).toMatchObject([{ name: "privacy", delegate: null }]);
  expect(board.delegations.map((d) => [d.delegate, d.now])).toEqual([
    ["viewer", true],
    ["admin", false],
  ]);
});
