import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { systemActor } from "@/lib/core/actor";
import { proposeAdr } from "@/lib/decisions/write";
import { recordEvidence } from "@/lib/evidence/upload";
import { testDatabase } from "@/lib/testing/database";
import { fullSubmission } from "@/lib/testing/full-submission";
import { adrText, type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { decideAutomatically } from "./automatic";
import { recordDecision } from "./decide";
import { addComment, changeLane, requestChanges } from "./discuss";
import { createDraft, saveDraft, withdrawReview } from "./draft";
import { draftNow } from "./draft-now";
import { findReviews } from "./list";
import { getReview } from "./queries";
import { sections } from "./sections";
import { questions } from "./submission";
import { submissionIn, submitReview } from "./submit";
import { castVote } from "./vote";

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

test("a draft may miss anything; submitting names everything that is missing", async () => {
  const model = await b.model({ tier: null });
  const draft = await createDraft(b.as("owner"), { model: model.name, title: "Bare" });
  await expect(submitReview(b.as("owner"), { ref: draft.ref })).rejects.toMatchObject({
    code: "invalid",
    faults: expect.arrayContaining([
      expect.objectContaining({ field: "tier" }),
      expect.objectContaining({ field: "asks" }),
      expect.objectContaining({ field: "newVendor" }),
    ]),
  });
  await saveDraft(b.as("owner"), { ref: draft.ref, submission: { asks: "x" }, revision: 1 });
  expect(await saveDraft(b.as("owner"), { ref: draft.ref, submission: { asks: "x" }, revision: 1 })).toEqual({
    ref: draft.ref,
    revision: 2,
  });
  await expect(
    saveDraft(b.as("owner"), { ref: draft.ref, submission: { asks: "y" }, revision: 1 }),
  ).rejects.toMatchObject({ code: "conflict" });
  expect(await b.entriesOf(draft.id, "review.draft.saved")).toBe(1);
  // The log takes what changed, not the whole draft again.
  await saveDraft(b.as("owner"), { ref: draft.ref, submission: { problem: "y" }, title: "Barer" });
  const saved = await t.db
    .select()
    .from(logEntries)
    .where(and(eq(logEntries.subjectId, draft.id), eq(logEntries.name, "review.draft.saved")));
  const bodies = saved.map((e) => JSON.parse(e.body?.toString("utf8") ?? ""));
  expect(bodies.sort((a, b) => a.revision - b.revision)).toEqual([
    { revision: 2, changed: { asks: "x" }, emptied: [] },
    { revision: 3, title: "Barer", changed: { problem: "y" }, emptied: ["asks"] },
  ]);
});

test("tier 4 needs the brief sections only, and no decision record", async () => {
  const model = await b.model({ tier: 4 });
  const first = sections.filter((s) => s.brief);
  const asked = [...first.map((s) => s.id), ...first.flatMap((s) => s.parts.map((p): string => p.id))];
  const brief = Object.fromEntries(asked.map((id) => [id, "short"]));
  const answers = Object.fromEntries(questions.map((q) => [q.id, false]));
  const draft = await createDraft(b.as("owner"), {
    model: model.name,
    title: "Small",
    submission: {
      ...brief,
      ...answers,
      changeType: "new_model",
      system: "Cards",
      sponsor: "Head of Cards",
      targetDate: "2026-06-01",
    },
  });
  expect(await submitReview(b.as("owner"), { ref: draft.ref })).toMatchObject({
    lane: "fast_track",
    promisedOn: "2026-03-05",
  });
});

test("submitting pins digests, says the lane and its reasons, and promises a day", async () => {
  const review = await b.submitted();
  expect(review).toMatchObject({ lane: "full_board", promisedOn: "2026-03-16", round: 1 });
  const read = await getReview(b.as("viewer"), { ref: review.ref });
  expect(read).toMatchObject({
    status: "in_review",
    daysLeft: 10,
    pins: {
      adr: review.adr.digest,
      submission: review.digest,
      pattern: null,
      assessment: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
  expect(read.tally).toMatchObject({ quorate: false, base: 7 });
});

test("changes requested, resubmitted: the next round, the clock runs on, old votes and old readers are stale", async () => {
  const { ref } = await b.submitted();
  await b.voted(ref);
  await requestChanges(b.as("security"), { ref, round: 1, text: "Describe the exit from the supplier." });
  await expect(castVote(b.as("chair"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "conflict",
  });
  b.clock.at = new Date("2026-03-04T09:00:00Z");
  await saveDraft(b.as("owner"), { ref, submission: fullSubmission({ thirdParties: "We leave within a month." }) });
  expect(await submitReview(b.as("owner"), { ref })).toMatchObject({ round: 2, promisedOn: "2026-03-16" });
  await expect(castVote(b.as("chair"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("round 2 now"),
  });
  await expect(recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale })).rejects.toMatchObject({
    code: "conflict",
  });
  const read = await getReview(b.as("viewer"), { ref });
  expect(read.votes).toEqual([]);
  expect(read.rounds[1]?.changed).toEqual(["thirdParties"]);
});

test("lanes: raised freely, lowered with a reason; a raised lane survives resubmission", async () => {
  const { ref } = await b.submitted({ tier: 2 });
  expect(await changeLane(b.as("security"), { ref, lane: "full_board" })).toMatchObject({ promisedOn: "2026-03-16" });
  await expect(changeLane(b.as("security"), { ref, lane: "fast_track" })).rejects.toMatchObject({ code: "invalid" });
  await expect(
    changeLane(b.as("security"), { ref, lane: "self_service", reason: "it is harmless" }),
  ).rejects.toMatchObject({ code: "conflict" });
  await expect(changeLane(b.as("owner"), { ref, lane: "fast_track", reason: "it is harmless" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await requestChanges(b.as("security"), { ref, round: 1, text: "Please describe the data." });
  expect(await submitReview(b.as("owner"), { ref })).toMatchObject({ lane: "full_board" });
});

test.each<[string, (ref: string) => Promise<unknown>, string]>([
  ["a viewer votes", (ref) => castVote(b.as("viewer"), { ref, round: 1, choice: "approve" }), "forbidden"],
  ["an administrator votes", (ref) => castVote(b.as("admin"), { ref, round: 1, choice: "approve" }), "forbidden"],
  [
    "an administrator decides",
    (ref) => recordDecision(b.as("admin"), { ref, round: 1, outcome: "rejected", rationale }),
    "forbidden",
  ],
  [
    "a member decides",
    (ref) => recordDecision(b.as("security"), { ref, round: 1, outcome: "rejected", rationale }),
    "forbidden",
  ],
  [
    "an agent decides",
    (ref) =>
      recordDecision(
        { ...b.as("chair"), actor: { ...b.as("chair").actor, kind: "agent" } },
        { ref, round: 1, outcome: "rejected", rationale },
      ),
    "forbidden",
  ],
  [
    "an agent votes",
    (ref) =>
      castVote(
        { ...b.as("chair"), actor: { ...b.as("chair").actor, kind: "agent" } },
        { ref, round: 1, choice: "approve" },
      ),
    "forbidden",
  ],
  [
    "the portal decides what people must",
    (ref) => decideAutomatically({ ...b.as("chair"), actor: systemActor }, { ref }),
    "conflict",
  ],
  ["the owner edits what is in review", (ref) => saveDraft(b.as("owner"), { ref, title: "Changed" }), "conflict"],
  ["submitted twice", (ref) => submitReview(b.as("owner"), { ref }), "conflict"],
  [
    "a short rationale",
    (ref) => recordDecision(b.as("chair"), { ref, round: 1, outcome: "rejected", rationale: "no" }),
    "invalid",
  ],
  [
    "an unknown outcome",
    (ref) => recordDecision(b.as("chair"), { ref, round: 1, outcome: "maybe", rationale }),
    "invalid",
  ],
  ["an unknown section", (ref) => addComment(b.as("security"), { ref, section: "nope", text: "x" }), "invalid"],
  ["an unknown review", () => getReview(b.as("viewer"), { ref: "REV-99999" }), "not_found"],
])("%s: refused", async (_, call, code) => {
  const { ref } = await b.submitted();
  await expect((async () => call(ref))()).rejects.toMatchObject({ name: "Refusal", code });
});

test("someone whose roles reach another unit sees and does nothing here", async () => {
  const { ref } = await b.submitted();
  const elsewhere = {
    ...b.as("security"),
    actor: {
      ...b.as("security").actor,
      grants: [{ role: "security" as const, units: ["00000000-0000-4000-8000-000000000000"] }],
    },
  };
  await expect(getReview(elsewhere, { ref })).rejects.toMatchObject({ code: "not_found" });
  await expect(castVote(elsewhere, { ref, round: 1, choice: "approve" })).rejects.toMatchObject({ code: "forbidden" });
  expect((await findReviews(elsewhere, {})).items).toEqual([]);
});

test("a withdrawn review stays on record and takes no more votes", async () => {
  const { ref } = await b.submitted();
  await withdrawReview(b.as("owner"), { ref, reason: "The supplier was dropped." });
  await expect(castVote(b.as("chair"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(withdrawReview(b.as("owner"), { ref, reason: "The supplier was dropped." })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("attachments go by digest: only what was uploaded, with the store's size, and fixed by submitting", async () => {
  const model = await b.model({ tier: 4 });
  const stored = await recordEvidence(b.as("owner"), {
    sha256: "a".repeat(64),
    name: "plan.txt",
    mediaType: "text/plain",
    size: 12,
  });
  const attach = (sha256: string) =>
    fullSubmission({ attachments: [{ name: "plan.txt", sha256, size: 999_999 }], changeType: "new_model" });
  await expect(
    createDraft(b.as("owner"), { model: model.name, title: "Files", submission: attach("b".repeat(64)) }),
  ).rejects.toMatchObject({ code: "invalid", faults: [{ field: "submission.attachments.0.sha256" }] });
  const { ref } = await createDraft(b.as("owner"), {
    model: model.name,
    title: "Files",
    submission: attach(stored.sha256),
  });
  const adr = await proposeAdr(b.as("owner"), { content: adrText("Files"), model: model.name });
  await saveDraft(b.as("owner"), { ref, adr: adr.ref });
  const { round } = await submitReview(b.as("owner"), { ref });
  const read = await getReview(b.as("viewer"), { ref });
  expect(read.rounds.find((r) => r.round === round)?.submission.attachments).toEqual([
    { name: "plan.txt", sha256: stored.sha256, size: 12, mediaType: "text/plain" },
  ]);
  await expect(
    saveDraft(b.as("owner"), { ref, submission: fullSubmission({ attachments: [] }) }),
  ).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("its submission is fixed"),
  });
});

test("a stale draft is refused, and whoever edits it learns what stands now and who saved it", async () => {
  const model = await b.model({ tier: 4 });
  const { ref } = await createDraft(b.as("owner"), { model: model.name, title: "Two hands" });
  await saveDraft(b.as("owner"), { ref, submission: { asks: "first" }, revision: 1 });
  await expect(saveDraft(b.as("owner"), { ref, submission: { asks: "second" }, revision: 1 })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await draftNow(b.as("owner"), { ref })).toMatchObject({
    revision: 2,
    draft: { title: "Two hands", submission: { asks: "first" } },
  });
  expect(await draftNow(b.as("viewer"), { ref })).toBeNull();
});

test("what was fixed before fields were added still reads", () => {
  const old = {
    v: "countersign/submission/v1",
    review: "REV-0001",
    submission: { asks: "a", risks: "b", newVendor: false },
  };
  expect(submissionIn(Buffer.from(JSON.stringify(old)))).toEqual(old.submission);
});

test("triage reads the list of deviations: one that is bounded goes fast, one from a required control to the board, an unknown one nowhere", async () => {
  const row = { what: "Served in the engine's process.", why: "Latency.", adr: "ADR-0001" };
  const deviations = (control?: string) => ({ deviations: [{ ...row, ...(control ? { control } : {}) }] });
  const fast = await b.submitted({ tier: 2, submission: deviations() });
  expect(fast).toMatchObject({ lane: "fast_track" });
  expect(fast.reasons.map((r) => r.rule)).toContain("deviation_listed");
  const full = await b.submitted({ tier: 2, submission: deviations("rel-3") });
  expect(full.lane).toBe("full_board");
  expect(full.reasons).toEqual([
    { rule: "deviation_from_control", text: expect.stringContaining("the mandatory control rel-3 (") },
  ]);
  const read = await getReview(b.as("viewer"), { ref: full.ref });
  expect(read.triageVersion).toBe("2026-11.2");
  await expect(b.submitted({ tier: 2, submission: deviations("no-such-item") })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "deviations", message: expect.stringContaining("no readiness item") }],
  });
});
