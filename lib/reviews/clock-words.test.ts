import { expect, test } from "vitest";
import { inWords } from "./clock-words";

test.each([
  [12, "12 min"],
  [130, "2 h"],
  [480, "1 day"],
  [480 * 3 + 125, "3 days 2 h"],
  [480 * 14 + 125, "14 days"],
])("%i minutes are %s", (minutes, text) => {
  expect(inWords(minutes, 480)).toBe(text);
});
