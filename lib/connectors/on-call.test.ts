import { expect, test } from "vitest";
import { coveredDays, type Shift } from "./on-call";

const day = 86_400_000;
const now = Date.parse("2026-11-20T12:00:00Z");
const shift = (from: number | null, to: number | null, level = 1): Shift => ({
  level,
  start: from === null ? null : now + from * day,
  end: to === null ? null : now + to * day,
});
const covered = (...shifts: Shift[]) => coveredDays(shifts, now, now + 30 * day);

test("coverage runs from now to the first gap at the first level", () => {
  expect(covered()).toBe(0);
  expect(covered(shift(null, null))).toBe(30);
  expect(covered(shift(-1, 7), shift(7, 14), shift(14, 40))).toBe(30);
  // In any order, and overlapping.
  expect(covered(shift(7, 14), shift(-1, 8))).toBe(14);
  expect(covered(shift(-1, 7), shift(8, 30))).toBe(7);
  expect(covered(shift(1, 30))).toBe(0);
  expect(covered(shift(-1, 7), shift(-1, 30, 2))).toBe(7);
});
