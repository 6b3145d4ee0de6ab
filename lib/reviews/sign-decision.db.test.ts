import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decisionSignatures } from "@/db/schema/decision-signatures";
import { signatures } from "@/db/schema/signing";
import { proposeAdr } from "@/lib/decisions/write";
import { myQueue } from "@/lib/queue/queries";
import { parseStatement } from "@/lib/signing/dsse";
import { testDatabase } from "@/lib/testing/database";
import { enrolTestPasskey, type TestPasskey } from "@/lib/testing/enrolment";
import { fullSubmission } from "@/lib/testing/full-submission";
import { adrText, type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { recordDecision } from "./decide";
import { createDraft } from "./draft";
import { getReview } from "./queries";
import { prepareDecisionSignature, signDecision } from "./sign-decision";
import { submitReview } from "./submit";
import { castVote, declareRecusal } from "./vote";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
const keys = new Map<string, TestPasskey>();
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
  for (const name of ["chair", "security", "risk"] as const) keys.set(name, await enrolTestPasskey(b.as(name)));
});
afterAll(() => t.drop());

const bytes = (statement: string) => Buffer.from(statement, "base64");
const sign = (name: string, statement: string) => {
  const key = keys.get(name);
  if (!key) throw new Error(`${name} has no key`);
  return key.sign(bytes(statement));
};
const toSign = async (name: "chair" | "security" | "risk") =>
  (await myQueue(b.as(name), {})).filter((item) => item.ask === "sign").map((item) => item.ref);

/** Decided against the vote of model risk, in tier 2, so that the dissent stands without a veto. */
async function decided() {
  const review = await b.submitted({ tier: 2 });
  const { ref } = review;
  for (const name of ["chair", "security", "architect"] as const)
    await castVote(b.as(name), { ref, round: 1, choice: "approve" });
  await castVote(b.as("risk"), { ref, round: 1, choice: "reject", reason: "The drift is not understood." });
  const decision = await recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale });
  return { ...review, decision };
}

test("those who decided sign with their own keys: the decision's digest, the submission, their vote; dissent too", async () => {
  const { ref, digest, decision } = await decided();
  expect(await toSign("risk")).toContain(ref);
  const prepared = await prepareDecisionSignature(b.as("risk"), { ref });
  const { subject, predicate } = parseStatement(bytes(prepared.statement));
  expect(subject).toEqual([
    { name: `decision on ${ref}`, digest: { sha256: decision.digest } },
    { name: "submission", digest: { sha256: digest } },
  ]);
  expect(predicate).toMatchObject({
    review: ref,
    outcome: "Approved",
    rationale,
    decider: { name: "risk", seat: "Model risk", choice: "Reject, dissent on record", recorded: false },
  });
  const assertion = sign("risk", prepared.statement);
  const signed = await signDecision(b.as("risk"), { token: prepared.token, assertion });
  const [kept] = await t.db
    .select()
    .from(signatures)
    .where(eq(signatures.statementSha256, Buffer.from(signed.statement, "hex")));
  expect(kept).toMatchObject({ kind: "webauthn" });
  const [shown] = (await getReview(b.as("viewer"), { ref })).decisions;
  expect(shown?.deciders.map((d) => d.personId).sort()).toEqual(
    [b.ids.chair, b.ids.security, b.ids.architect, b.ids.risk].sort(),
  );
  expect(shown?.signatures).toMatchObject([{ name: "risk" }]);
  expect(await toSign("risk")).not.toContain(ref);
  expect(await toSign("chair")).toContain(ref);

  await expect(prepareDecisionSignature(b.as("risk"), { ref })).rejects.toMatchObject({ code: "conflict" });
  await expect(signDecision(b.as("risk"), { token: prepared.token, assertion })).rejects.toMatchObject({
    code: "gone",
  });
});

test("nobody else signs: not who did not decide, who was recused, before the decision, or over another statement", async () => {
  const open = await b.submitted({ tier: 2 });
  await expect(prepareDecisionSignature(b.as("chair"), { ref: open.ref })).rejects.toMatchObject({
    code: "conflict",
    message: `${open.ref} is not decided yet, so there is nothing to sign.`,
  });
  await castVote(b.as("privacy"), { ref: open.ref, round: 1, choice: "approve" });
  await declareRecusal(b.as("privacy"), { ref: open.ref, reason: "My team built it." });
  for (const name of ["chair", "security"] as const)
    await castVote(b.as(name), { ref: open.ref, round: 1, choice: "approve" });
  await recordDecision(b.as("chair"), { ref: open.ref, round: 1, outcome: "approved", rationale });
  for (const name of ["privacy", "owner", "deputy", "admin"] as const)
    await expect(prepareDecisionSignature(b.as(name), { ref: open.ref })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("Only those who voted"),
    });

  const other = await decided();
  const [first, second] = [
    await prepareDecisionSignature(b.as("security"), { ref: open.ref }),
    await prepareDecisionSignature(b.as("security"), { ref: other.ref }),
  ];
  const assertion = sign("security", first.statement);
  await expect(signDecision(b.as("security"), { token: second.token, assertion })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(signDecision(b.as("chair"), { token: first.token, assertion })).rejects.toMatchObject({
    code: "forbidden",
    message: "This link is another person's.",
  });
  expect(await t.db.$count(decisionSignatures, eq(decisionSignatures.personId, b.ids.security))).toBe(0);
});

test("a deferral that was submitted again is signed over what was deferred, not over the later round", async () => {
  const review = await b.submitted({ tier: 2 });
  await recordDecision(b.as("chair"), {
    ref: review.ref,
    round: 1,
    outcome: "deferred",
    rationale,
    until: "2026-03-20",
  });
  const again = await submitReview(b.as("owner"), { ref: review.ref });
  expect(again.digest).not.toBe(review.digest);
  const { statement } = await prepareDecisionSignature(b.as("chair"), { ref: review.ref });
  expect(parseStatement(bytes(statement)).subject[1]).toEqual({
    name: "submission",
    digest: { sha256: review.digest },
  });
});

test("the statement names every model that was decided on", async () => {
  const [first, second] = [await b.model({ tier: 2 }), await b.model({ tier: 2 })];
  const adr = await proposeAdr(b.as("owner"), { content: adrText("Two at once"), model: first.name });
  const { ref } = await createDraft(b.as("owner"), {
    model: first.name,
    title: "Two at once",
    adr: adr.ref,
    submission: fullSubmission({ models: [second.name] }),
  });
  await submitReview(b.as("owner"), { ref });
  await b.voted(ref);
  await recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale });
  const { statement } = await prepareDecisionSignature(b.as("chair"), { ref });
  expect(parseStatement(bytes(statement)).predicate).toMatchObject({ model: `${first.name}, ${second.name}` });
});

test("two signatures of one person at once: one is kept", async () => {
  const { ref } = await decided();
  const links = [
    await prepareDecisionSignature(b.as("chair"), { ref }),
    await prepareDecisionSignature(b.as("chair"), { ref }),
  ];
  const results = await Promise.allSettled(
    links.map(({ token, statement }) => signDecision(b.as("chair"), { token, assertion: sign("chair", statement) })),
  );
  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
  const lost = results.find((r) => r.status === "rejected");
  expect(lost?.status === "rejected" && lost.reason).toMatchObject({ code: "conflict" });
});
