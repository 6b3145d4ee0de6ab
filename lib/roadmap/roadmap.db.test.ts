import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { moveItem, openItem } from "@/lib/backlog/work";
import { loadContent } from "@/lib/content/load";
import { type Board, testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { readRoadmap } from "./queries";
import { addMilestone, linkItems, moveMilestone, setMilestone } from "./work";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Board;
beforeAll(async () => {
  t = await testDatabase();
  b = await testBoard(t.db);
});
afterAll(() => t.drop());
beforeEach(() => {
  b.clock.at = new Date("2026-03-02T09:00:00Z");
});

const given = {
  title: "One feature store",
  outcome: "The second store is switched off for all teams.",
  quarter: "2026-Q2",
};
const read = async (ref: string) =>
  (await readRoadmap(b.as("viewer"), {})).quarters.flatMap((q) => q.milestones).find((m) => m.ref === ref);

test("a milestone takes debt of the backlog, moves with its reason, is late when its quarter is over, and stays once reached", async () => {
  const debt = await openItem(b.as("architect"), {
    kind: "debt",
    title: "Two feature stores",
    why: "Each change is made twice, every time.",
    justification: "One store frees half an engineer.",
    points: 8,
    gain: 4,
  });
  const phase = loadContent().blueprints[0]?.phases[0]?.id;
  const { ref } = await addMilestone(b.as("architect"), { ...given, phase, owner: b.ids.owner, items: [debt.ref] });
  await moveMilestone(b.as("architect"), { ref, quarter: "2026-Q3", reason: "The gateway comes first after all." });
  expect(await read(ref)).toMatchObject({
    quarter: "2026-Q3",
    firstQuarter: "2026-Q2",
    owner: "owner",
    late: false,
    moves: [{ from: "2026-Q2", to: "2026-Q3", reason: "The gateway comes first after all.", by: "architect" }],
    items: [{ ref: debt.ref, state: "open", points: 8 }],
  });
  b.clock.at = new Date("2026-10-01T00:00:00Z");
  expect(await readRoadmap(b.as("viewer"), {})).toMatchObject({ today: "2026-Q4", total: 1, moved: 1, late: 1 });
  await moveItem(b.as("architect"), { ref: debt.ref, state: "done", reason: "Switched off this morning." });
  await setMilestone(b.as("architect"), { ref, state: "reached", reason: "The second store is switched off." });
  expect(await read(ref)).toMatchObject({ state: "reached", late: false, items: [{ state: "done" }] });
  await expect(
    moveMilestone(b.as("architect"), { ref, quarter: "2027-Q1", reason: "To look better than it was." }),
  ).rejects.toMatchObject({ code: "conflict", message: `${ref} is reached and stays as it is.` });
});

test("items are linked anew, and the same again changes nothing", async () => {
  const { ref } = await addMilestone(b.as("architect"), given);
  const { ref: item } = await openItem(b.as("architect"), {
    kind: "capability",
    title: "Streaming features",
    why: "Nothing is fresher than a day now.",
    justification: "Fraud of the first hour is a third.",
    points: 20,
    gain: 9,
  });
  await linkItems(b.as("architect"), { ref, items: [item] });
  expect((await read(ref))?.items.map((i) => i.ref)).toEqual([item]);
  expect(await linkItems(b.as("architect"), { ref, items: [item.toLowerCase()] })).toEqual({ ref });
  await linkItems(b.as("architect"), { ref, items: [] });
  expect((await read(ref))?.items).toEqual([]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ["by who does not keep the library", () => addMilestone(b.as("owner"), given), "forbidden"],
  ["for a quarter that is over", () => addMilestone(b.as("architect"), { ...given, quarter: "2025-Q4" }), "invalid"],
  ["in a phase that is not there", () => addMilestone(b.as("architect"), { ...given, phase: "nope" }), "invalid"],
  [
    "with an item that is not there",
    () => addMilestone(b.as("architect"), { ...given, items: ["DEB-9999"] }),
    "invalid",
  ],
  [
    "that is not there",
    () => moveMilestone(b.as("architect"), { ref: "MST-9999", quarter: "2026-Q4", reason: "Because of reasons." }),
    "not_found",
  ],
])("a milestone %s: refused", async (_what, call, code) => {
  await expect((async () => call())()).rejects.toMatchObject({ name: "Refusal", code });
});
