import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import type { Ctx } from "@/lib/core/command";
import { acceptAdr, deprecateAdr } from "@/lib/decisions/judge";
import { proposeAdr } from "@/lib/decisions/write";
import { testDatabase } from "@/lib/testing/database";
import { testReleases } from "@/lib/testing/releases";
import { editUseCase } from "@/lib/use-cases/edit";
import { linkModel } from "@/lib/use-cases/link";
import { registerUseCase } from "@/lib/use-cases/register";
import { adoptForUseCase, adoptPattern } from "./adopt";
import { adoptionList, adoptionSummary } from "./adoption-queries";
import { conformanceOfUseCase } from "./conformance";
import {
  decideDeviation,
  decideUseCaseDeviation,
  endDeviation,
  endUseCaseDeviation,
  recordDeviation,
  recordUseCaseDeviation,
} from "./deviate";
import { answerGap, listGaps, reportGap, reportUseCaseGap } from "./gaps";
import { modelPattern, patternOfUseCase, patternUseCases } from "./reads";

let t: Awaited<ReturnType<typeof testDatabase>>;
let world: Awaited<ReturnType<typeof testReleases>>;
let chair: Ctx;
let elsewhere: Ctx;
beforeAll(async () => {
  t = await testDatabase();
  world = await testReleases(t.db);
  chair = await world.person("Ingrid Solberg", "board_chair");
  elsewhere = await world.person("Daniel Achterberg", "contributor", [world.units.claims]);
});
afterAll(() => t.drop());

const pattern = "online-inference-kubernetes";
const adr = (title: string, model?: string) =>
  proposeAdr(world.architect, {
    content: `# ${title}\n\n## Context and Problem Statement\n\nWhy.\n\n## Considered Options\n\n- A\n\n## Decision Outcome\n\nA.\n`,
    ...(model ? { model } : {}),
  });
const rowOf = async (name: string) =>
  (await adoptionList(world.owner, { limit: 200 })).items.find((r) => r.key === name);
const entries = async (name: string) =>
  (
    await t.db
      .select({ name: logEntries.name })
      .from(logEntries)
      .where(eq(logEntries.subjectRef, name))
      .orderBy(logEntries.id)
  ).map((e) => e.name);

test("a deviation names a requirement; it is open until its decision is accepted, and again once that is given up", async () => {
  const { name } = await world.model();
  await expect(
    recordDeviation(world.owner, { name, requirement: "x", why: "long enough to say" }),
  ).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("follows no reference architecture"),
  });
  await adoptPattern(world.owner, { name, pattern });
  expect(await rowOf(name)).toMatchObject({ standing: "follows", drift: "current", behind: 0, deviation: "none" });
  const [requirement] = (await modelPattern(world.owner, { name })).requirements;
  if (!requirement) throw new Error("the pattern asks for nothing");
  await expect(
    recordDeviation(world.owner, { name, requirement: "no-such", why: "long enough to say" }),
  ).rejects.toMatchObject({ code: "invalid", faults: [{ field: "requirement" }] });

  const why = "The vendor's container brings its own weights.";
  const { id } = await recordDeviation(world.owner, { name, requirement: requirement.id, why });
  expect(await recordDeviation(world.owner, { name, requirement: requirement.id, why })).toMatchObject({ id });
  const followed = await modelPattern(world.owner, { name });
  expect(followed.adoption?.deviations).toBe(`${requirement.title}: ${why}`);
  expect(followed.deviations).toMatchObject([{ id, requirement: requirement.id, open: true, adr: null }]);
  expect(await rowOf(name)).toMatchObject({ deviation: "open", open: 1 });

  const other = await world.model();
  const foreign = await adr("Another model's", other.name);
  await expect(decideDeviation(world.owner, { name, id, adr: foreign.ref })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("another model"),
  });
  const made = await adr("Keep the vendor's weights", name);
  await decideDeviation(world.owner, { name, id, adr: made.ref });
  expect(await rowOf(name)).toMatchObject({ deviation: "open" });
  await acceptAdr(chair, { ref: made.ref, digest: made.digest });
  expect(await rowOf(name)).toMatchObject({ deviation: "decided", open: 0, decided: 1 });
  await deprecateAdr(chair, { ref: made.ref, reason: "No longer followed." });
  expect(await rowOf(name)).toMatchObject({ deviation: "open", open: 1 });

  await endDeviation(world.owner, { name, id, why: "The weights moved to our registry." });
  expect(await rowOf(name)).toMatchObject({ deviation: "none" });
  expect((await modelPattern(world.owner, { name })).adoption?.deviations).toBe("");
  await expect(endDeviation(world.owner, { name, id, why: "The weights moved." })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await entries(name)).toEqual([
    "pattern.adopted",
    "pattern.deviation.recorded",
    "pattern.deviation.linked",
    "pattern.deviation.ended",
  ]);
});

test("departures said with the adoption stand as one open deviation, and stay with their decision over an upgrade", async () => {
  const { name } = await world.model();
  const deviations = "Served inside another process.";
  await adoptPattern(world.owner, { name, pattern, version: 1, deviations });
  expect(await rowOf(name)).toMatchObject({ drift: "behind", behind: 1, deviation: "open" });
  const [said] = (await modelPattern(world.owner, { name })).deviations;
  const made = await adr("Served inside");
  await acceptAdr(chair, { ref: made.ref, digest: made.digest });
  await decideDeviation(world.owner, { name, id: said?.id ?? "", adr: made.ref });
  await adoptPattern(world.owner, { name, pattern, deviations });
  expect(await rowOf(name)).toMatchObject({ drift: "current", behind: 0, deviation: "decided" });
  await adoptPattern(world.owner, { name, pattern });
  expect(await rowOf(name)).toMatchObject({ deviation: "none" });
});

test("only those who choose the architecture say where it departs or that none fits; others of another unit do not see it", async () => {
  const { name } = await world.model();
  const viewer = await world.person("Mara Lind", "viewer");
  await expect(reportGap(viewer, { name, missing: "Models on devices." })).rejects.toMatchObject({ code: "forbidden" });
  await expect(reportGap(elsewhere, { name, missing: "Models on devices." })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(reportGap(world.service("ci"), { name, missing: "Models on devices." })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("no pattern fits: it is backlog, outside of the rate, until architects answer or the owner chooses one", async () => {
  const { name } = await world.model();
  const before = await adoptionSummary(world.owner, {});
  const { id } = await reportGap(world.owner, { name, missing: "Models that run on devices without a network." });
  expect(await rowOf(name)).toMatchObject({ standing: "no_fit", drift: null });
  const after = await adoptionSummary(world.owner, {});
  expect([after.could, after.noFit, after.none]).toEqual([before.could - 1, before.noFit + 1, before.none - 1]);
  expect(after.rate).toBe(after.follows / after.could);
  await expect(reportGap(world.owner, { name, missing: "Something else altogether." })).rejects.toMatchObject({
    code: "conflict",
  });

  const answer = "A pattern for devices is planned for spring.";
  await expect(answerGap(world.owner, { id, state: "planned", answer })).rejects.toMatchObject({ code: "forbidden" });
  await expect(answerGap(world.architect, { id, state: "fits", answer })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "pattern" }],
  });
  await answerGap(world.architect, { id, state: "planned", answer });
  expect(await listGaps(world.owner, { state: "planned" })).toMatchObject({
    items: [{ id, model: name, answer }],
    counts: { planned: 1 },
  });
  expect((await listGaps(elsewhere, {})).items).toEqual([]);

  await adoptPattern(world.owner, { name, pattern });
  expect((await listGaps(world.owner, {})).items).toMatchObject([{ id, state: "adopted", pattern }]);
  await expect(answerGap(world.architect, { id, state: "declined", answer })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(reportGap(world.owner, { name, missing: "Models on devices." })).rejects.toMatchObject({
    message: expect.stringContaining("Record where it departs"),
  });
});

test("every number of the summary is as many rows as its filter gives", async () => {
  const sum = await adoptionSummary(world.owner, {});
  const total = async (filter: Record<string, string>) => (await adoptionList(world.owner, filter)).total;
  expect(await total({ standing: "follows" })).toBe(sum.follows);
  expect(await total({ standing: "none" })).toBe(sum.none);
  expect(await total({ standing: "no_fit" })).toBe(sum.noFit);
  for (const p of sum.patterns) expect(await total({ pattern: p.pattern })).toBe(p.follows);
  const one = await adoptionList(world.owner, { limit: 1 });
  const rest = await adoptionList(world.owner, { limit: 200, after: one.next ?? "" });
  expect(one.items.length + rest.items.length).toBe(sum.models);
});

test("a use case pins a text as a model does: counted beside the rate, departing under a decision, measured by its models", async () => {
  const { ref } = await registerUseCase(world.owner, {
    name: "Spare limits",
    problem: "Give limits that people can carry.",
    sponsor: "Head of Retail",
    businessUnit: "retail",
  });
  const viewer = await world.person("Ada Viewer", "viewer");
  await expect(adoptForUseCase(viewer, { useCase: ref, pattern })).rejects.toMatchObject({ code: "forbidden" });
  await expect(adoptForUseCase(elsewhere, { useCase: ref, pattern })).rejects.toMatchObject({ code: "not_found" });
  await expect(
    recordUseCaseDeviation(world.owner, { useCase: ref, requirement: "x", why: "long enough to say" }),
  ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("follows no reference architecture") });

  const before = await adoptionSummary(world.owner, {});
  await adoptForUseCase(world.owner, { useCase: ref, pattern, version: 1 });
  expect(await adoptForUseCase(world.owner, { useCase: ref, pattern, version: 1 })).toMatchObject({ version: 1 });
  const after = await adoptionSummary(world.owner, {});
  expect(after.useCases).toEqual({ all: before.useCases.all, follow: before.useCases.follow + 1 });
  expect([after.could, after.follows, after.rate]).toEqual([before.could, before.follows, before.rate]);
  const row = async () =>
    (await adoptionList(world.owner, { of: "use_case", pattern, limit: 200 })).items.find((r) => r.key === ref);
  expect(await row()).toMatchObject({ name: "Spare limits", drift: "behind", behind: 1, deviation: "none" });
  expect(await patternUseCases(viewer, { id: pattern })).toMatchObject({
    items: [{ key: ref, version: 1, tier: null }],
    next: null,
  });
  expect((await patternUseCases(elsewhere, { id: pattern })).items).toEqual([]);
  await adoptForUseCase(world.owner, { useCase: ref, pattern });
  expect(await row()).toMatchObject({ drift: "current" });

  expect(await conformanceOfUseCase(world.owner, { useCase: ref })).toMatchObject({ models: 0, conformance: null });
  const served = await world.model();
  await linkModel(world.owner, { useCase: ref, model: served.name });
  const measured = await conformanceOfUseCase(world.owner, { useCase: ref });
  const { requirements } = await patternOfUseCase(world.owner, { useCase: ref });
  expect(measured.models).toBe(1);
  expect(measured.conformance?.requirements.map((r) => r.id)).toEqual(requirements.map((r) => r.id));

  const requirement = requirements[0]?.id ?? "";
  const why = "The vendor's container brings its own weights.";
  const { id } = await recordUseCaseDeviation(world.owner, { useCase: ref, requirement, why });
  const foreign = await adr("Of a model that serves something else", (await world.model()).name);
  await expect(decideUseCaseDeviation(world.owner, { useCase: ref, id, adr: foreign.ref })).rejects.toMatchObject({
    message: expect.stringContaining("does not serve this use case"),
  });
  const made = await adr("Weights of the vendor", served.name);
  await decideUseCaseDeviation(world.owner, { useCase: ref, id, adr: made.ref });
  expect(await row()).toMatchObject({ deviation: "open" });
  await acceptAdr(chair, { ref: made.ref, digest: made.digest });
  expect(await row()).toMatchObject({ deviation: "decided" });
  const excused = await conformanceOfUseCase(world.owner, { useCase: ref });
  expect(excused.conformance?.requirements[0]).toMatchObject({ id: requirement, state: "waived" });
  // A deviation of the use case is none of the model.
  expect((await modelPattern(world.owner, { name: served.name })).deviations).toEqual([]);
  await expect(endDeviation(world.owner, { name: served.name, id, why: "The weights moved." })).rejects.toMatchObject({
    code: "not_found",
  });
  await endUseCaseDeviation(world.owner, { useCase: ref, id, why: "The weights moved to our registry." });
  expect(await row()).toMatchObject({ deviation: "none" });
  expect((await entries(ref)).filter((name) => name !== "use_case.model.linked")).toEqual([
    "use_case.registered",
    "use_case.pattern.adopted",
    "use_case.pattern.adopted",
    "use_case.deviation.recorded",
    "use_case.deviation.linked",
    "use_case.deviation.ended",
  ]);

  await editUseCase(world.owner, { useCase: ref, revision: 1, status: "retired" });
  expect(await row()).toBeUndefined();
  await expect(adoptForUseCase(world.owner, { useCase: ref, pattern })).rejects.toMatchObject({ code: "conflict" });
});

test("a use case that no pattern fits is in the same backlog, beside the rate, until it follows one", async () => {
  const { ref } = await registerUseCase(world.owner, {
    name: "Answers on devices",
    problem: "Answer where there is no network.",
    sponsor: "Head of Retail",
    businessUnit: "retail",
  });
  const missing = "Models that run on a device without a network.";
  await expect(reportUseCaseGap(elsewhere, { useCase: ref, missing })).rejects.toMatchObject({ code: "not_found" });
  const before = await adoptionSummary(world.owner, {});
  const { id } = await reportUseCaseGap(world.owner, { useCase: ref, missing });
  expect(await reportUseCaseGap(world.owner, { useCase: ref, missing })).toEqual({ id, state: "open" });
  await expect(reportUseCaseGap(world.owner, { useCase: ref, missing: "Something else." })).rejects.toMatchObject({
    code: "conflict",
  });
  expect((await listGaps(world.owner, { state: "open" })).items).toMatchObject([
    { id, model: null, useCase: ref, name: "Answers on devices", tier: null },
  ]);
  expect((await listGaps(elsewhere, {})).items).toEqual([]);
  expect(await adoptionList(world.owner, { of: "use_case", standing: "no_fit" })).toMatchObject({
    items: [{ key: ref, missing }],
    total: 1,
  });
  const after = await adoptionSummary(world.owner, {});
  expect([after.could, after.noFit, after.rate]).toEqual([before.could, before.noFit, before.rate]);

  await answerGap(world.architect, { id, state: "planned", answer: "One for devices comes in spring." });
  expect((await patternOfUseCase(world.owner, { useCase: ref })).gaps).toMatchObject([{ id, state: "planned" }]);
  await adoptForUseCase(world.owner, { useCase: ref, pattern, version: 1 });
  expect((await patternOfUseCase(world.owner, { useCase: ref })).gaps).toMatchObject([
    { id, state: "adopted", pattern },
  ]);
  await expect(reportUseCaseGap(world.owner, { useCase: ref, missing })).rejects.toMatchObject({
    message: expect.stringContaining("Record where it departs"),
  });
});
