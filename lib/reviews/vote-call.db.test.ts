import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { recordDecision } from "./decide";
import { getReview } from "./queries";
import { castVote } from "./vote";
import { openVote, voteJobs } from "./vote-call";

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
const closing = () => voteJobs["votes.close"]?.({ ...b.as("viewer"), actor: systemActor }, {});
const call = (ref: string, closesAt = "2026-03-04T15:00:00Z") => openVote(b.as("chair"), { ref, round: 1, closesAt });

test("votes after closing are refused, silence is not yes, and who was silent is reported once", async () => {
  const { ref } = await b.submitted();
  await call(ref);
  await castVote(b.as("chair"), { ref, round: 1, choice: "approve" });
  b.clock.at = new Date("2026-03-04T14:59:59Z");
  await castVote(b.as("security"), { ref, round: 1, choice: "approve" });
  await closing();
  b.clock.at = new Date("2026-03-04T15:00:00Z");
  await expect(castVote(b.as("risk"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "conflict",
    message: `Voting on ${ref} closed on 4 Mar 2026 15:00 UTC. The chair can open it anew.`,
  });
  await closing();
  await closing();
  const read = await getReview(b.as("owner"), { ref });
  expect(read).toMatchObject({ votingOver: true });
  expect(await b.entriesOf(read.id, "review.vote.closed")).toBe(1);
  expect(read.history.find((e) => e.name === "review.vote.closed")?.summary).toContain(
    "silent: model risk, privacy, compliance, architecture, operations",
  );
  // Two of seven seats spoke: no quorum by silence.
  await expect(recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("model risk seat has not voted"),
  });
  await call(ref, "2026-03-05T15:00:00Z");
  await b.voted(ref);
  expect(await recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale })).toMatchObject({
    outcome: "approved",
  });
});

test("a decided review has no closing to report; the time lies ahead, and only the chair sets it", async () => {
  const { ref } = await b.submitted();
  await expect(call(ref, "2026-03-02T09:30:00Z")).rejects.toMatchObject({ faults: [{ field: "closesAt" }] });
  await expect(call(ref, "2026-05-02T09:30:00Z")).rejects.toMatchObject({ faults: [{ field: "closesAt" }] });
  await expect(openVote(b.as("security"), { ref, round: 1, closesAt: "2026-03-04T15:00:00Z" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await call(ref);
  await b.voted(ref);
  await recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale });
  b.clock.at = new Date("2026-03-05T00:00:00Z");
  await closing();
  const { id } = await getReview(b.as("owner"), { ref });
  expect(await b.entriesOf(id, "review.vote.closed")).toBe(0);
});
