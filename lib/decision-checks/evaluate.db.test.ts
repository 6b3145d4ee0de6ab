import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { findAdrs } from "@/lib/decisions/find";
import { importAdrs } from "@/lib/decisions/import";
import { acceptAdr, deprecateAdr, reaffirmAdr } from "@/lib/decisions/judge";
import { proposeAdr, reviseAdr } from "@/lib/decisions/write";
import { pushFacts } from "@/lib/facts/push";
import { jobHandlers } from "@/lib/jobs/registry";
import { adoptPattern } from "@/lib/patterns/adopt";
import { myQueue } from "@/lib/queue/queries";
import { type Board, testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { service } from "@/lib/testing/readiness";
import { evaluateChecks } from "./evaluate";
import { adrCheckModels, adrChecksOf, modelBreaks } from "./reads";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Board;
const clock = { at: new Date("2026-03-02T09:00:00Z") };
beforeAll(async () => {
  t = await testDatabase();
  b = await testBoard(t.db, clock);
});
afterAll(() => t.drop());

const as = (actor: Ctx["actor"]): Ctx => ({ db: t.db, actor, now: () => clock.at, requestId: "test" });
const later = (hours: number) => {
  clock.at = new Date(clock.at.getTime() + hours * 3_600_000);
};
const text = (title: string, checks: string) =>
  `# ${title}\n\n## Context and Problem Statement\nWhy.\n\n## Decision Outcome\nThis.\n\n### Confirmation\n\n\`\`\`checks\n${checks}\n\`\`\`\n`;
const latency = (scope: string) =>
  `- id: latency\n  title: It answers in time\n  scope: ${scope}\n  check: serving.latency_ms < 120`;
const push = (model: { name: string }, key: string, value: unknown) =>
  pushFacts(as(service), { facts: [{ model: model.name, key, value }] });

async function accepted(title: string, checks: string, about: { model?: string; pattern?: string } = {}) {
  const adr = await proposeAdr(b.as("owner"), { content: text(title, checks), ...about });
  await acceptAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest });
  return adr;
}
/** Runs the jobs that wait, as a worker would, until none is left. */
async function work() {
  for (let round = 0; round < 10; round++) {
    const { rows } = await t.db.execute<{ id: string; name: string; payload: unknown }>(
      sql`update job set state = 'done' where state = 'waiting' and name in ('readiness.refresh', 'decisions.check') returning id, name, payload`,
    );
    if (rows.length === 0) return;
    for (const { name, payload } of rows)
      await jobHandlers[name]?.(as(systemActor), typeof payload === "string" ? JSON.parse(payload) : payload);
  }
  throw new Error("jobs go on without end");
}
const checkOf = async (ref: string) => (await adrChecksOf(b.as("viewer"), { ref })).items[0];
const entriesOf = async (ref: string) =>
  (
    await t.db.execute<{ summary: string }>(
      sql`select summary from log_entry where name = 'adr.checks.evaluated' and subject_ref = ${ref} order by id`,
    )
  ).rows.map((row) => row.summary);
const waitsOn = async (who: Parameters<Board["as"]>[0], ref: string) =>
  (await myQueue(b.as(who), {})).filter((item) => item.ref === ref && item.promise === "revisit");

test("holds, partly, broken and unknown, each with the models behind it and the facts that they rest on", async () => {
  const fast = await b.model({ team: "states" });
  const slow = await b.model({ team: "states" });
  const { ref } = await accepted("Answer in time", latency("team == 'states'"));
  await work();
  expect(await checkOf(ref)).toMatchObject({
    state: "unknown",
    cause: "not_connected",
    unknown: 2,
    subjects: [{ outcome: "unknown" }, { outcome: "unknown" }],
  });
  await push(fast, "serving.latency_ms", 80);
  await work();
  // One passes and of one it is not known: that is not known, and never holds.
  expect(await checkOf(ref)).toMatchObject({ state: "unknown", passing: 1, unknown: 1, failing: 0 });
  await push(slow, "serving.latency_ms", 90);
  await work();
  expect(await checkOf(ref)).toMatchObject({ state: "holds", cause: null, passing: 2 });
  await push(slow, "serving.latency_ms", 300);
  await work();
  expect(await checkOf(ref)).toMatchObject({
    state: "partly",
    passing: 1,
    failing: 1,
    subjects: [
      {
        model: slow.name,
        outcome: "fail",
        why: expect.stringContaining("300 milliseconds; it must be less than 120"),
        facts: [{ key: "serving.latency_ms", value: 300, collectedAt: clock.at, stale: false }],
      },
      { model: fast.name, outcome: "pass" },
    ],
  });
  expect(await modelBreaks(b.as("viewer"), { name: slow.name })).toMatchObject({
    items: [{ ref, check: "latency", title: "It answers in time" }],
  });
  expect((await modelBreaks(b.as("viewer"), { name: fast.name })).items).toEqual([]);
  await push(fast, "serving.latency_ms", 400);
  await work();
  expect(await checkOf(ref)).toMatchObject({ state: "broken", passing: 0, failing: 2 });
  for (const [state, n] of [
    ["broken", 1],
    ["holds", 0],
  ] as const)
    expect((await findAdrs(b.as("viewer"), { q: "Answer in time", check: state })).items).toHaveLength(n);
  expect((await findAdrs(b.as("viewer"), { q: "Answer in time" })).items).toMatchObject([{ checks: "broken" }]);
  const first = await adrCheckModels(b.as("viewer"), { ref, check: "latency", limit: 1 });
  const second = await adrCheckModels(b.as("viewer"), { ref, check: "latency", limit: 1, after: first.next });
  expect([...first.items, ...second.items].map((s) => s.model)).toEqual([fast.name, slow.name].sort());
  expect(second.next).toBeNull();
});

test("a fact that goes stale makes it unknown, by the passing of time alone; since tells when", async () => {
  const model = await b.model({ team: "stale" });
  const { ref } = await accepted("Stale", latency("team == 'stale'"));
  await push(model, "serving.latency_ms", 80);
  await work();
  const since = clock.at;
  later(20);
  await jobHandlers["decisions.recheck"]?.(as(systemActor), {});
  expect(await checkOf(ref)).toMatchObject({ state: "holds", since, evaluatedAt: clock.at });
  later(5);
  await jobHandlers["decisions.recheck"]?.(as(systemActor), {});
  expect(await checkOf(ref)).toMatchObject({
    state: "unknown",
    cause: "stale",
    since: clock.at,
    subjects: [{ outcome: "unknown", cause: "stale", facts: [{ stale: true }] }],
  });
  expect((await entriesOf(ref)).at(-1)).toContain("cannot be told");
});

test("each break asks the owners once; holding again closes it, and the next break asks anew", async () => {
  const model = await b.model({ team: "flips" });
  const { ref, digest } = await accepted("Flips", latency("team == 'flips'"), { model: model.name });
  const set = async (value: number) => {
    later(0.1);
    await push(model, "serving.latency_ms", value);
    await work();
  };
  await set(80);
  expect(await waitsOn("owner", ref)).toEqual([]);
  await set(200);
  expect(await waitsOn("owner", ref)).toMatchObject([
    { why: "Not so any more: “It answers in time”", action: "Revisit", href: `/decisions/${ref}#checks` },
  ]);
  expect(await waitsOn("viewer", ref)).toEqual([]);
  const said = await entriesOf(ref);
  expect(said.filter((s) => s.includes("revisit"))).toHaveLength(1);
  // Looked at again, worse, and unknown in between: still the one break, and nothing more is said of it.
  await set(300);
  await evaluateChecks(b.as("architect"), { ref });
  expect(await entriesOf(ref)).toEqual(said);
  later(30);
  await jobHandlers["decisions.recheck"]?.(as(systemActor), {});
  expect(await checkOf(ref)).toMatchObject({ state: "unknown" });
  expect(await waitsOn("owner", ref)).toHaveLength(1);
  await set(300);
  expect((await entriesOf(ref)).filter((s) => s.includes("revisit"))).toHaveLength(1);
  await set(80);
  expect(await waitsOn("owner", ref)).toEqual([]);
  expect((await checkOf(ref))?.breaks).toMatchObject([{ closedAt: clock.at }]);
  await set(250);
  expect(await waitsOn("owner", ref)).toHaveLength(1);
  expect((await entriesOf(ref)).filter((s) => s.includes("revisit"))).toHaveLength(2);
  // An owner says that the decision stands: the break goes on, and asks no more.
  await reaffirmAdr(b.as("owner"), { ref, digest, reviewBy: "2027-03-01", note: "The caller allows 300 now." });
  expect(await waitsOn("owner", ref)).toEqual([]);
  expect(await checkOf(ref)).toMatchObject({ state: "broken", breaks: [{ answeredAt: clock.at, closedAt: null }, {}] });
});

test("two evaluations at once raise one break", async () => {
  const model = await b.model({ team: "race" });
  const { ref } = await accepted("Race", latency("team == 'race'"));
  await push(model, "serving.latency_ms", 200);
  await Promise.all([1, 2, 3].map(() => evaluateChecks(as(systemActor), { ref })));
  expect((await checkOf(ref))?.breaks).toHaveLength(1);
  expect(await entriesOf(ref)).toHaveLength(1);
});

test("a proposal is looked at and asks nobody; a deprecated record is looked at no more", async () => {
  const model = await b.model({ team: "proposal" });
  const adr = await proposeAdr(b.as("owner"), { content: text("Proposal", latency("team == 'proposal'")) });
  await push(model, "serving.latency_ms", 200);
  await work();
  expect(await checkOf(adr.ref)).toMatchObject({ state: "broken", breaks: [] });
  expect(await waitsOn("owner", adr.ref)).toEqual([]);
  await acceptAdr(b.as("architect"), { ref: adr.ref, digest: adr.digest });
  await work();
  expect(await waitsOn("owner", adr.ref)).toHaveLength(1);
  await deprecateAdr(b.as("architect"), { ref: adr.ref, reason: "We do it otherwise." });
  expect(await waitsOn("owner", adr.ref)).toEqual([]);
  expect((await adrChecksOf(b.as("viewer"), { ref: adr.ref })).inForce).toBe(false);
  await expect(evaluateChecks(b.as("architect"), { ref: adr.ref })).rejects.toMatchObject({ code: "conflict" });
});

test("a model of which it cannot be told whether it is in scope keeps the check from holding; what is known decides alone", async () => {
  const model = await b.model({ team: "scope", tier: 1, stage: "live" });
  await push(model, "serving.latency_ms", 80);
  const { ref } = await accepted("Scope", latency("team == 'scope' && stage == 'live' && tier == 1"));
  await b.model({ team: "scope", tier: null, stage: "development" });
  await work();
  expect(await checkOf(ref)).toMatchObject({ state: "holds", passing: 1, unknown: 0 });
  const untiered = await b.model({ team: "scope", tier: null, stage: "live" });
  await evaluateChecks(as(systemActor), { ref });
  expect(await checkOf(ref)).toMatchObject({
    state: "unknown",
    cause: "no_data",
    subjects: [{ model: untiered.name, why: expect.stringContaining("its tier is not known") }, { outcome: "pass" }],
  });
  await b.model({ team: "scope", stage: "retired", tier: 1 });
  expect((await adrCheckModels(b.as("viewer"), { ref, check: "latency" })).items).toHaveLength(2);
  const { ref: nobody } = await accepted("Nobody", latency("team == 'nobody'"));
  await work();
  expect(await checkOf(nobody)).toMatchObject({ state: "unknown", cause: "no_data", why: "No model is in its scope." });
});

test("units above count, tags come from the registry, and what the portal knows of itself can be expected", async () => {
  const model = await b.model({ team: "env", tier: 1 });
  const { ref } = await accepted(
    "Env",
    "- id: unit\n  title: Of the unit\n  scope: team == 'env' && 'Card risk' in units\n  check: inventory.owner != ''\n" +
      "- id: tagged\n  title: Tagged\n  scope: team == 'env' && tags.area == 'ranking'\n  check: inventory.owner_active",
  );
  await work();
  const states = async () => (await adrChecksOf(b.as("viewer"), { ref })).items.map((c) => [c.id, c.state, c.unknown]);
  // Its tags are not known, so neither is whether it is a ranking model.
  expect(await states()).toEqual([
    ["unit", "holds", 0],
    ["tagged", "unknown", 1],
  ]);
  await push(model, "registry.tags", { area: "ranking" });
  await work();
  expect(await states()).toEqual([
    ["unit", "holds", 0],
    ["tagged", "holds", 0],
  ]);
  await push(model, "registry.tags", { other: "x" });
  await work();
  expect((await states())[1]).toEqual(["tagged", "unknown", 0]);
});

test("a sum holds or is broken as a whole, and one unknown number makes it unknown", async () => {
  const one = await b.model({ team: "spend" });
  const two = await b.model({ team: "spend" });
  const { ref } = await accepted(
    "Spend",
    "- id: spend\n  title: Vector search stays below 20k\n  scope: team == 'spend'\n  sum: cost.vector_search_monthly\n  check: value < 20000",
  );
  await push(one, "cost.vector_search_monthly", 12_000);
  await work();
  expect(await checkOf(ref)).toMatchObject({ state: "unknown", cause: "not_connected" });
  await push(two, "cost.vector_search_monthly", 5_000);
  await work();
  expect(await checkOf(ref)).toMatchObject({
    state: "holds",
    why: "Together 17,000 EUR, over 2 models.",
    subjects: [{ outcome: "counted" }, { outcome: "counted" }],
  });
  await push(two, "cost.vector_search_monthly", 9_000);
  await work();
  expect(await checkOf(ref)).toMatchObject({ state: "broken", why: "Together 21,000 EUR, over 2 models." });
});

test("without a scope it is about the record's model, or about the models that follow its pattern", async () => {
  const model = await b.model({});
  const check = "- id: own\n  title: Own\n  check: serving.latency_ms < 120";
  const { ref } = await accepted("Own", check, { model: model.name });
  const pattern = await accepted("Followers", check, { pattern: "batch-scoring-lakehouse" });
  const none = await accepted("About nothing", check);
  await push(model, "serving.latency_ms", 10);
  await adoptPattern(b.as("owner"), { name: model.name, pattern: "batch-scoring-lakehouse" });
  await work();
  expect(await checkOf(ref)).toMatchObject({ state: "holds", subjects: [{ model: model.name }] });
  expect(await checkOf(pattern.ref)).toMatchObject({ state: "holds", subjects: [{ model: model.name }] });
  expect(await checkOf(none.ref)).toMatchObject({ state: "unknown", cause: "not_attempted" });
});

test("a text with a bad check is refused with its line; a file keeps its text and tells the fault", async () => {
  const bad = text("Bad", "- id: a\n  title: A\n  check: slo.cuont > 0\n  severity: high");
  await expect(proposeAdr(b.as("owner"), { content: bad })).rejects.toMatchObject({
    code: "invalid",
    faults: expect.arrayContaining([{ field: "content", message: expect.stringMatching(/^Line 15: .*“severity”/) }]),
  });
  const good = text("Good", "- id: a\n  title: A\n  check: slo.count > 0");
  const adr = await proposeAdr(b.as("owner"), { content: good });
  await expect(reviseAdr(b.as("owner"), { ref: adr.ref, content: bad, basedOn: 1 })).rejects.toMatchObject({
    code: "invalid",
  });
  const { files } = await importAdrs(b.as("owner"), { files: [{ name: "0001-bad.md", content: bad }] });
  const imported = await adrChecksOf(b.as("viewer"), { ref: files[0]?.ref });
  expect(imported).toMatchObject({ items: [], faults: [{ line: 15 }] });
});

test("a revision keeps the state of a check that reads as before, and forgets what it no longer says", async () => {
  const model = await b.model({ team: "revise" });
  await push(model, "serving.latency_ms", 10);
  const both = `${latency("team == 'revise'")}\n- id: other\n  title: Other\n  check: slo.count > 0`;
  const adr = await proposeAdr(b.as("owner"), { content: text("Revise", both) });
  await work();
  const before = await checkOf(adr.ref);
  expect(before).toMatchObject({ id: "latency", state: "holds" });
  later(1);
  await reviseAdr(b.as("owner"), {
    ref: adr.ref,
    content: text("Revise", latency("team == 'revise'").replace("in time", "fast")),
    basedOn: 1,
  });
  const { items } = await adrChecksOf(b.as("viewer"), { ref: adr.ref });
  expect(items).toMatchObject([{ id: "latency", state: "holds", title: "It answers fast", since: before?.since }]);
});

test("who may not write decisions cannot have them looked at again, and models beyond one's reach stay unnamed", async () => {
  const model = await b.model({ team: "reach" });
  const { ref } = await accepted("Reach", latency("team == 'reach'"));
  await push(model, "serving.latency_ms", 10);
  await work();
  await expect(evaluateChecks(b.as("viewer"), { ref })).rejects.toMatchObject({ code: "forbidden" });
  const elsewhere: Ctx = as({
    kind: "person",
    id: b.ids.viewer,
    name: "viewer",
    grants: [{ role: "viewer", units: ["018f0000-0000-7000-8000-000000000000"] }],
    scopes: null,
  });
  expect((await adrChecksOf(elsewhere, { ref })).items).toMatchObject([{ state: "holds", passing: 1, subjects: [] }]);
});
