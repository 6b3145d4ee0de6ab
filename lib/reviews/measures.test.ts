import { expect, test } from "vitest";
import type { Cycle } from "./cycles";
import { measure, rowsOf, spread } from "./measures";

const at = (day: number) => new Date(Date.UTC(2026, 2, day, 12));
const cycle = (ref: string, set: Partial<Cycle> = {}): Cycle => ({
  ref,
  title: ref,
  model: "m",
  unit: null,
  tier: 2,
  lane: "fast_track",
  status: "approved",
  submittedAt: at(2),
  decidedAt: at(4),
  promisedAt: at(5),
  boardDays: 1.5,
  submitterDays: 0.5,
  totalDays: 2,
  bounces: 0,
  findings: 0,
  conditions: 0,
  dissent: false,
  reversedBy: null,
  ...set,
});

const six = [
  cycle("A"),
  cycle("B", { bounces: 1, decidedAt: at(6), boardDays: 4, totalDays: 5 }),
  cycle("C", { status: "approved_with_conditions", conditions: 2 }),
  cycle("D", { status: "rejected", dissent: true }),
  cycle("E", { findings: 1, reversedBy: "Z" }),
  cycle("F", { status: "in_review", decidedAt: null, totalDays: 9 }),
];

test("each measure is a count over a count, and opens to its rows", () => {
  const { shares } = measure(six, six);
  expect(Object.fromEntries(shares.map((s) => [s.id, [s.n, s.of]]))).toEqual({
    inside_promise: [4, 5],
    first_pass: [4, 5],
    bounced: [1, 5],
    unchanged: [1, 4],
    reversed: [1, 4],
    dissent: [1, 5],
  });
  for (const share of shares) {
    const rows = rowsOf(share.id, six);
    expect([rows.filter((r) => r.meets).length, rows.length]).toEqual([share.n, share.of]);
  }
  expect(rowsOf("reversed", six)[0]).toMatchObject({ cycle: { ref: "E" }, meets: true });
});

test("a lane's times are of its decisions; what is open counts as the oldest, never as fast", () => {
  const lane = measure(six, six).lanes.find((l) => l.lane === "fast_track");
  expect(lane).toMatchObject({
    decided: 5,
    board: { median: 1.5, p85: 4 },
    total: { median: 2, p85: 5 },
    inside: { n: 4, of: 5 },
    kept: false,
    oldest: { ref: "F", days: 9 },
  });
});

test("nothing decided says nothing, and is not perfect", () => {
  const none = measure([], []);
  expect(none.shares.every((s) => s.share === null)).toBe(true);
  expect(none.lanes.every((l) => l.kept === null && l.board === null && l.oldest === null)).toBe(true);
  expect(none.tooManyFull).toBeNull();
  expect(spread([])).toBeNull();
});

test("four decisions are too few for a verdict", () => {
  expect(measure(six.slice(0, 4), []).lanes.find((l) => l.lane === "fast_track")).toMatchObject({
    decided: 4,
    kept: null,
  });
});

test("the mix warns when more than 30 % goes before the full board", () => {
  const mix = (full: number) => [
    ...Array.from({ length: full }, (_, i) => cycle(`F${i}`, { lane: "full_board" })),
    ...Array.from({ length: 10 - full }, (_, i) => cycle(`S${i}`, { lane: "self_service" })),
  ];
  expect([measure([], mix(3)).tooManyFull, measure([], mix(4)).tooManyFull]).toEqual([false, true]);
  expect(measure([], mix(4)).mix.find((m) => m.lane === "full_board")).toMatchObject({ n: 4, of: 10, share: 0.4 });
});
