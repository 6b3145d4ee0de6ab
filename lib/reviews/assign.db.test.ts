import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readBoard } from "@/lib/board/queries";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { assignReviewer, readExpertise, sayExpertise, suggestReviewers, unassignReviewer } from "./assign";
import { recordDecision } from "./decide";
import { requestChanges } from "./discuss";
import { findReviews } from "./list";
import { getReview } from "./queries";
import { submitReview } from "./submit";
import { declareRecusal } from "./vote";

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

test("people say what they know; of others the chair or an architect does", async () => {
  await sayExpertise(b.as("security"), { person: "me", fields: ["security", "agent"] });
  expect(await readExpertise(b.as("security"), { person: "me" })).toMatchObject({
    fields: expect.arrayContaining(["agent", "security"]),
  });
  await sayExpertise(b.as("security"), { person: "me", fields: ["security"] });
  expect((await readExpertise(b.as("security"), { person: "me" })).fields).toEqual(["security"]);
  await expect(sayExpertise(b.as("risk"), { person: b.ids.security, fields: [] })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(sayExpertise(b.as("admin"), { person: b.ids.security, fields: [] })).rejects.toMatchObject({
    code: "forbidden",
    message: "People say what they know themselves; of others, the chair or an architect does.",
  });
  await sayExpertise(b.as("architect"), { person: b.ids.security, fields: ["security", "suppliers"] });
  expect((await readExpertise(b.as("chair"), { person: b.ids.security })).fields.sort()).toEqual([
    "security",
    "suppliers",
  ]);
  const { members } = await readBoard(b.as("viewer"), {}).then((board) => ({
    members: board.seats.flatMap((s) => s.holders),
  }));
  expect(members.find((m) => m.personId === b.ids.security)?.knows).toEqual(["security", "suppliers"]);
  await sayExpertise(b.as("chair"), { person: b.ids.security, fields: ["security"] });
  await sayExpertise(b.as("risk"), { person: "me", fields: ["validation"] });
});

test("the suggestion explains itself; naming records expertise, independence and standing", async () => {
  const { ref } = await b.submitted({ submission: { newVendor: true } });
  const { suggested } = await suggestReviewers(b.as("viewer"), { ref });
  expect(suggested.map((s) => s.personId)).not.toContain(b.ids.owner);
  expect(suggested[0]).toMatchObject({
    why: expect.stringMatching(/^Knows (security|model validation); no other open/),
  });
  await expect(assignReviewer(b.as("security"), { ref, person: b.ids.risk })).rejects.toMatchObject({
    code: "forbidden",
    message: "The chair or an architect names reviewers.",
  });
  await expect(assignReviewer(b.as("chair"), { ref, person: b.ids.owner })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining(`has a stake in ${ref}`),
  });
  await assignReviewer(b.as("chair"), { ref, person: b.ids.security });
  const read = await getReview(b.as("viewer"), { ref });
  expect(read.reviewers).toMatchObject([
    {
      personId: b.ids.security,
      expertise: "Security",
      independence: "Not a party to it, not recused",
      standing: "Security seat",
    },
  ]);
  expect(await b.entriesOf(read.id, "review.reviewer.assigned")).toBe(1);
  await assignReviewer(b.as("chair"), { ref, person: b.ids.security });
  expect(await b.entriesOf(read.id, "review.reviewer.assigned")).toBe(1);
  expect((await findReviews(b.as("viewer"), { q: ref })).items[0]?.reviewers).toHaveLength(1);
  await unassignReviewer(b.as("chair"), { ref, person: b.ids.security, reason: "On leave until May." });
  expect((await getReview(b.as("viewer"), { ref })).reviewers).toEqual([]);
});

test("someone who stood aside is not named", async () => {
  const { ref } = await b.submitted();
  await declareRecusal(b.as("risk"), { ref, reason: "My sister built the vendor's model." });
  await expect(assignReviewer(b.as("chair"), { ref, person: b.ids.risk })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("is recused from"),
  });
});

test("clocks: the board's working time and the author's sum to the whole, and stop with the decision", async () => {
  const { ref } = await b.submitted();
  b.clock.at = new Date("2026-03-04T09:00:00Z");
  await requestChanges(b.as("security"), { ref, round: 1, text: "Describe the exit from the supplier." });
  b.clock.at = new Date("2026-03-05T09:00:00Z");
  await submitReview(b.as("owner"), { ref });
  b.clock.at = new Date("2026-03-06T09:00:00Z");
  await b.voted(ref, "approve", 2);
  await recordDecision(b.as("chair"), { ref, round: 2, outcome: "approved", rationale });
  b.clock.at = new Date("2026-05-06T09:00:00Z");
  const { clocks } = await getReview(b.as("viewer"), { ref });
  const day = clocks?.perDay ?? 0;
  expect(clocks).toMatchObject({ board: 3 * day, submitter: day, total: 4 * day });
  const [listed] = (await findReviews(b.as("viewer"), { view: "decided", q: ref })).items;
  expect(listed?.clocks).toEqual(clocks);
});
