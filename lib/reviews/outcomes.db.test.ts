import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { proposeAdr } from "@/lib/decisions/write";
import { testDatabase } from "@/lib/testing/database";
import { fullSubmission } from "@/lib/testing/full-submission";
import { adrText, type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { recordDecision } from "./decide";
import { createDraft, saveDraft, withdrawReview } from "./draft";
import { findReviews } from "./list";
import { sayNotRequired } from "./not-required";
import { getReview } from "./queries";
import type { Outcome } from "./review";
import { standing } from "./standing";
import { submitReview } from "./submit";
import { castVote, declareRecusal } from "./vote";

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

const reason = "The change touches the colour of a report and nothing else.";
const decide = (ref: string, outcome: Outcome, more: object = {}, round = 1) =>
  recordDecision(b.as("chair"), { ref, round, outcome, rationale, ...more });

/** Another review of a model that was decided before. */
async function again(model: string): Promise<string> {
  const adr = await proposeAdr(b.as("owner"), { content: adrText(`Again for ${model}`), model });
  const { ref } = await createDraft(b.as("owner"), {
    model,
    title: "A small change",
    adr: adr.ref,
    submission: fullSubmission(),
  });
  await submitReview(b.as("owner"), { ref });
  return ref;
}

test.each<[Outcome, string, object]>([
  ["approved", "approve", {}],
  ["approved_with_conditions", "approve_with_conditions", { conditions: true }],
  ["rejected", "reject", {}],
])("%s ends the review on the record: no further vote, decision, withdrawal or edit", async (outcome, choice, more) => {
  const { ref, model } = await b.submitted({ tier: 2 });
  await b.voted(ref, choice);
  const set = "conditions" in more ? { conditions: [b.condition()] } : {};
  expect(await decide(ref, outcome, set)).toMatchObject({ status: outcome });
  expect((await standing(t.db, model.id, b.clock.at)).decision).toMatchObject({ ref, outcome });
  const words = outcome.replaceAll("_", " ");
  for (const late of [
    () => castVote(b.as("risk"), { ref, round: 1, choice: "approve" }),
    () => decide(ref, "approved"),
    () => withdrawReview(b.as("owner"), { ref, reason: "Not wanted any more." }),
    () => saveDraft(b.as("owner"), { ref, submission: fullSubmission() }),
    () => sayNotRequired(b.as("chair"), { ref, round: 1, reason }),
  ])
    await expect(late()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(words) });
});

test("deferred decides nothing, names a day, and happens once", async () => {
  const { ref, model } = await b.submitted({ tier: 2 });
  await expect(decide(ref, "deferred")).rejects.toMatchObject({ message: expect.stringContaining("by when") });
  expect(await decide(ref, "deferred", { until: "2026-03-20" })).toMatchObject({ status: "deferred" });
  expect((await standing(t.db, model.id, b.clock.at)).decision).toBeNull();
  await submitReview(b.as("owner"), { ref });
  await expect(decide(ref, "deferred", { until: "2026-04-20" }, 2)).rejects.toMatchObject({
    message: expect.stringContaining("deferred once already"),
  });
});

test("withdrawn ends it without a decision, and its model is free again", async () => {
  const { ref, model } = await b.submitted({ tier: 2 });
  expect(await withdrawReview(b.as("owner"), { ref, reason: "We build it otherwise." })).toMatchObject({
    status: "withdrawn",
  });
  await expect(decide(ref, "approved")).rejects.toMatchObject({ message: expect.stringContaining("withdrawn") });
  expect((await standing(t.db, model.id, b.clock.at)).decision).toBeNull();
  await again(model.name);
});

test("not required is refused where the gate asks for a decision and none is in force", async () => {
  const { ref, model } = await b.submitted({ tier: 2 });
  await expect(sayNotRequired(b.as("chair"), { ref, round: 1, reason })).rejects.toMatchObject({
    code: "conflict",
    message: `The gate asks for a decision on ${model.name}, and no approval is in force; the board has to decide.`,
  });
  const rejected = await b.submitted({ tier: 2 });
  await b.voted(rejected.ref, "reject");
  await decide(rejected.ref, "rejected");
  await expect(
    sayNotRequired(b.as("chair"), { ref: await again(rejected.model.name), round: 1, reason }),
  ).rejects.toMatchObject({ code: "conflict" });
});

test("not required, by the chair with a reason and before any vote, leaves what stood as it stood until its own end", async () => {
  const { ref: first, model } = await b.submitted({ tier: 2 });
  await b.voted(first);
  const { digest, validUntil } = await decide(first, "approved");
  b.clock.at = new Date("2026-06-01T09:00:00Z");
  const ref = await again(model.name);
  const say = (name: Parameters<Reviews["as"]>[0], set: object = {}) =>
    sayNotRequired(b.as(name), { ref, round: 1, reason, ...set });
  await expect(say("security")).rejects.toMatchObject({ code: "forbidden", message: expect.stringContaining("chair") });
  await expect(say("owner")).rejects.toMatchObject({ code: "forbidden" });
  await expect(say("chair", { reason: "small" })).rejects.toMatchObject({ code: "invalid" });
  await expect(say("chair", { round: 2 })).rejects.toMatchObject({ code: "conflict" });
  await declareRecusal(b.as("deputy"), { ref, reason: "My team built it." });
  await expect(say("deputy")).rejects.toMatchObject({ code: "forbidden", message: expect.stringContaining("recused") });
  expect(await say("chair")).toMatchObject({ status: "not_required" });

  expect((await standing(t.db, model.id, b.clock.at)).decision).toMatchObject({ ref: first, digest, validUntil });
  const read = await getReview(b.as("viewer"), { ref });
  expect(read).toMatchObject({ status: "not_required", decisions: [{ outcome: "not_required", validUntil: null }] });
  expect(read.adr?.status).toBe("proposed");
  expect((await findReviews(b.as("viewer"), { view: "decided", status: "not_required" })).items).toMatchObject([
    { ref },
  ]);
  await expect(say("chair")).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("not required"),
  });
  // The approval that stood ends on its day all the same, and then the gate asks for a decision again.
  expect((await standing(t.db, model.id, new Date("2027-03-03T09:00:00Z"))).decision).toBeNull();
});

test("once somebody voted, the board decides it; a tier that the gate asks nothing of needs no approval before", async () => {
  const { ref: first, model } = await b.submitted({ tier: 2 });
  await b.voted(first);
  await decide(first, "approved");
  const ref = await again(model.name);
  await castVote(b.as("security"), { ref, round: 1, choice: "reject", reason: "It touches more than it says." });
  await expect(sayNotRequired(b.as("chair"), { ref, round: 1, reason })).rejects.toMatchObject({
    code: "conflict",
    message: `One vote was cast on ${ref} in this round, so the board decides it.`,
  });
  const small = await b.submitted({ tier: 4 });
  expect(await sayNotRequired(b.as("chair"), { ref: small.ref, round: 1, reason })).toMatchObject({
    status: "not_required",
  });
});
