import { afterAll, beforeAll, expect, test } from "vitest";
import { loadContent, newest } from "@/lib/content/load";
import type { Ctx } from "@/lib/core/command";
import { acceptAdr } from "@/lib/decisions/judge";
import { proposeAdr } from "@/lib/decisions/write";
import { pushFacts } from "@/lib/facts/push";
import { type Board, testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { service } from "@/lib/testing/readiness";
import { adoptPattern } from "./adopt";
import { modelConformance, patternConformance } from "./conformance";
import { decideDeviation, recordDeviation } from "./deviate";

const pattern = "streaming-inference-features";
let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Board;
const clock = { at: new Date("2026-11-20T09:00:00Z") };
beforeAll(async () => {
  t = await testDatabase();
  b = await testBoard(t.db, clock);
});
afterAll(() => t.drop());

const push = (model: string, facts: { [key: string]: unknown }) => {
  const ctx: Ctx = { db: t.db, actor: service, now: () => clock.at, requestId: "test" };
  return pushFacts(ctx, { facts: Object.entries(facts).map(([key, value]) => ({ model, key, value })) });
};
const conformance = async (name: string) => (await modelConformance(b.as("viewer"), { name })).conformance;

test("a model meets requirements by its facts, breaks one, and is excused by an accepted decision only", async () => {
  const { name } = await b.model({ servingType: "streaming" });
  expect(await conformance(name)).toBeNull();
  await adoptPattern(b.as("owner"), { name, pattern });
  const text = newest(loadContent().patterns, pattern);
  const lag = text?.checks.find((c) => c.check?.includes("stream.lag_seconds"));
  if (!text || !lag) throw new Error("the pattern asks nothing about lag any more");
  const none = await conformance(name);
  expect(none).toMatchObject({ state: "unknown", version: text.version });
  expect(none?.requirements.map((r) => r.state)).not.toContain("pass");

  await push(name, { "stream.lag_seconds": 90, "stream.lag_budget_seconds": 60 });
  const requirement = async () => (await conformance(name))?.requirements.find((r) => r.id === lag.id);
  expect(await requirement()).toMatchObject({ state: "fail", why: expect.stringContaining("90") });
  expect(await conformance(name)).toMatchObject({ state: "broken" });

  const why = "The upstream topic is compacted once a minute.";
  const { id } = await recordDeviation(b.as("owner"), { name, requirement: lag.id, why });
  expect(await requirement()).toMatchObject({ state: "fail" });
  const adr = await proposeAdr(b.as("owner"), {
    content: "# Allow a lag\n\n## Decision\nYes.\n\n## Confirmation\nLooked at.\n",
    model: name,
  });
  await decideDeviation(b.as("owner"), { name, id, adr: adr.ref });
  expect(await requirement()).toMatchObject({ state: "fail" });
  await acceptAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest });
  expect(await requirement()).toMatchObject({ state: "waived" });

  const listed = await patternConformance(b.as("viewer"), { id: pattern, limit: 1 });
  expect(listed).toMatchObject({ items: [{ model: name, state: "unknown" }], next: null });
});
