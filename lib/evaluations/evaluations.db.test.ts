import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evaluations } from "@/db/schema/evaluations";
import { logEntries } from "@/db/schema/log";
import type { Ctx } from "@/lib/core/command";
import { proposeAdr } from "@/lib/decisions/write";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { concludeEvaluation } from "./conclude";
import { addOption, editOption, openEvaluation, removeOption, score, weigh } from "./prepare";
import { getEvaluation, listEvaluations } from "./queries";

let t: Awaited<ReturnType<typeof testDatabase>>;
let architect: Ctx;
let auditor: Ctx;
let org: Awaited<ReturnType<typeof testOrg>>;
beforeAll(async () => {
  t = await testDatabase();
  org = await testOrg(t.db);
  architect = await org.person("Tomasz Wieczorek", "architect");
  auditor = await org.person("Agnes Thorne", "auditor");
});
afterAll(() => t.drop());

const need = "Retail needs features at decision time for eleven models by the summer of 2027.";
const based = { reason: "Tried on our data for two weeks." };

async function begun(title = "Feature platform for retail") {
  const { ref, weights } = await openEvaluation(architect, { title, need });
  await addOption(architect, { ref, name: "Feast on our clusters", kind: "adopt" });
  await addOption(architect, { ref, name: "Vendor platform", kind: "buy" });
  const criteria = Object.keys(weights);
  const all = (option: string, points: number) =>
    score(architect, {
      ref,
      option,
      scores: Object.fromEntries(criteria.map((c) => [c, { score: points, ...based }])),
    });
  return { ref, weights, criteria, all };
}

const entriesOf = async (ref: string) =>
  (await t.db.select().from(logEntries).where(eq(logEntries.subjectRef, ref)).orderBy(logEntries.id)).map(
    (e) => e.summary,
  );

test("an evaluation begins with the shipped weights and is open until every score is known", async () => {
  const { ref, weights, all } = await begun();
  expect(Object.values(weights).reduce((a, b) => a + b, 0)).toBe(100);
  await all("a", 4);
  const half = await getEvaluation(auditor, { ref });
  expect(half).toMatchObject({ status: "draft", weighedAfterScores: false });
  expect(half.ranking).toMatchObject({ complete: false, winner: null, flips: null });
  expect(half.ranking.options.find((o) => o.key === "b")).toMatchObject({ score: null, low: 1, high: 5 });
  await all("b", 3);
  expect((await getEvaluation(auditor, { ref })).ranking).toMatchObject({ complete: true, winner: "a", flips: [] });
  expect(await entriesOf(ref)).toEqual([
    `opened ${ref}, Feature platform for retail`,
    `added the option Feast on our clusters to ${ref}`,
    `added the option Vendor platform to ${ref}`,
    `scored Feast on our clusters for 8 criteria in ${ref}`,
    `scored Vendor platform for 8 criteria in ${ref}`,
  ]);
});

test("a score taken back is unknown again, and the same score again changes nothing", async () => {
  const { ref, all } = await begun("Vector search for service");
  await all("a", 4);
  await all("b", 4);
  const before = await entriesOf(ref);
  await all("b", 4);
  expect(await entriesOf(ref)).toEqual(before);
  expect(await score(architect, { ref, option: "b", scores: { exit: { score: null } } })).toMatchObject({ scored: 7 });
  const { ranking } = await getEvaluation(architect, { ref });
  expect(ranking).toMatchObject({ complete: false, unknown: 1 });
  expect((await entriesOf(ref)).at(-1)).toBe(`took back the score of Vendor platform for exit in ${ref}`);
});

test("weights that change after scores are known are shown as such, and change the result", async () => {
  const { ref, weights, all } = await begun("Gateway for language models");
  await all("a", 3);
  await all("b", 3);
  await score(architect, { ref, option: "a", scores: { exit: { score: 5, ...based } } });
  await score(architect, { ref, option: "b", scores: { time: { score: 5, ...based } } });
  const first = await getEvaluation(architect, { ref });
  expect(first.ranking.winner).toBe("a");
  expect(first.ranking.flips?.map((f) => [f.criterion, f.to, f.winner])).toEqual([
    ["exit", 10, "b"],
    ["time", 15, "b"],
  ]);
  org.now.at = new Date("2026-11-03T09:00:00Z");
  await weigh(architect, {
    ref,
    weights: { ...weights, time: 30 },
    reason: "The contract of the old one ends in May.",
  });
  expect(await getEvaluation(architect, { ref })).toMatchObject({ weighedAfterScores: true, ranking: { winner: "b" } });
  await expect(
    weigh(architect, { ref, weights: { ...weights, time: 30 }, reason: "The same once more." }),
  ).resolves.toMatchObject({ ref });
});

test("what is wrong with an input is named by its field", async () => {
  const { ref, weights } = await begun("Labelling of claims");
  const faults = (call: Promise<unknown>) =>
    call.then(
      () => [],
      (e) => e.faults.map((f: { field: string }) => f.field),
    );
  expect(await faults(score(architect, { ref, option: "a", scores: { exit: { score: 6, ...based } } }))).toEqual([
    "scores.exit.score",
  ]);
  expect(await faults(score(architect, { ref, option: "a", scores: { exit: { score: 3 } } }))).toEqual([
    "scores.exit.reason",
  ]);
  expect(await faults(score(architect, { ref, option: "a", scores: { charm: { score: 3, ...based } } }))).toEqual([
    "scores.charm",
  ]);
  expect(await faults(weigh(architect, { ref, weights: { need: 50 }, ...based }))).toHaveLength(7);
  expect(
    await faults(
      weigh(architect, { ref, weights: Object.fromEntries(Object.keys(weights).map((c) => [c, 0])), ...based }),
    ),
  ).toEqual(["weights"]);
  expect(await faults(addOption(architect, { ref, name: "vendor PLATFORM", kind: "buy" }))).toEqual(["name"]);
  await expect(score(architect, { ref, option: "c", scores: { exit: { score: 3, ...based } } })).rejects.toThrow(
    "has no option c",
  );
});

test("a conclusion freezes what it rested on, says what was unknown, and leads to its decision", async () => {
  const { ref, all } = await begun("Drift monitor for pricing");
  await all("a", 4);
  const adr = await proposeAdr(architect, {
    content: "# Use the drift monitor\n\n## Context and Problem Statement\n\nDrift.\n",
  });
  const conclusion = { ref, chosen: "b", reason: "The team that would run the other one was dissolved in March." };
  await expect(concludeEvaluation(architect, { ...conclusion, chosen: "c" })).rejects.toThrow("has no option c");
  await expect(concludeEvaluation(architect, { ...conclusion, adr: "ADR-9999" })).rejects.toThrow(
    "no decision ADR-9999",
  );
  await concludeEvaluation(architect, { ...conclusion, adr: adr.ref });
  expect(await getEvaluation(auditor, { ref })).toMatchObject({
    status: "concluded",
    chosen: "b",
    adr: adr.ref,
    concludedByName: "Tomasz Wieczorek",
  });
  expect((await entriesOf(ref)).at(-1)).toBe(`concluded ${ref} for Vendor platform, with 8 scores unknown`);
  await expect(all("a", 2)).rejects.toThrow("is concluded");
  await expect(addOption(architect, { ref, name: "A third", kind: "keep" })).rejects.toThrow("is concluded");
  await expect(concludeEvaluation(architect, conclusion)).rejects.toThrow("is concluded");
  await expect(t.db.update(evaluations).set({ chosen: "a" }).where(eq(evaluations.ref, ref))).rejects.toThrow();
});

test("one option is no choice, a machine concludes nothing, and who may not write may read", async () => {
  const { ref } = await openEvaluation(architect, { title: "Only one way", need });
  await addOption(architect, { ref, name: "Build it", kind: "build" });
  const conclusion = { ref, chosen: "a", reason: "There was nothing else to be had." };
  await expect(concludeEvaluation(architect, conclusion)).rejects.toThrow("at least two options");
  const agent = { ...architect, actor: { ...architect.actor, kind: "agent" as const } };
  await addOption(agent, { ref, name: "Buy it", kind: "buy" });
  await expect(concludeEvaluation(agent, conclusion)).rejects.toThrow("Only people");
  await expect(addOption(auditor, { ref, name: "Third", kind: "keep" })).rejects.toThrow(
    "prepared by those who write decisions",
  );
  await expect(getEvaluation(auditor, { ref: "EVA-9999" })).rejects.toThrow("There is no evaluation EVA-9999");
});

test("the list is paged by reference and says who leads", async () => {
  const first = await listEvaluations(auditor, { limit: 2 });
  expect(first.items).toHaveLength(2);
  const rest = await listEvaluations(auditor, { after: first.next ?? "", limit: 200 });
  expect(first.items.length + rest.items.length).toBe(first.total);
  expect(rest.items.find((e) => e.title === "Feature platform for retail")).toMatchObject({
    leads: "Feast on our clusters",
    unknown: 0,
  });
  expect((await listEvaluations(auditor, { status: "concluded" })).items.map((e) => e.chosen)).toEqual([
    "Vendor platform",
  ]);
});

test("while it is open an option is renamed with its scores and taken out with them; concluded, it stays", async () => {
  const { ref, all } = await begun("Features for the summer");
  await all("a", 4);
  await all("b", 5);
  await editOption(architect, { ref, option: "b", name: "Vendor platform, EU edition", note: "" });
  const renamed = await getEvaluation(architect, { ref });
  expect(renamed.options[1]).toEqual({ key: "b", name: "Vendor platform, EU edition", kind: "buy", note: "" });
  expect(renamed.ranking.winner).toBe("b");
  await editOption(architect, { ref, option: "b", name: "Vendor platform, EU edition" });
  await expect(editOption(architect, { ref, option: "b", name: "feast on our CLUSTERS" })).rejects.toMatchObject({
    code: "conflict",
    faults: [{ field: "name" }],
  });
  await expect(editOption(architect, { ref, option: "c", name: "Nobody" })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(editOption(auditor, { ref, option: "b", name: "Other" })).rejects.toMatchObject({ code: "forbidden" });

  const reason = "The vendor gave up its EU region.";
  expect(await removeOption(architect, { ref, option: "b", reason })).toMatchObject({ scores: 8 });
  await expect(removeOption(architect, { ref, option: "b", reason })).rejects.toMatchObject({ code: "not_found" });
  // Its letter is free; the next option begins without scores.
  expect(await addOption(architect, { ref, name: "Do nothing", kind: "keep" })).toEqual({ ref, option: "b" });
  expect((await getEvaluation(architect, { ref })).scores.filter((s) => s.option === "b")).toEqual([]);
  expect((await entriesOf(ref)).slice(-3)).toEqual([
    `renamed the option Vendor platform of ${ref} to Vendor platform, EU edition`,
    `took the option Vendor platform, EU edition out of ${ref}: ${reason}`,
    `added the option Do nothing to ${ref}`,
  ]);

  await concludeEvaluation(architect, { ref, chosen: "a", reason: "Nothing else is left that serves the need." });
  for (const late of [
    () => editOption(architect, { ref, option: "a", name: "Other" }),
    () => removeOption(architect, { ref, option: "b", reason }),
  ])
    await expect(late()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("concluded") });
});
