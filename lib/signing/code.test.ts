import { expect, test } from "vitest";
import { codeOf, printOf } from "./code";
import { sha256 } from "./sha256";

const digest = sha256(Buffer.from("a statement"));

test("the code has four groups of three digits and is the same every time", () => {
  expect(codeOf(digest)).toMatch(/^\d{3} \d{3} \d{3} \d{3}$/);
  expect(codeOf(digest)).toBe(codeOf(Buffer.from(digest)));
});

test("another statement has another code and print", () => {
  const other = sha256(Buffer.from("a statement."));
  expect(codeOf(other)).not.toBe(codeOf(digest));
  expect(printOf(other)).not.toEqual(printOf(digest));
});

test("every bar stays inside the frame", () => {
  for (let i = 0; i < 200; i++)
    for (const bar of printOf(sha256(Buffer.from([i])))) expect(bar.top + bar.height).toBeLessThanOrEqual(8);
});
