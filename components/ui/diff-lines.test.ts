import { expect, test } from "vitest";
import { diffLines, diffWords, withWords } from "./diff-lines";

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

test("marks the words that differ in a line that came in another's place", () => {
  const marked = withWords(diffLines("a\nkept for 30 days\nz", "a\nkept for 0 days\nz")).map((l) =>
    (l.pieces ?? [{ text: l.text, changed: false }]).map((p) => (p.changed ? `[${p.text}]` : p.text)).join(""),
  );
  expect(marked).toEqual(["a", "kept for [30] days", "kept for [0] days", "z"]);
});

test("lines that share little are other lines; runs of unequal length are not paired", () => {
  expect(diffWords("one two three", "something else altogether here")).toBeNull();
  expect(withWords(diffLines("same words here", "same words there\nand more")).some((l) => l.pieces)).toBe(false);
});
