import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { businessUnits, people, roleGrants } from "@/db/schema/org";
import { reviews } from "@/db/schema/reviews";
import { addHolidays, createCalendar } from "@/lib/calendars/keep";
import { systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { acceptCondition, answerCondition } from "./condition";
import { recordDecision } from "./decide";
import { requestChanges } from "./discuss";
import { answerDisagreement, escalateCondition, escalationJobs, raiseDisagreement } from "./escalate";
import { getReview } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
const boss = newId();
const system = () => ({ ...b.as("viewer"), actor: systemActor });
const sweep = (at: string) => {
  b.clock.at = new Date(at);
  return escalationJobs["reviews.escalate"]?.(system(), {});
};
const steps = async (ref: string) =>
  (await getReview(b.as("viewer"), { ref })).escalations
    .map((e) => `${e.kind === "condition" ? `${e.condition?.slice(0, 3)} ` : ""}${e.step}: ${e.told.join(", ")}`)
    .reverse();

beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
  await createCalendar(system(), {
    slug: "de",
    name: "Germany",
    timeZone: "Europe/Berlin",
    weekdays: [1, 2, 3, 4, 5],
    workFrom: "09:00",
    workTo: "18:00",
    isDefault: true,
  });
  await addHolidays(system(), { calendar: "de", holidays: ["2026-04-03 Good Friday", "2026-04-06 Easter Monday"] });
  await t.db.insert(people).values({ id: boss, name: "boss", email: "boss@halden.example", createdAt: b.clock.at });
  await t.db
    .insert(roleGrants)
    .values({ personId: boss, role: "executive", businessUnitId: null, grantedBy: "system", grantedAt: b.clock.at });
});
afterAll(() => t.drop());
beforeEach(async () => {
  b.clock.at = new Date("2026-03-02T09:00:00Z");
  await t.db.update(reviews).set({ status: "withdrawn" }).where(eq(reviews.status, "in_review"));
});

test("a missed promise climbs once a step, however often the sweep comes; tier 1 never passes by itself", async () => {
  const review = await b.submitted({ tier: 1 });
  expect(review.promisedOn).toBe("2026-03-16");
  await sweep("2026-03-16T16:59:00Z");
  expect(await steps(review.ref)).toEqual([]);
  await sweep("2026-03-16T17:01:00Z");
  await sweep("2026-03-16T17:11:00Z");
  expect(await steps(review.ref)).toEqual(["missed: chair, deputy"]);
  await sweep("2026-03-18T17:01:00Z");
  // Two replicas at once: the second waits for the first and finds the step taken.
  await Promise.all([sweep("2026-03-23T17:01:00Z"), sweep("2026-03-23T17:01:00Z")]);
  expect(await steps(review.ref)).toEqual(["missed: chair, deputy", "missed_2: boss", "missed_5: boss, risk"]);
  const read = await getReview(b.as("viewer"), { ref: review.ref });
  expect(read).toMatchObject({ lane: "full_board", late: true });
  expect(await b.entriesOf(read.id, "review.escalated")).toBe(3);
});

test("a portal that was down takes the steps in order; tiers 3 and 4 pass to the fast track with a new promise", async () => {
  const review = await b.submitted({ tier: 3, submission: { irreversible: true } });
  expect(review.lane).toBe("full_board");
  await sweep("2026-04-01T10:00:00Z");
  expect(await steps(review.ref)).toEqual(["missed: chair, deputy", "missed_2: boss", "missed_5: chair, deputy"]);
  // Three business days from 1 April, over Easter.
  expect(await getReview(b.as("viewer"), { ref: review.ref })).toMatchObject({
    lane: "fast_track",
    promisedOn: "2026-04-08",
    late: false,
    laneReasons: [expect.objectContaining({ rule: "promise_missed" }), expect.anything()],
  });
  await sweep("2026-04-08T16:01:00Z");
  expect((await steps(review.ref)).at(-1)).toBe("missed: chair, deputy");
});

test("while the author works no promise runs", async () => {
  const review = await b.submitted();
  await requestChanges(b.as("security"), { ref: review.ref, round: 1, text: "Say how it fails." });
  await sweep("2026-05-01T10:00:00Z");
  expect(await steps(review.ref)).toEqual([]);
});

test("an overdue condition goes to the owner's manager, then to heads and chair, and at 30 days suspends", async () => {
  const [unit] = await t.db.select().from(businessUnits).where(eq(businessUnits.id, b.unitId));
  const top = newId();
  await t.db.insert(businessUnits).values({ id: top, slug: "top", name: "Top", headId: boss });
  // The owner heads their own unit: the ladder goes on to the next one up, not round in a circle.
  await t.db.update(businessUnits).set({ parentId: top, headId: b.ids.owner }).where(eq(businessUnits.id, b.unitId));
  const review = await b.submitted();
  await b.voted(review.ref, "approve_with_conditions");
  const { conditions } = await recordDecision(b.as("chair"), {
    ref: review.ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [b.condition(), { ...b.condition(), kind: "after_release", text: "Report the first quarter." }],
  });
  const [first = "", second = ""] = conditions;
  await answerCondition(b.as("owner"), {
    ref: second,
    text: "Reported to the board.",
    evidenceUrl: "https://x.example/1",
  });
  await acceptCondition(b.as("deputy"), { ref: second });
  await sweep("2026-04-05T10:00:00Z");
  expect(await steps(review.ref)).toEqual([]);
  await sweep("2026-04-06T10:00:00Z");
  await sweep("2026-04-16T10:00:00Z");
  await sweep("2026-05-01T10:00:00Z");
  expect(await steps(review.ref)).toEqual([
    "CON overdue_5: boss",
    "CON overdue_15: boss, chair, deputy",
    "CON overdue_30: boss, chair, deputy",
  ]);
  expect(await escalateCondition(system(), { ref: first })).toEqual({ step: null });
  expect(await escalateCondition(system(), { ref: second })).toEqual({ step: null });
  await expect(escalateCondition(b.as("chair"), { ref: first })).rejects.toMatchObject({ code: "forbidden" });
  await t.db
    .update(businessUnits)
    .set({ parentId: null, headId: unit?.headId ?? null })
    .where(eq(businessUnits.id, b.unitId));
});

test("a post that nobody holds is told to those who can fill it", async () => {
  await t.db.update(people).set({ active: false }).where(eq(people.id, boss));
  const review = await b.submitted();
  await sweep("2026-03-18T17:01:00Z");
  expect(await steps(review.ref)).toEqual(["missed: chair, deputy", "missed_2: admin"]);
  await t.db.update(people).set({ active: true }).where(eq(people.id, boss));
});

test("a disagreement is settled by those it was put before, never by who raised it, and climbs while nobody does", async () => {
  const review = await b.submitted();
  const reason = "The veto rests on a test of another model; we ask for a vote on this one.";
  await expect(raiseDisagreement(b.as("viewer"), { ref: review.ref, reason })).rejects.toMatchObject({
    code: "forbidden",
  });
  await raiseDisagreement(b.as("chair"), { ref: review.ref, reason });
  await expect(raiseDisagreement(b.as("owner"), { ref: review.ref, reason })).rejects.toMatchObject({
    code: "conflict",
  });
  // The chair raised it, so it is put before the deputy alone.
  expect(await steps(review.ref)).toEqual(["raised: deputy"]);
  const answer = { ref: review.ref, answer: "The test is repeated on this model." };
  await expect(answerDisagreement(b.as("chair"), answer)).rejects.toMatchObject({ code: "forbidden" });
  await expect(answerDisagreement(b.as("risk"), answer)).rejects.toMatchObject({ code: "forbidden" });
  await sweep("2026-03-05T10:00:00Z");
  await sweep("2026-03-10T10:00:00Z");
  expect((await steps(review.ref)).filter((s) => !s.startsWith("missed"))).toEqual([
    "raised: deputy",
    "open_2: boss",
    "open_5: boss, risk",
  ]);
  await answerDisagreement(b.as("risk"), answer);
  await expect(answerDisagreement(b.as("risk"), answer)).rejects.toMatchObject({ code: "conflict" });
  await sweep("2026-03-12T10:00:00Z");
  expect((await steps(review.ref)).filter((one) => !one.startsWith("missed"))).toHaveLength(3);
  await raiseDisagreement(b.as("owner"), { ref: review.ref, reason });
  expect(await getReview(b.as("viewer"), { ref: review.ref })).toMatchObject({
    disagreement: { raisedBy: b.ids.owner, told: expect.arrayContaining([b.ids.chair, b.ids.deputy]) },
  });
});
