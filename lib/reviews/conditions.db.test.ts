import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { acceptCondition, answerCondition, extendCondition, returnCondition } from "./condition";
import { recordDecision } from "./decide";
import { addComment } from "./discuss";
import { answerFinding, raiseFinding, reopenFinding, resolveFinding, verifyFinding } from "./finding";
import { findConditions } from "./list";
import { getReview } from "./queries";
import { standing } from "./standing";
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

test("the whole way: findings, votes, a decision with a condition that closes a finding, evidence, acceptance", async () => {
  const review = await b.submitted();
  const { ref } = review;
  await addComment(b.as("privacy"), { ref, section: "data", text: "Which region?" });
  const finding = await raiseFinding(b.as("security"), {
    ref,
    round: 1,
    title: "Retention too long",
    text: "Thirty days are too many.",
    severity: "must_fix",
    section: "data",
  });
  await answerFinding(b.as("owner"), { ref: finding.ref, text: "An addendum comes." });
  await declareRecusal(b.as("compliance"), { ref, reason: "I wrote the reference design." });
  await b.voted(ref, "approve_with_conditions");
  await expect(
    recordDecision(b.as("chair"), {
      ref,
      round: 1,
      outcome: "approved_with_conditions",
      rationale,
      conditions: [b.condition()],
    }),
  ).rejects.toMatchObject({
    message: expect.stringContaining(`${finding.ref} must be fixed`),
  });
  await t.db.execute(sql`delete from job where name = 'decisions.check'`);
  const decided = await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [{ ...b.condition(), closes: finding.ref }],
  });
  // What the accepted record expects is looked at from now on.
  const { rows: waiting } = await t.db.execute(sql`select state from job where name = 'decisions.check'`);
  expect(waiting).toEqual([{ state: "waiting" }]);
  expect(decided).toMatchObject({
    status: "approved_with_conditions",
    validUntil: "2027-03-02",
    adrAccepted: review.adr.ref,
  });
  const [con = ""] = decided.conditions;

  const now = await standing(t.db, review.model.id, b.clock.at);
  expect(now.decision).toMatchObject({
    ref,
    outcome: "approved_with_conditions",
    digest: decided.digest,
    adrDigest: review.adr.digest,
    submittedBy: b.ids.owner,
  });
  expect(now.conditions).toMatchObject([{ ref: con, status: "open", overdue: false }]);
  expect((await standing(t.db, review.model.id, new Date("2026-04-02T00:00:00Z"))).conditions[0]?.overdue).toBe(true);
  const lapsed = await standing(t.db, review.model.id, new Date("2027-03-03T00:00:00Z"));
  expect(lapsed).toMatchObject({ decision: null, lapsed: { ref, validUntil: "2027-03-02" } });

  await expect(acceptCondition(b.as("deputy"), { ref: con })).rejects.toMatchObject({ code: "conflict" });
  await expect(answerCondition(b.as("owner"), { ref: con, text: "Drilled in eleven minutes." })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(
    answerCondition(b.as("owner"), { ref: con, text: "Drilled in eleven minutes.", evidenceSha256: "a".repeat(64) }),
  ).rejects.toMatchObject({ code: "invalid" });
  await answerCondition(b.as("owner"), {
    ref: con,
    text: "Drilled in eleven minutes.",
    evidenceUrl: "https://wiki.example/drill",
  });
  await returnCondition(b.as("deputy"), { ref: con, reason: "The log of the drill is missing." });
  await extendCondition(b.as("deputy"), { ref: con, dueOn: "2026-05-01", reason: "The drill is repeated in April." });
  await answerCondition(b.as("owner"), {
    ref: con,
    text: "Drilled again, log attached.",
    evidenceUrl: "https://wiki.example/drill2",
  });
  await acceptCondition(b.as("chair"), { ref: con });
  await expect(acceptCondition(b.as("chair"), { ref: con })).rejects.toMatchObject({ code: "conflict" });

  const read = await getReview(b.as("viewer"), { ref });
  expect(read.findings).toMatchObject([{ ref: finding.ref, status: "verified" }]);
  expect(read.conditions).toMatchObject([{ status: "closed", dueOn: "2026-05-01", firstDueOn: "2026-04-01" }]);
  expect(read.recusals).toMatchObject([{ name: "compliance" }]);
  expect(read.history.map((e) => e.name)).toContain("review.decision.recorded");
});

test("findings: the owner resolves, a member verifies or reopens, never who resolved it", async () => {
  const { ref } = await b.submitted();
  await expect(
    raiseFinding(b.as("owner"), { ref, round: 1, title: "Mine to raise", text: "Something is off.", severity: "note" }),
  ).rejects.toMatchObject({ code: "forbidden" });
  const finding = await raiseFinding(b.as("privacy"), {
    ref,
    round: 1,
    title: "No notice",
    text: "People are not told.",
    severity: "must_fix",
  });
  await expect(verifyFinding(b.as("privacy"), { ref: finding.ref })).rejects.toMatchObject({ code: "conflict" });
  await expect(resolveFinding(b.as("privacy"), { ref: finding.ref, resolution: "I say it is." })).rejects.toMatchObject(
    { code: "forbidden" },
  );
  await resolveFinding(b.as("owner"), { ref: finding.ref, resolution: "A notice was added." });
  await reopenFinding(b.as("privacy"), { ref: finding.ref, reason: "Not in the mobile app." });
  await resolveFinding(b.as("owner"), { ref: finding.ref, resolution: "Added there too." });
  await expect(verifyFinding(b.as("owner"), { ref: finding.ref })).rejects.toMatchObject({ code: "forbidden" });
  expect(await verifyFinding(b.as("privacy"), { ref: finding.ref })).toMatchObject({ status: "verified" });
});

test("the condition's owner, who answered, or a party cannot accept it", async () => {
  const { ref } = await b.submitted();
  await b.voted(ref, "approve_with_conditions");
  const { conditions } = await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [{ ...b.condition(), owner: b.ids.deputy }],
  });
  const [con = ""] = conditions;
  await answerCondition(b.as("owner"), {
    ref: con,
    text: "Done and documented.",
    evidenceUrl: "https://wiki.example/x",
  });
  await expect(acceptCondition(b.as("deputy"), { ref: con })).rejects.toMatchObject({ code: "forbidden" });
  await expect(acceptCondition(b.as("owner"), { ref: con })).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    extendCondition(b.as("deputy"), { ref: con, dueOn: "2026-06-01", reason: "I need more time." }),
  ).rejects.toMatchObject({ code: "forbidden" });
  expect(await acceptCondition(b.as("chair"), { ref: con })).toMatchObject({ status: "closed" });
});

test.each<[string, object]>([
  ["no owner", { owner: "" }],
  ["an owner nobody knows", { owner: "nobody@halden.example" }],
  ["no due date", { dueOn: undefined }],
  ["due in the past", { dueOn: "2026-03-01" }],
  ["closing a finding of another review", { closes: "FND-9999" }],
])("a condition with %s is refused and nothing is written", async (_, set) => {
  const { ref } = await b.submitted();
  await b.voted(ref, "approve_with_conditions");
  const refused = recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [{ ...b.condition(), ...set }],
  });
  await expect(refused).rejects.toMatchObject({ name: "Refusal" });
  expect((await getReview(b.as("viewer"), { ref })).decisions).toEqual([]);
});

test("conditions are paged by the day they are due", async () => {
  const { ref } = await b.submitted();
  await b.voted(ref, "approve_with_conditions");
  await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [b.condition(), { ...b.condition(), dueOn: "2026-05-01" }],
  });
  const first = await findConditions(b.as("viewer"), { limit: 1 });
  const second = await findConditions(b.as("viewer"), { limit: 1, after: first.next });
  expect(first.items[0]?.dueOn).toBe("2026-04-01");
  expect(second.items[0]?.ref).not.toBe(first.items[0]?.ref);
});
