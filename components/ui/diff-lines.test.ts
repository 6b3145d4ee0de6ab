import { expect, test } from "vitest";
import { diffLines } from "./diff-lines";

const show = (before: string, after: string) =>
  diffLines(before, after).map((l) => `${{ same: " ", del: "-", ins: "+" }[l.kind]}${l.text}`);

test("keeps what is common and tells what went and what came", () => {
  expect(show("a\nb\nc", "a\nx\nc\nd")).toEqual([" a", "-b", "+x", " c", "+d"]);
  expect(show("same", "same")).toEqual([" same"]);
  expect(show("", "new")).toEqual(["-", "+new"]);
});

test("the changed text can be put together again from either side", () => {
  const before = "one\ntwo\nthree\nfour";
  const after = "two\nthree\nfive\nfour\nsix";
  const lines = diffLines(before, after);
  const side = (skip: string) =>
    lines
      .filter((l) => l.kind !== skip)
      .map((l) => l.text)
      .join("\n");
  expect(side("ins")).toBe(before);
  expect(side("del")).toBe(after);
});
