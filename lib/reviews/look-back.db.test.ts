import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reviews } from "@/db/schema/reviews";
import { myQueue } from "@/lib/queue/queries";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { recordDecision } from "./decide";
import { answerSurvey, lookBack } from "./look-back";
import { boardMeasures } from "./measure";
import { getReview } from "./queries";
import { castVote } from "./vote";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());

const decided = async (emergency: boolean) => {
  const review = await b.submitted({
    tier: 2,
    submission: emergency ? { emergency, emergencyReason: "INC-0042: scores are stuck at zero." } : {},
  });
  for (const name of ["architect", "security"] as const)
    await castVote(b.as(name), { ref: review.ref, round: 1, choice: "approve", reason: "" });
  await recordDecision(b.as("chair"), { ref: review.ref, round: 1, outcome: "approved", rationale, conditions: [] });
  return review;
};
const asksToLook = async (name: Parameters<Reviews["as"]>[0], ref: string) =>
  (await myQueue(b.as(name), {})).some((i) => i.ref === ref && i.action === "Look again");
const look = { outcome: "stands", text: "Read the change and its tests; the rollback works." };

test("an emergency is looked at within two business days, by someone of the board who took no part", async () => {
  const { ref } = await decided(true);
  // Decided on Monday 2 March.
  expect(await getReview(b.as("viewer"), { ref })).toMatchObject({ lane: "emergency", lookDueOn: "2026-03-04" });
  expect([await asksToLook("privacy", ref), await asksToLook("security", ref), await asksToLook("owner", ref)]).toEqual(
    [true, false, false],
  );
  for (const name of ["security", "chair", "owner", "viewer"] as const)
    await expect(lookBack(b.as(name), { ref, ...look })).rejects.toMatchObject({ code: "forbidden" });
  const both = await Promise.allSettled([
    lookBack(b.as("privacy"), { ref, ...look }),
    lookBack(b.as("risk"), { ref, ...look }),
  ]);
  expect(both.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await asksToLook("privacy", ref)).toBe(false);
});

test("a doubt is put before the chair and stands until it is settled", async () => {
  const { ref } = await decided(true);
  await lookBack(b.as("privacy"), { ref, ...look, outcome: "doubted" });
  expect(await getReview(b.as("viewer"), { ref })).toMatchObject({
    lookOutcome: "doubted",
    looker: "privacy",
    disagreement: { raisedBy: b.ids.privacy, told: expect.arrayContaining([b.ids.chair, b.ids.deputy]) },
  });
});

test("nothing else is looked at: neither a usual decision nor one that was not drawn", async () => {
  const { ref } = await decided(false);
  expect(await getReview(b.as("viewer"), { ref })).toMatchObject({ lookDueOn: null });
  await expect(lookBack(b.as("privacy"), { ref, ...look })).rejects.toMatchObject({ code: "conflict" });
});

test("those concerned are asked how it was; a second answer takes the place of the first; the board is not asked", async () => {
  const { ref } = await decided(false);
  await expect(answerSurvey(b.as("chair"), { ref, speed: 5 })).rejects.toMatchObject({ code: "forbidden" });
  await expect(answerSurvey(b.as("owner"), { ref })).rejects.toMatchObject({ code: "invalid" });
  await expect(answerSurvey(b.as("owner"), { ref, speed: 6 })).rejects.toMatchObject({
    faults: [expect.objectContaining({ field: "speed" })],
  });
  await answerSurvey(b.as("owner"), { ref, speed: 2, clarity: 4 });
  await answerSurvey(b.as("owner"), { ref, speed: 3, clarity: 4, text: "Say earlier what is missing." });
  expect(await getReview(b.as("owner"), { ref })).toMatchObject({
    mySurvey: { speed: 3, clarity: 4, usefulness: null },
  });
  expect(await boardMeasures(b.as("viewer"), {})).toMatchObject({
    survey: { answers: 1, speed: 3, clarity: 4, usefulness: null },
    looks: { asked: 2, done: 2, doubted: 1, overdue: 0 },
  });
  await t.db.update(reviews).set({ status: "withdrawn" }).where(eq(reviews.ref, ref));
  await expect(answerSurvey(b.as("owner"), { ref, speed: 1 })).rejects.toMatchObject({ code: "conflict" });
});
