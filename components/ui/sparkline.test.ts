import { expect, test } from "vitest";
import { sparkPath } from "./sparkline";

test("a gap breaks the line and is never drawn through", () => {
  const { line, last } = sparkPath([1, 2, null, 4], 96, 24);
  expect(line.match(/M/g)).toHaveLength(2);
  expect(line.match(/L/g)).toHaveLength(1);
  expect(last?.[0]).toBe(92);
});

test("an unknown end has no dot, and nothing known has no line", () => {
  expect(sparkPath([1, 2, null], 96, 24).last).toBeNull();
  expect(sparkPath([null, null], 96, 24)).toEqual({ line: "", last: null });
  expect(sparkPath([5, 5], 96, 24).line).toBe("M2.0 12.0L92.0 12.0");
});
