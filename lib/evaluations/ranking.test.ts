import { expect, test } from "vitest";
import { rank } from "./ranking";

const weights = { need: 20, exit: 10, cost: 10 };
const build = { key: "a", scores: { need: 4, exit: 5, cost: 2 } };
const buy = { key: "b", scores: { need: 4, exit: 2, cost: 4 } };

test("the weighted mean decides, and every option shows its own", () => {
  const r = rank(weights, [buy, build]);
  expect(r).toMatchObject({ complete: true, unknown: 0, winner: "a", tied: [] });
  expect(r.options.map((o) => [o.key, o.score])).toEqual([
    ["a", 3.75],
    ["b", 3.5],
  ]);
});

test("an unknown score is not zero: the option is a range, and the result stays open", () => {
  const r = rank(weights, [{ key: "a", scores: { need: 4, exit: 5 } }, buy]);
  expect(r).toMatchObject({ complete: false, unknown: 1, winner: null, flips: null });
  expect(r.options.find((o) => o.key === "a")).toEqual({
    key: "a",
    score: null,
    low: 3.5,
    high: 4.5,
    unknown: ["cost"],
  });
});

test("who leads whatever the unknown turns out to be is said to lead", () => {
  const weak = { key: "b", scores: { need: 1, exit: 1 } };
  expect(rank(weights, [{ key: "a", scores: { need: 5, exit: 5, cost: 5 } }, weak])).toMatchObject({
    complete: false,
    winner: "a",
    flips: null,
  });
});

test("an unknown score of a criterion without weight is not missed", () => {
  const r = rank({ ...weights, cost: 0 }, [{ key: "a", scores: { need: 4, exit: 5 } }, buy]);
  expect(r).toMatchObject({ complete: true, winner: "a" });
});

test("equal options lead together and nobody wins", () => {
  expect(
    rank({ need: 1, exit: 1, cost: 1 }, [
      { key: "a", scores: { need: 3, exit: 3, cost: 3 } },
      { key: "b", scores: { need: 2, exit: 3, cost: 4 } },
    ]),
  ).toMatchObject({
    complete: true,
    winner: null,
    tied: ["a", "b"],
    flips: null,
  });
});

test("the weight from which on another leads is exact, and beyond it that one does", () => {
  const { flips } = rank(weights, [build, buy]);
  expect(flips).toEqual([
    { criterion: "exit", from: 10, to: 10 - 10 / 3, winner: "b" },
    { criterion: "cost", from: 10, to: 15, winner: "b" },
  ]);
  for (const flip of flips ?? []) {
    const [short, past] = [-0.01, 0.01].map((d) => flip.to + Math.sign(flip.to - flip.from) * d);
    expect(rank({ ...weights, [flip.criterion]: short ?? 0 }, [build, buy]).winner).toBe("a");
    expect(rank({ ...weights, [flip.criterion]: past ?? 0 }, [build, buy]).winner).toBe("b");
  }
});

test("an option that is best in everything is moved by no weight", () => {
  const best = { key: "a", scores: { need: 5, exit: 5, cost: 5 } };
  expect(rank(weights, [best, buy]).flips).toEqual([]);
});

test("one option, or none, has nothing to win against", () => {
  expect(rank(weights, [build])).toMatchObject({ winner: null, flips: null });
  expect(rank(weights, [])).toMatchObject({ complete: false, winner: null, options: [] });
});
