import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patternAdoptions } from "@/db/schema/decisions";
import { modelVersions } from "@/db/schema/models";
import { businessUnits } from "@/db/schema/org";
import { newId } from "@/lib/core/ids";
import { proposeAdr } from "@/lib/decisions/write";
import { rememberApart } from "@/lib/models/near";
import { loadGate } from "@/lib/releases/gate-load";
import { pinsOf } from "@/lib/releases/pins";
import { testDatabase } from "@/lib/testing/database";
import { fullSubmission } from "@/lib/testing/full-submission";
import { adrText, type Reviews, rationale, testReviews } from "@/lib/testing/reviews";
import { recordDecision } from "./decide";
import { requestChanges } from "./discuss";
import { createDraft, saveDraft, withdrawReview } from "./draft";
import { findConditions, findReviews } from "./list";
import { reviewsOfModel } from "./of-model";
import { findOverlaps } from "./overlap";
import { getReview } from "./queries";
import { standing } from "./standing";
import { submitReview } from "./submit";
import { castVote } from "./vote";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Reviews;
beforeAll(async () => {
  t = await testDatabase();
  b = await testReviews(t.db);
});
afterAll(() => t.drop());

type Set = NonNullable<Parameters<Reviews["model"]>[0]>;

/** Drafted by the owner for the first of some models, naming the others. */
async function drafted(sets: readonly Set[], more: Parameters<typeof fullSubmission>[0] = {}) {
  const made: { id: string; name: string }[] = [];
  for (const set of sets) made.push(await b.model(set));
  const [main, ...further] = made;
  if (!main) throw new Error("name at least one");
  const adr = await proposeAdr(b.as("owner"), { content: adrText(`For ${main.name}`), model: main.name });
  const draft = await createDraft(b.as("owner"), {
    model: main.name,
    title: "Several at once",
    adr: adr.ref,
    submission: fullSubmission({ models: further.map((m) => m.name), ...more }),
  });
  return { ref: draft.ref, main, further };
}
const at = <T>(list: readonly T[], i: number): T => {
  const found = list[i];
  if (found === undefined) throw new Error(`nothing at ${i}`);
  return found;
};

test("one decision on two models: both gates find it with its conditions, its bytes name both, and each keeps its own pattern", async () => {
  const { ref, main, further } = await drafted([{ tier: 2 }, { tier: 2 }], { patterns: ["rag-assistant-guardrails"] });
  const second = at(further, 0);
  await t.db.insert(patternAdoptions).values({
    id: newId(),
    modelId: second.id,
    patternId: "batch-inference",
    version: 1,
    digest: "b".repeat(64),
    deviations: "",
    adoptedBy: b.ids.owner,
    adoptedAt: b.clock.at,
  });
  await t.db
    .insert(modelVersions)
    .values({ id: newId(), modelId: second.id, version: "1", digest: "d".repeat(64), registeredAt: b.clock.at });
  await submitReview(b.as("owner"), { ref });
  await b.voted(ref, "approve_with_conditions");
  const decided = await recordDecision(b.as("chair"), {
    ref,
    round: 1,
    outcome: "approved_with_conditions",
    rationale,
    conditions: [b.condition()],
  });
  for (const model of [main, second]) {
    const stands = await standing(t.db, model.id, b.clock.at);
    expect(stands.decision).toMatchObject({ ref, digest: decided.digest });
    expect(stands.conditions).toHaveLength(1);
    expect((await findReviews(b.as("viewer"), { view: "decided", model: model.name })).items).toMatchObject([
      { ref, model: main.name, further: [second.name] },
    ]);
    expect(await reviewsOfModel(b.as("viewer"), { model: model.name })).toMatchObject([
      { ref, with: [model === main ? second.name : main.name] },
    ]);
    expect((await findConditions(b.as("viewer"), { model: model.name })).items).toHaveLength(1);
  }
  expect((await standing(t.db, second.id, b.clock.at)).decision?.patternDigest).toBe("b".repeat(64));
  expect((await standing(t.db, main.id, b.clock.at)).decision?.patternDigest).toBeNull();

  const asked = { model: second.name, version: "1", digest: null, environment: "prod" };
  const gate = await loadGate(t.db, asked, false, b.clock.at);
  expect(gate.inputs.standing).toMatchObject({ decisionDigest: decided.digest, patternDigest: "b".repeat(64) });
  expect(gate.inputs.openConditions).toMatchObject([{ blocking: true }]);
  const [version] = await t.db.select().from(modelVersions).where(sql`model_id = ${second.id}`);
  const pins = await t.db.transaction((tx) =>
    pinsOf(
      tx,
      // Only the ids are read of a version here.
      { modelId: second.id, versionId: version?.id ?? "" } as Parameters<typeof pinsOf>[1],
      b.clock.at,
    ),
  );
  expect(pins).toMatchObject({ decisionDigest: decided.digest, conditions: [expect.anything()] });

  const read = await getReview(b.as("viewer"), { ref });
  const bytes = JSON.parse(at(read.decisions, 0).content);
  expect(bytes.models.map((m: { name: string }) => m.name)).toEqual([main.name, second.name]);
  expect(bytes.subjects.patterns.map((p: { id: string }) => p.id)).toEqual([
    "batch-inference",
    "rag-assistant-guardrails",
  ]);
  const { rows } = await t.db.execute(
    sql`select 1 from log_entry_model c join log_entry e on e.id = c.entry_id where c.model_id = ${second.id} and e.name = 'review.decision.recorded'`,
  );
  expect(rows).toHaveLength(1);
});

test("the strictest model chooses the lane, says whose reason it is, and sets the quorum", async () => {
  const { ref, further } = await drafted([{ tier: 3 }, { tier: 1 }]);
  const { lane, reasons } = await submitReview(b.as("owner"), { ref });
  expect(lane).toBe("full_board");
  expect(reasons).toEqual([{ rule: "tier_1", text: `the model is tier 1 (${at(further, 0).name})` }]);
  const read = await getReview(b.as("viewer"), { ref });
  expect(read.tier).toBe(1);
  expect(read.tally.lacks.join(" ")).toContain("model risk seat");
});

test("who owns any of the models has a stake: they neither vote nor decide", async () => {
  const { ref } = await drafted([{ tier: 2 }, { tier: 2, ownerId: b.ids.chair }]);
  await submitReview(b.as("owner"), { ref });
  await expect(castVote(b.as("chair"), { ref, round: 1, choice: "approve" })).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("stake"),
  });
  await expect(recordDecision(b.as("chair"), { ref, round: 1, outcome: "approved", rationale })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a model is before the board once: of two submissions at one time one is refused by name, and the way out works", async () => {
  const shared = await b.model({ tier: 2 });
  const one = await drafted([{ tier: 2 }], { models: [shared.name] });
  const two = await drafted([{ tier: 2 }], { models: [shared.name] });
  const results = await Promise.allSettled([one, two].map(({ ref }) => submitReview(b.as("owner"), { ref })));
  expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  const [won, lost] = results[0]?.status === "fulfilled" ? [one, two] : [two, one];
  await expect(submitReview(b.as("owner"), { ref: lost.ref })).rejects.toMatchObject({
    code: "conflict",
    message: `${shared.name} is before the board already, in ${won.ref}. Wait for its decision, or withdraw it first.`,
  });
  // Sent back, it is still open; an emergency does not wait for it.
  await requestChanges(b.as("security"), { ref: won.ref, round: 1, text: "Describe the exit from the supplier." });
  await expect(submitReview(b.as("owner"), { ref: lost.ref })).rejects.toMatchObject({ code: "conflict" });
  const urgent = await drafted([{ tier: 2 }], {
    models: [shared.name],
    emergency: true,
    emergencyReason: "INC-0042 is active.",
  });
  expect(await submitReview(b.as("owner"), { ref: urgent.ref })).toMatchObject({ lane: "emergency" });
  await withdrawReview(b.as("owner"), { ref: won.ref, reason: "The other one says more." });
  expect(await submitReview(b.as("owner"), { ref: lost.ref })).toMatchObject({ status: "in_review" });
});

test("a resubmission that drops a model frees it, and the decision does not speak of it", async () => {
  const { ref, main, further } = await drafted([{ tier: 2 }, { tier: 2 }]);
  await submitReview(b.as("owner"), { ref });
  await requestChanges(b.as("security"), { ref, round: 1, text: "The second is another case." });
  await saveDraft(b.as("owner"), { ref, submission: fullSubmission() });
  await submitReview(b.as("owner"), { ref });
  await b.voted(ref, "approve", 2);
  await recordDecision(b.as("chair"), { ref, round: 2, outcome: "approved", rationale });
  expect((await standing(t.db, main.id, b.clock.at)).decision).toMatchObject({ ref });
  expect((await standing(t.db, at(further, 0).id, b.clock.at)).decision).toBeNull();
});

test("what cannot be named is refused at its place, and a further model must be assessed before the board sees it", async () => {
  const { ref, main } = await drafted([{ tier: 2 }]);
  const save = (submission: object) =>
    saveDraft(b.as("owner"), { ref, submission: { ...fullSubmission(), ...submission } });
  const fault = (field: string) => ({ code: "invalid", faults: [expect.objectContaining({ field })] });
  await expect(save({ models: ["no-such-model"] })).rejects.toMatchObject(fault("submission.models.0"));
  await expect(save({ models: [main.name] })).rejects.toMatchObject(fault("submission.models.0"));
  const other = await b.model({ tier: null });
  await expect(save({ models: [other.name, other.name] })).rejects.toMatchObject(fault("submission.models.1"));
  await expect(save({ patterns: ["no-such-pattern"] })).rejects.toMatchObject(fault("submission.patterns.0"));
  await save({ models: [other.name] });
  await expect(submitReview(b.as("owner"), { ref })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "models", message: `${other.name} has no tier. Answer its risk questions first.` }],
  });
});

test("a model of another unit is named only by who may ask for it there, and is read there", async () => {
  const unitId = newId();
  await t.db.insert(businessUnits).values({ id: unitId, slug: `unit-${unitId.slice(-6)}`, name: "Lending" });
  const theirs = await b.model({ tier: 2, businessUnitId: unitId });
  const { ref } = await drafted([{ tier: 2 }]);
  const inOwnUnit = (role: "contributor" | "viewer", unit: string) => ({
    ...b.as("owner"),
    actor: { ...b.as("owner").actor, grants: [{ role, units: [unit] }] },
  });
  await expect(
    saveDraft(inOwnUnit("contributor", b.unitId), { ref, submission: fullSubmission({ models: [theirs.name] }) }),
  ).rejects.toMatchObject({ code: "forbidden", message: expect.stringContaining(theirs.name) });
  await saveDraft(b.as("owner"), { ref, submission: fullSubmission({ models: [theirs.name] }) });
  await submitReview(b.as("owner"), { ref });
  expect((await findReviews(inOwnUnit("viewer", unitId), { model: theirs.name })).items).toMatchObject([{ ref }]);
  expect(await getReview(inOwnUnit("viewer", unitId), { ref })).toMatchObject({ ref });
});

test("what overlaps is shown while one writes, and is joined or answered before the board sees it", async () => {
  const { apart: _, ...silent } = fullSubmission({ system: "Limit Engine" });
  const first = await drafted([{ tier: 2 }], { system: "limit-engine" });
  await submitReview(b.as("owner"), { ref: first.ref });
  const second = await drafted([{ tier: 2 }]);
  await saveDraft(b.as("owner"), { ref: second.ref, submission: silent });
  const { items } = await findOverlaps(b.as("owner"), {
    model: second.main.name,
    system: "Limit Engine",
    review: second.ref,
  });
  expect(items).toMatchObject([{ kind: "review", ref: first.ref, strong: true, who: "owner" }]);
  await expect(submitReview(b.as("owner"), { ref: second.ref })).rejects.toMatchObject({
    code: "invalid",
    faults: [
      {
        field: "apart",
        message: `It overlaps with ${first.ref}: join it, or say in at least 10 characters why not.`,
      },
    ],
  });
  // Joining: the first names the model of the second, which then has nothing left to ask.
  await requestChanges(b.as("security"), { ref: first.ref, round: 1, text: "Ask for both at once." });
  await saveDraft(b.as("owner"), {
    ref: first.ref,
    submission: fullSubmission({ system: "limit-engine", models: [second.main.name] }),
  });
  expect(await submitReview(b.as("owner"), { ref: first.ref })).toMatchObject({ round: 2 });
  await expect(submitReview(b.as("owner"), { ref: second.ref })).rejects.toMatchObject({ code: "conflict" });
  // A decided one is for reading.
  await b.voted(first.ref, "approve", 2);
  await recordDecision(b.as("chair"), { ref: first.ref, round: 2, outcome: "approved", rationale });
  const third = await drafted([{ tier: 2 }]);
  await saveDraft(b.as("owner"), { ref: third.ref, submission: silent });
  expect(
    (await findOverlaps(b.as("owner"), { model: third.main.name, system: "LIMIT ENGINE", review: third.ref })).items,
  ).toMatchObject([{ ref: first.ref, strong: false }]);
  expect(await submitReview(b.as("owner"), { ref: third.ref })).toMatchObject({ status: "in_review" });
});

test("a model that may be the same one must be answered, until somebody says that they are two", async () => {
  const { main, ref } = await drafted([{ tier: 2 }]);
  const name = `${main.name.toUpperCase()}-prod`;
  const twin = await b.model({ tier: 2, name });
  const { apart: _, ...silent } = fullSubmission({ system: "A system of its own" });
  await saveDraft(b.as("owner"), { ref, submission: silent });
  await expect(submitReview(b.as("owner"), { ref })).rejects.toMatchObject({
    faults: [{ field: "apart", message: expect.stringContaining(name) }],
  });
  await t.db.transaction((tx) => rememberApart(tx, twin.id, name, "Two products.", b.ids.owner, b.clock.at));
  expect(await submitReview(b.as("owner"), { ref })).toMatchObject({ status: "in_review" });
});
