import { expect, test } from "vitest";
import { codeOf } from "./code";
import { sha256 } from "./sha256";

const digest = sha256(Buffer.from("a statement"));

test("the code has four groups of three digits and is the same every time", () => {
  expect(codeOf(digest)).toMatch(/^\d{3} \d{3} \d{3} \d{3}$/);
  expect(codeOf(digest)).toBe(codeOf(Buffer.from(digest)));
});

test("another statement has another code", () => {
  const other = sha256(Buffer.from("a statement."));
  expect(codeOf(other)).not.toBe(codeOf(digest));
});
