import { afterAll, beforeAll, expect, test } from "vitest";
import { patternGaps } from "@/db/schema/adoption";
import { newId } from "@/lib/core/ids";
import { reportIncident } from "@/lib/incidents/report";
import { type Board, testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { worth } from "./backlog";
import { findBacklog, getItem, openGaps, readBurnDown } from "./queries";
import { editItem, moveItem, openItem } from "./work";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Board;
beforeAll(async () => {
  t = await testDatabase();
  b = await testBoard(t.db);
});
afterAll(() => t.drop());

const debt = {
  kind: "debt",
  title: "Two feature stores for one truth",
  why: "Each change is made twice, and twice a year the two differ for a day.",
  justification: "One store frees half an engineer and ends the differences.",
  points: 8,
  gain: 4,
};
const wanted = { ...debt, kind: "capability", title: "Streaming features in minutes", points: 13, gain: 9 };

test("debt is opened from an incident, weighed anew by an architect, and closed with a reason; its model goes along", async () => {
  const model = await b.model();
  const incident = await reportIncident(b.as("owner"), {
    model: model.name,
    title: "Stores disagreed for a day",
    severity: 2,
    startedAt: "2026-02-20T08:00:00Z",
  });
  const { ref } = await openItem(b.as("owner"), { ...debt, sources: [incident.ref] });
  expect(ref).toMatch(/^DEB-\d{4}$/);
  expect(await getItem(b.as("viewer"), { ref })).toMatchObject({
    models: [model.name],
    sources: [{ kind: "incident", ref: incident.ref }],
    worth: "0.500000",
    state: "open",
  });
  await expect(editItem(b.as("owner"), { ref, revision: 1, points: 5 })).rejects.toMatchObject({ code: "forbidden" });
  expect(await editItem(b.as("architect"), { ref, revision: 1, points: 5, owner: b.ids.owner })).toMatchObject({
    revision: 2,
  });
  await expect(editItem(b.as("architect"), { ref, revision: 1, points: 6 })).rejects.toMatchObject({
    code: "conflict",
  });
  // Who owns it now works on it.
  await moveItem(b.as("owner"), { ref, state: "started", reason: "Begun with the spring release." });
  await expect(moveItem(b.as("owner"), { ref, state: "open", reason: "Back to where it was." })).rejects.toMatchObject({
    code: "conflict",
    message: `${ref} is under way; it cannot become open.`,
  });
  await moveItem(b.as("owner"), { ref, state: "done", reason: "The second store is switched off." });
  expect((await findBacklog(b.as("viewer"), { kind: "debt", model: model.name })).items).toEqual([]);
  expect((await findBacklog(b.as("viewer"), { kind: "debt", model: model.name, state: "done" })).items).toMatchObject([
    { ref, closedReason: "The second store is switched off." },
  ]);
});

test("capabilities stand by what a point earns: value times the models that wait; a gap of the library is taken up once", async () => {
  const one = await b.model();
  const two = await b.model();
  const gap = newId();
  await t.db.insert(patternGaps).values({
    id: gap,
    modelId: one.id,
    missing: "Features from streams, fresher than a minute.",
    saidBy: b.ids.owner,
    saidAt: b.clock.at,
    state: "open",
  });
  expect((await openGaps(b.as("viewer"), {})).items).toMatchObject([{ id: gap, model: one.name }]);
  const big = await openItem(b.as("architect"), { ...wanted, models: [two.name], sources: [gap] });
  expect((await openGaps(b.as("viewer"), {})).items).toEqual([]);
  const small = await openItem(b.as("architect"), { ...wanted, title: "A second region", points: 10 });
  const { items } = await findBacklog(b.as("viewer"), { kind: "capability" });
  expect(items.map((i) => i.ref)).toEqual([big.ref, small.ref]);
  for (const item of items)
    expect(Number(item.worth)).toBeCloseTo(worth(item.kind, { ...item, models: item.models.length + item.others }), 5);
  const first = await findBacklog(b.as("viewer"), { kind: "capability", limit: 1 });
  expect(
    (await findBacklog(b.as("viewer"), { kind: "capability", limit: 1, after: first.next })).items.map((i) => i.ref),
  ).toEqual([small.ref]);
});

test("each mark of the burn-down opens the rows that it counts", async () => {
  b.clock.at = new Date("2026-05-12T09:00:00Z");
  const later = await openItem(b.as("architect"), debt);
  b.clock.at = new Date("2026-08-12T09:00:00Z");
  await moveItem(b.as("architect"), { ref: later.ref, state: "dropped", reason: "The store goes away by itself." });
  const { quarters, cohorts } = await readBurnDown(b.as("viewer"), { kind: "debt" });
  for (const { quarter, remaining } of quarters.slice(0, -1))
    for (const cohort of cohorts) {
      const { items } = await findBacklog(b.as("viewer"), { kind: "debt", cohort, standing: quarter });
      expect(
        items.reduce((n, i) => n + i.points, 0),
        `${cohort} at the end of ${quarter}`,
      ).toBe(remaining[cohort]);
    }
  expect(quarters.map((q) => [q.quarter, q.remaining["2026-Q2"]])).toEqual([
    ["2026-Q1", 0],
    ["2026-Q2", 8],
    ["2026-Q3", 0],
  ]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ["opened by who only looks", () => openItem(b.as("viewer"), debt), "forbidden"],
  ["about a model that is not there", () => openItem(b.as("owner"), { ...debt, models: ["nope"] }), "invalid"],
  ["from a source that is not there", () => openItem(b.as("owner"), { ...debt, sources: ["FND-9999"] }), "invalid"],
  ["of a value beyond ten", () => openItem(b.as("owner"), { ...wanted, gain: 11 }), "invalid"],
  ["of no points", () => openItem(b.as("owner"), { ...debt, points: 0 }), "invalid"],
  ["not there", () => getItem(b.as("viewer"), { ref: "DEB-9999" }), "not_found"],
  ["with a broken page mark", () => findBacklog(b.as("viewer"), { after: "x" }), "invalid"],
])("an item %s: refused", async (_what, call, code) => {
  await expect((async () => call())()).rejects.toMatchObject({ name: "Refusal", code });
});
