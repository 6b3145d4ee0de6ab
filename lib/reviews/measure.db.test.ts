import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { recordDecision } from "./decide";
import { requestChanges } from "./discuss";
import { boardMeasures, measureRows } from "./measure";
import { submitReview } from "./submit";
import { castVote } from "./vote";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
const at = (text: string) => {
  b.clock.at = new Date(text);
};
const decide = (ref: string, round: number, outcome = "approved") =>
  recordDecision(b.as("chair"), { ref, round, outcome, rationale, conditions: [] });

beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());

test("measures come from what happened: desks, hand-backs, reversals, mix and workload", async () => {
  // Handed in Monday at nine, decided Wednesday at nine: two business days on the board's desk.
  at("2026-03-02T09:00:00Z");
  const quick = await b.submitted({ tier: 2 });
  at("2026-03-04T09:00:00Z");
  for (const name of ["architect", "security"] as const)
    await castVote(b.as(name), { ref: quick.ref, round: 1, choice: "approve", reason: "" });
  await decide(quick.ref, 1);

  // Handed back on Thursday at one, in again on Friday at one, decided the Friday after at five.
  at("2026-03-05T09:00:00Z");
  const slow = await b.submitted({ tier: 1 });
  at("2026-03-05T13:00:00Z");
  await requestChanges(b.as("security"), { ref: slow.ref, round: 1, text: "Say how it fails." });
  at("2026-03-06T13:00:00Z");
  await submitReview(b.as("owner"), { ref: slow.ref });
  at("2026-03-20T17:00:00Z");
  await b.voted(slow.ref, "approve", 2);
  await decide(slow.ref, 2);
  await b.submitted({ tier: 2 });
  at("2026-03-23T17:00:00Z");

  const found = await boardMeasures(b.as("viewer"), { days: 90 });
  expect(found).toMatchObject({ decided: 2, open: 1, tooManyFull: null });
  expect(found.lanes.find((l) => l.lane === "fast_track")).toMatchObject({
    decided: 1,
    board: { median: 2 },
    submitter: { median: 0 },
    total: { median: 2 },
    inside: { n: 1, of: 1 },
    kept: null,
    oldest: { days: 1 },
  });
  expect(found.lanes.find((l) => l.lane === "full_board")).toMatchObject({
    board: { median: 0.5 + 0.5 + 10 },
    submitter: { median: 1 },
    total: { median: 12 },
    inside: { n: 0, of: 1 },
  });
  expect(Object.fromEntries(found.shares.map((s) => [s.id, `${s.n}/${s.of}`]))).toMatchObject({
    first_pass: "1/2",
    bounced: "1/2",
    unchanged: "1/2",
    reversed: "0/2",
  });
  expect(found.mix).toMatchObject([
    { lane: "self_service", n: 0 },
    { lane: "fast_track", n: 2, of: 3 },
    { lane: "full_board", n: 1 },
    { lane: "emergency", n: 0 },
  ]);
  expect(found.workload.find((w) => w.name === "security")).toMatchObject({ votes: 2, comments: 1 });
  const rows = await measureRows(b.as("viewer"), { measure: "first_pass", days: 90 });
  expect(rows.items.map((r) => [r.cycle.ref, r.meets])).toEqual([
    [quick.ref, true],
    [slow.ref, false],
  ]);
});

test("what one may not see is not counted, and a wrong question is refused", async () => {
  const { actor } = b.as("viewer");
  const within = (grants: typeof actor.grants) => ({ ...b.as("viewer"), actor: { ...actor, grants } });
  const elsewhere = within([{ role: "viewer", units: ["018f0000-0000-7000-8000-000000000000"] }]);
  expect(await boardMeasures(elsewhere, {})).toMatchObject({ decided: 0, open: 0 });
  await expect(boardMeasures(within([]), {})).rejects.toMatchObject({ code: "forbidden" });
  await expect(measureRows(b.as("viewer"), { measure: "luck" })).rejects.toMatchObject({ code: "invalid" });
  await expect(boardMeasures(b.as("viewer"), { unit: "nowhere" })).rejects.toMatchObject({ code: "invalid" });
});
