import canonicalize from "canonicalize";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import { reviewDecisions } from "@/db/schema/reviews";
import { systemActor } from "@/lib/core/actor";
import { proposeAdr, reviseAdr } from "@/lib/decisions/write";
import { signatureLeaf } from "@/lib/log/leaf";
import { verifyEs256 } from "@/lib/signing/dsse";
import { inTotoType, pae } from "@/lib/signing/pae";
import { sha256 } from "@/lib/signing/sha256";
import { testDatabase } from "@/lib/testing/database";
import { fullSubmission } from "@/lib/testing/full-submission";
import { adrText, type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { decideAutomatically } from "./automatic";
import { recordDecision } from "./decide";
import { addComment } from "./discuss";
import { createDraft } from "./draft";
import { raiseFinding, resolveFinding, verifyFinding } from "./finding";
import { findReviews } from "./list";
import { getReview } from "./queries";
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

test("whoever has a stake cannot vote, decide or judge", async () => {
  const model = await b.model({ tier: 1, ownerId: b.ids.chair, backupOwnerId: b.ids.security });
  const adr = await proposeAdr(b.as("architect"), { content: adrText("By the architect") });
  const draft = await createDraft(b.as("owner"), {
    model: model.name,
    title: "Stakes",
    adr: adr.ref,
    submission: fullSubmission(),
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
  const { ref } = await b.submitted();
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
  const { ref } = await b.submitted();
  await castVote(b.as("chair"), { ref, round: 1, choice: "approve" });
  await expect(recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/security seat has not voted.*model risk seat has not voted/),
  });
  expect((await getReview(b.as("viewer"), { ref })).decisions).toEqual([]);
});

test("dissent needs its reason; a changed vote supersedes and stays on record", async () => {
  const { ref, model } = await b.submitted();
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

test("a deferral comes once, with a date, and the author goes on", async () => {
  const { ref } = await b.submitted();
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
  const { ref, adr } = await b.submitted();
  await b.voted(ref);
  await reviseAdr(b.as("owner"), { ref: adr.ref, content: adrText("Other words"), basedOn: 1 });
  await expect(recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("revised after"),
  });
});

test("twenty rounds of two decisions at once: one is recorded, the other is told, the log has one entry", async () => {
  for (let i = 0; i < 20; i++) {
    const { ref } = await b.submitted();
    await b.voted(ref);
    await castVote(b.as("deputy"), { ref, round: 1, choice: "approve" });
    const results = await Promise.allSettled([
      recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale }),
      recordDecision(b.as("deputy"), { ref, round: 1, outcome: "approved", rationale }),
    ]);
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
    const lost = results.find((r) => r.status === "rejected");
    expect(lost?.status === "rejected" && lost.reason).toMatchObject({ name: "Refusal", code: "conflict" });
    const { id } = await getReview(b.as("viewer"), { ref });
    expect(await b.entriesOf(id, "review.decision.recorded")).toBe(1);
    expect(await t.db.$count(reviewDecisions, eq(reviewDecisions.reviewId, id))).toBe(1);
  }
}, 60_000);

test("a decision and a recusal at once: the decision never counts a recused vote", async () => {
  for (let i = 0; i < 10; i++) {
    const { ref } = await b.submitted();
    await b.voted(ref);
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
  const draft = await createDraft(b.as("owner"), {
    model: model.name,
    title: "On the paved road",
    submission: fullSubmission(),
  });
  const review = await submitReview(b.as("owner"), { ref: draft.ref });
  // Readiness of this model is not known, and unknown never takes the automatic lane by itself.
  expect(review).toMatchObject({ lane: "fast_track", reasons: [{ rule: "checks_fail" }, { rule: "checks_unknown" }] });
  await t.db.execute(sql`update review set lane = 'self_service' where id = ${draft.id}`);
  // Whoever speaks before the portal does is heard: it no longer decides by itself.
  const finding = await raiseFinding(b.as("security"), {
    ref: draft.ref,
    round: 1,
    title: "Keys in the notebook",
    text: "The notebook holds a key in the clear.",
    severity: "must_fix",
  });
  await expect(decideAutomatically({ ...b.as("owner"), actor: systemActor }, { ref: draft.ref })).rejects.toMatchObject(
    {
      code: "conflict",
      message: `${finding.ref} is open on ${draft.ref}, so people decide it.`,
    },
  );
  await resolveFinding(b.as("owner"), { ref: finding.ref, resolution: "The key was revoked and removed." });
  await verifyFinding(b.as("security"), { ref: finding.ref });
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

test("a decision of people is signed by the portal: the statement is about its digest, the signature verifies and has a leaf", async () => {
  const { ref } = await b.submitted();
  await b.voted(ref);
  const decided = await recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale });
  const { rows } = await t.db.execute<{
    payload: Buffer;
    predicate_type: string;
    kid: string;
    sig: Buffer;
    leaf: Buffer;
  }>(sql`
    select s.payload, s.predicate_type, g.kid, g.sig, e.leaf from statement_subject x
    join statement s on s.sha256 = x.statement_sha256
    join signature g on g.statement_sha256 = s.sha256
    join log_entry e on e.id = g.log_entry_id and e.kind = 'signature'
    where x.name = ${ref} and x.digest = ${decided.digest}`);
  expect(rows).toHaveLength(1);
  const [row] = rows;
  if (!row) throw new Error("unreachable: one row");
  const { statement } = b.keys;
  const signed = pae(inTotoType, row.payload);
  expect(row.kid).toBe(statement.kid);
  expect(verifyEs256(statement.spki, signed, row.sig)).toMatchObject({ ok: true });
  expect(row.leaf).toEqual(Buffer.from(signatureLeaf(sha256(signed), row.sig, statement.spki)));
  const { predicate } = JSON.parse(row.payload.toString("utf8"));
  expect(sha256(Buffer.from(canonicalize(predicate) ?? "")).toString("hex")).toBe(decided.digest);
});

test("the queue is ordered by promise, filtered, and paged without overlap, and shows precedents", async () => {
  const all = await findReviews(b.as("viewer"), { limit: 200 });
  const days = all.items.map((r) => r.promisedOn ?? "9999-12-31");
  expect(days).toEqual([...days].sort());
  const first = await findReviews(b.as("viewer"), { limit: 4 });
  const second = await findReviews(b.as("viewer"), { limit: 4, after: first.next });
  expect(new Set([...first.items, ...second.items].map((r) => r.ref)).size).toBe(Math.min(8, all.items.length));
  expect((await findReviews(b.as("viewer"), { lane: "fast_track" })).items.every((r) => r.lane === "fast_track")).toBe(
    true,
  );
  expect((await findReviews(b.as("viewer"), { view: "decided" })).items.length).toBeGreaterThan(10);
  expect(
    (await findReviews(b.as("security"), { mine: "true" })).items.every((r) => r.createdBy === b.ids.security),
  ).toBe(true);
  await expect(findReviews(b.as("viewer"), { after: "2026-99-99_x" })).rejects.toMatchObject({ code: "invalid" });
  const { ref } = await b.submitted();
  const read = await getReview(b.as("viewer"), { ref });
  expect(read.precedents).toHaveLength(5);
});
