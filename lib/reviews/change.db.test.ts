import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { askForChange } from "./change";
import { recordDecision } from "./decide";
import { saveDraft } from "./draft";
import { getReview, getStanding } from "./queries";
import { submitReview } from "./submit";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());
beforeEach(() => {
  b.clock.at = new Date("2026-03-02T09:00:00Z");
});

const reason = "Serve it online instead of at night.";

async function approved() {
  const { ref, model } = await b.submitted();
  await b.voted(ref);
  await recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale });
  return { ref, model };
}

test("a change begins as the approved design reads, the board reads the difference, and its approval stands instead", async () => {
  const { ref, model } = await approved();
  b.clock.at = new Date("2026-04-02T09:00:00Z");
  const change = await askForChange(b.as("owner"), { ref, reason });
  const draft = await getReview(b.as("owner"), { ref: change.ref });
  expect(draft).toMatchObject({ status: "draft", base: { ref, changed: expect.arrayContaining(["asks"]) } });
  await saveDraft(b.as("owner"), {
    ref: change.ref,
    submission: { ...draft.submission, targetDate: "2026-06-01", servingType: "Online, on Databricks." },
  });
  await submitReview(b.as("owner"), { ref: change.ref });
  const read = await getReview(b.as("viewer"), { ref: change.ref });
  expect(read.base).toMatchObject({ ref, apart: [] });
  expect(read.base?.changed.sort()).toEqual(["asks", "changeType", "servingType"]);
  expect((await getStanding(b.as("viewer"), { model: model.name })).decision?.ref).toBe(ref);
  expect((await getReview(b.as("viewer"), { ref })).changeRequests).toEqual([{ ref: change.ref, status: "in_review" }]);
  await b.voted(change.ref);
  await recordDecision(b.as("chair"), { ref: change.ref, round: 1, outcome: "approved", rationale });
  expect((await getStanding(b.as("viewer"), { model: model.name })).decision?.ref).toBe(change.ref);
  await expect(askForChange(b.as("owner"), { ref, reason })).rejects.toMatchObject({
    code: "conflict",
    message: `${change.ref} was decided after ${ref}; ask for a change to that.`,
  });
});

test("one change at a time, of an approved design, by who may submit for its model", async () => {
  const { ref } = await approved();
  await expect(askForChange(b.as("viewer"), { ref, reason })).rejects.toMatchObject({ code: "forbidden" });
  const change = await askForChange(b.as("owner"), { ref, reason });
  await expect(askForChange(b.as("owner"), { ref, reason })).rejects.toMatchObject({
    code: "conflict",
    message: `${change.ref} asks for a change to ${ref} already. Go on there.`,
  });
  await expect(askForChange(b.as("owner"), { ref: change.ref, reason })).rejects.toMatchObject({ code: "conflict" });
});
