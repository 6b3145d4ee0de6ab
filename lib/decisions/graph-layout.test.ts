import { expect, test } from "vitest";
import { layOut } from "./graph-layout";

const at = (refs: string[], edges: [string, string][]) =>
  Object.fromEntries(
    layOut(
      refs,
      edges.map(([from, to]) => ({ from, to })),
    ).placed.map((p) => [p.ref, `${p.column},${p.row}`]),
  );

test("a chain goes from left to right in one row", () => {
  expect(
    at(
      ["A", "B", "C"],
      [
        ["A", "B"],
        ["B", "C"],
      ],
    ),
  ).toEqual({ A: "0,0", B: "1,0", C: "2,0" });
});

test("two that one record replaces stand below each other; another family has rows of its own", () => {
  expect(
    at(
      ["A", "B", "C", "X", "Y"],
      [
        ["A", "C"],
        ["B", "C"],
        ["X", "Y"],
      ],
    ),
  ).toEqual({
    A: "0,0",
    B: "0,1",
    C: "1,0",
    X: "0,2",
    Y: "1,2",
  });
});

test("what is older by more steps pushes its successor further right; no two stand in one place", () => {
  const refs = ["A", "B", "C", "D", "E"];
  const { placed } = layOut(refs, [
    { from: "A", to: "B" },
    { from: "B", to: "D" },
    { from: "C", to: "D" },
    { from: "D", to: "E" },
  ]);
  expect(placed.find((p) => p.ref === "D")?.column).toBe(2);
  expect(new Set(placed.map((p) => `${p.column},${p.row}`)).size).toBe(refs.length);
});

test("a circle, which the portal never makes, ends all the same", () => {
  expect(
    layOut(
      ["A", "B"],
      [
        { from: "A", to: "B" },
        { from: "B", to: "A" },
      ],
    ).placed,
  ).toHaveLength(2);
});
