import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { reviewDecisions } from "@/db/schema/reviews";
import { systemActor } from "@/lib/core/actor";
import { proposeAdr, reviseAdr } from "@/lib/decisions/write";
import { type Board, testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { testKeys } from "@/lib/testing/keys";
import { decideAutomatically } from "./automatic";
import { acceptCondition, answerCondition, extendCondition, returnCondition } from "./condition";
import { recordDecision } from "./decide";
import { addComment, changeLane, requestChanges } from "./discuss";
import { createDraft, saveDraft, withdrawReview } from "./draft";
import { answerFinding, raiseFinding, reopenFinding, resolveFinding, verifyFinding } from "./finding";
import { findConditions, findReviews } from "./list";
import { getReview } from "./queries";
import { standing } from "./standing";
import { questions, type Submission, sections } from "./submission";
import { submitReview } from "./submit";
import { castVote, declareRecusal } from "./vote";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Board;
beforeAll(async () => {
  t = await testDatabase();
  await testKeys(t.db);
  b = await testBoard(t.db);
});
afterAll(() => t.drop());
beforeEach(() => {
  b.clock.at = new Date("2026-03-02T09:00:00Z");
});

const full = (set: Submission = {}): Submission => ({
  ...(Object.fromEntries(sections.map((s) => [s.id, `About ${s.title.toLowerCase()}.`])) as Submission),
  ...(Object.fromEntries(questions.map((q) => [q.id, false])) as Submission),
  changeType: "new_model",
  sponsor: "Head of Cards",
  ...set,
});
const record = (title: string) => `# ${title}\n\n## Context\nc\n\n## Decision\nd\n\n## Confirmation\ne\n`;
const rationale = "The evaluation holds and the rollback was tried.";

async function submitted(set: { tier?: number; submission?: Submission } = {}) {
  const model = await b.model({ tier: set.tier ?? 1 });
  const adr = await proposeAdr(b.as("owner"), { content: record(`For ${model.name}`), model: model.name });
  const draft = await createDraft(b.as("owner"), {
    model: model.name,
    title: "A review",
    adr: adr.ref,
    submission: full(set.submission),
  });
  return { ...(await submitReview(b.as("owner"), { ref: draft.ref })), model, adr };
}
const voter = ["chair", "security", "risk", "architect"] as const;
async function voted(ref: string, choice = "approve", round = 1) {
  for (const name of voter)
    await castVote(b.as(name), { ref, round, choice, reason: choice === "reject" ? "not safe enough yet" : "" });
}
const condition = () => ({
  text: "Drill the rollback before release.",
  kind: "before_release",
  owner: b.ids.owner,
  dueOn: "2026-04-01",
});
const entriesOf = async (id: string, name: string) =>
  (
    await t.db
      .select()
      .from(logEntries)
      .where(and(eq(logEntries.subjectId, id), eq(logEntries.name, name)))
  ).length;

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
  expect(await entriesOf(draft.id, "review.draft.saved")).toBe(1);
});

test("tier 4 needs the brief sections only, and no decision record", async () => {
  const model = await b.model({ tier: 4 });
  const brief = Object.fromEntries(sections.filter((s) => s.brief).map((s) => [s.id, "short"]));
  const answers = Object.fromEntries(questions.map((q) => [q.id, false]));
  const draft = await createDraft(b.as("owner"), {
    model: model.name,
    title: "Small",
    submission: { ...brief, ...answers, changeType: "new_model" },
  });
  expect(await submitReview(b.as("owner"), { ref: draft.ref })).toMatchObject({
    lane: "fast_track",
    promisedOn: "2026-03-05",
  });
});

test("submitting pins digests, says the lane and its reasons, and promises a day", async () => {
  const review = await submitted();
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

test("the whole way: findings, votes, a decision with a condition that closes a finding, evidence, acceptance", async () => {
  const review = await submitted();
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
  await voted(ref, "approve_with_conditions");
  await expect(
    recordDecision(b.as("chair"), {
      ref,
      round: 1,
      outcome: "approved_with_conditions",
      rationale,
      conditions: [condition()],
    }),
  ).rejects.toMatchObject({
    message: expect.stringContaining(`${finding.ref} must be fixed`),
  });
  const decided = await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [{ ...condition(), closes: finding.ref }],
  });
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
});

test("whoever has a stake cannot vote, decide or judge", async () => {
  const model = await b.model({ tier: 1, ownerId: b.ids.chair, backupOwnerId: b.ids.security });
  const adr = await proposeAdr(b.as("architect"), { content: record("By the architect") });
  const draft = await createDraft(b.as("owner"), {
    model: model.name,
    title: "Stakes",
    adr: adr.ref,
    submission: full(),
  });
  const { ref } = await submitReview(b.as("owner"), { ref: draft.ref });
  for (const name of ["chair", "security", "architect"] as const) {
    await expect(castVote(b.as(name), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("stake"),
    });
  }
  await expect(recordDecision(b.as("chair"), { ref, round: 1, outcome: "rejected", rationale })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(castVote(b.as("owner"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a recused member neither votes nor comments, leaves the base, and the vote they cast is void", async () => {
  const { ref } = await submitted();
  await castVote(b.as("privacy"), { ref, round: 1, choice: "approve" });
  await declareRecusal(b.as("privacy"), { ref, reason: "My team built it." });
  await expect(castVote(b.as("privacy"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(addComment(b.as("privacy"), { ref, text: "but" })).rejects.toMatchObject({ code: "forbidden" });
  await expect(declareRecusal(b.as("privacy"), { ref, reason: "My team built it." })).rejects.toMatchObject({
    code: "conflict",
  });
  const read = await getReview(b.as("viewer"), { ref });
  expect(read.votes).toEqual([]);
  expect(read.tally.base).toBe(6);
});

test("no quorum, no decision; the refusal says who is missing", async () => {
  const { ref } = await submitted();
  await castVote(b.as("chair"), { ref, round: 1, choice: "approve" });
  await expect(recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/security seat has not voted.*model risk seat has not voted/),
  });
  expect((await getReview(b.as("viewer"), { ref })).decisions).toEqual([]);
});

test("dissent needs its reason; a changed vote supersedes and stays on record", async () => {
  const { ref, model } = await submitted();
  await expect(castVote(b.as("security"), { ref, round: 1, choice: "reject" })).rejects.toMatchObject({
    code: "invalid",
  });
  await castVote(b.as("security"), { ref, round: 1, choice: "reject", reason: "Prompts are kept too long." });
  await castVote(b.as("security"), { ref, round: 1, choice: "approve" });
  const before = await t.db.$count(logEntries);
  await castVote(b.as("security"), { ref, round: 1, choice: "approve" });
  expect(await t.db.$count(logEntries)).toBe(before);
  const { rows } = await t.db.execute<{ n: number }>(
    sql`select count(*)::int as n from vote v join review r on r.id = v.review_id where r.model_id = ${model.id}`,
  );
  expect(rows[0]?.n).toBe(2);
});

test("changes requested, resubmitted: the next round, the clock runs on, old votes and old readers are stale", async () => {
  const { ref } = await submitted();
  await voted(ref);
  await requestChanges(b.as("security"), { ref, round: 1, text: "Describe the exit from the supplier." });
  await expect(castVote(b.as("chair"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "conflict",
  });
  b.clock.at = new Date("2026-03-04T09:00:00Z");
  await saveDraft(b.as("owner"), { ref, submission: full({ thirdParties: "We leave within a month." }) });
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

test("a deferral comes once, with a date, and the author goes on", async () => {
  const { ref } = await submitted();
  await expect(recordDecision(b.as("chair"), { ref, round: 1, outcome: "deferred", rationale })).rejects.toMatchObject({
    code: "conflict",
  });
  await recordDecision(b.as("chair"), { ref, round: 1, outcome: "deferred", rationale, until: "2026-03-20" });
  expect(await submitReview(b.as("owner"), { ref })).toMatchObject({ round: 2 });
  await expect(
    recordDecision(b.as("chair"), { ref, round: 2, outcome: "deferred", rationale, until: "2026-04-20" }),
  ).rejects.toMatchObject({ message: expect.stringContaining("deferred once") });
});

test("a record revised after submission cannot be approved unseen", async () => {
  const { ref, adr } = await submitted();
  await voted(ref);
  await reviseAdr(b.as("owner"), { ref: adr.ref, content: record("Other words"), basedOn: 1 });
  await expect(recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("revised after"),
  });
});

test("lanes: raised freely, lowered with a reason; a raised lane survives resubmission", async () => {
  const { ref } = await submitted({ tier: 2 });
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

test("findings: the owner resolves, a member verifies or reopens, never who resolved it", async () => {
  const { ref } = await submitted();
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
  const { ref } = await submitted();
  await voted(ref, "approve_with_conditions");
  const { conditions } = await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [{ ...condition(), owner: b.ids.deputy }],
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
  const { ref } = await submitted();
  await voted(ref, "approve_with_conditions");
  const refused = recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [{ ...condition(), ...set }],
  });
  await expect(refused).rejects.toMatchObject({ name: "Refusal" });
  expect((await getReview(b.as("viewer"), { ref })).decisions).toEqual([]);
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
  const { ref } = await submitted();
  await expect((async () => call(ref))()).rejects.toMatchObject({ name: "Refusal", code });
});

test("someone whose roles reach another unit sees and does nothing here", async () => {
  const { ref } = await submitted();
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

test("twenty rounds of two decisions at once: one is recorded, the other is told, the log has one entry", async () => {
  for (let i = 0; i < 20; i++) {
    const { ref } = await submitted();
    await voted(ref);
    await castVote(b.as("deputy"), { ref, round: 1, choice: "approve" });
    const results = await Promise.allSettled([
      recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale }),
      recordDecision(b.as("deputy"), { ref, round: 1, outcome: "approved", rationale }),
    ]);
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
    const lost = results.find((r) => r.status === "rejected");
    expect(lost?.status === "rejected" && lost.reason).toMatchObject({ name: "Refusal", code: "conflict" });
    const { id } = await getReview(b.as("viewer"), { ref });
    expect(await entriesOf(id, "review.decision.recorded")).toBe(1);
    expect(await t.db.$count(reviewDecisions, eq(reviewDecisions.reviewId, id))).toBe(1);
  }
}, 60_000);

test("a decision and a recusal at once: the decision never counts a recused vote", async () => {
  for (let i = 0; i < 10; i++) {
    const { ref } = await submitted();
    await voted(ref);
    const [decided, recused] = await Promise.allSettled([
      recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale }),
      declareRecusal(b.as("security"), { ref, reason: "I remember a stake." }),
    ]);
    const read = await getReview(b.as("viewer"), { ref });
    // Security is a required seat with a second member who did not vote, so only one order can succeed.
    expect([decided.status, recused.status].filter((s) => s === "fulfilled")).toHaveLength(1);
    expect(read.status).toBe(decided.status === "fulfilled" ? "approved" : "in_review");
  }
}, 60_000);

test("self-service: the portal decides by rule, signs as itself, draws some for a later look", async () => {
  const model = await b.model({ tier: 4 });
  await t.db.execute(
    sql`insert into pattern_adoption (id, model_id, pattern_id, version, digest, adopted_by, adopted_at) values (gen_random_uuid(), ${model.id}, 'batch-inference', 1, 'd', ${b.ids.owner}, now())`,
  );
  const draft = await createDraft(b.as("owner"), { model: model.name, title: "On the paved road", submission: full() });
  const review = await submitReview(b.as("owner"), { ref: draft.ref });
  // Readiness of this model is not known, and unknown never takes the automatic lane by itself.
  expect(review).toMatchObject({ lane: "fast_track", reasons: [{ rule: "checks_fail" }, { rule: "checks_unknown" }] });
  await t.db.execute(sql`update review set lane = 'self_service' where id = ${draft.id}`);
  const decided = await decideAutomatically({ ...b.as("owner"), actor: systemActor }, { ref: draft.ref });
  expect(decided.status).toBe("approved");
  const { rows } = await t.db.execute<{ actor_id: string; kind: string }>(
    sql`select actor_id, kind from log_entry where subject_id = ${draft.id} and name in ('review.decision.automated', 'signature') order by kind`,
  );
  expect(rows).toEqual([
    { actor_id: "system", kind: "command" },
    { actor_id: "system", kind: "signature" },
  ]);
  expect((await standing(t.db, model.id, b.clock.at)).decision).toMatchObject({ decidedBy: "system" });
});

test("a withdrawn review stays on record and takes no more votes", async () => {
  const { ref } = await submitted();
  await withdrawReview(b.as("owner"), { ref, reason: "The supplier was dropped." });
  await expect(castVote(b.as("chair"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(withdrawReview(b.as("owner"), { ref, reason: "The supplier was dropped." })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("the queue is ordered by promise, filtered, and paged without overlap; precedents carry their conditions", async () => {
  const all = await findReviews(b.as("viewer"), { limit: 200 });
  const days = all.items.map((r) => r.promisedOn ?? "9999-12-31");
  expect(days).toEqual([...days].sort());
  const first = await findReviews(b.as("viewer"), { limit: 4 });
  const second = await findReviews(b.as("viewer"), { limit: 4, after: first.next });
  expect(new Set([...first.items, ...second.items].map((r) => r.ref)).size).toBe(8);
  expect((await findReviews(b.as("viewer"), { lane: "fast_track" })).items.every((r) => r.lane === "fast_track")).toBe(
    true,
  );
  expect((await findReviews(b.as("viewer"), { view: "decided" })).items.length).toBeGreaterThan(10);
  expect(
    (await findReviews(b.as("security"), { mine: "true" })).items.every((r) => r.createdBy === b.ids.security),
  ).toBe(true);
  await expect(findReviews(b.as("viewer"), { after: "2026-99-99_x" })).rejects.toMatchObject({ code: "invalid" });
  const { ref } = await submitted();
  const read = await getReview(b.as("viewer"), { ref });
  expect(read.precedents).toHaveLength(5);
  expect((await findConditions(b.as("viewer"), { mine: false, limit: 1 })).next).toMatch(/^\d{4}-\d\d-\d\d_CON-/);
});
