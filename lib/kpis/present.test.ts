import { expect, test } from "vitest";
import { show } from "./present";

const target = { low: 90, high: null };

test("a range that crosses the target's edge is shown as a range, under the words cannot tell", () => {
  const shown = show(
    { value: 74, low: 74, high: 92, status: "cannot_tell", eligible: 50, known: 41, met: 37 },
    target,
    true,
  );
  expect(shown).toMatchObject({
    state: "cannot_tell",
    value: "74 to 92",
    rangeText: "74 % to 92 %",
    coverage: "41 of 50",
  });
});

test("too few shows the counts and no percentage", () => {
  expect(
    show({ value: 100, low: 100, high: 100, status: "too_few", eligible: 3, known: 3, met: 3 }, target, true),
  ).toMatchObject({
    state: "cannot_tell",
    word: "Too few to tell",
    value: "3 of 3",
    axis: null,
  });
});

test("without a source there is no number at all", () => {
  expect(show(null, target, true)).toMatchObject({ state: "not_measured", value: null, axis: null });
});

test("one number where low and high agree", () => {
  expect(
    show(
      { value: 8.25, low: 8.25, high: 8.25, status: "met", eligible: 40, known: 40, met: 30 },
      { low: null, high: 10 },
      false,
    ),
  ).toMatchObject({
    value: "8.3",
    rangeText: "8.3",
    coverage: "All 40",
  });
});
