import { expect, test } from "vitest";
import { usualGlobs } from "@/lib/decisions/glob";
import { fits } from "./glob";

test.each([
  ["docs/adr/0001-a.md", "docs/adr/*.md", true],
  ["docs/adr/old/0001-a.md", "docs/adr/*.md", false],
  ["docs/adr/old/0001-a.md", "docs/**/*.md", true],
  ["docs/0001-a.md", "docs/**/*.md", true],
  ["a.md", "**/*.md", true],
  ["a.txt", "**/*.md", false],
  ["x/0001-a.markdown", "**/*.{md,markdown}", true],
  ["x/12-a.md", "**/??-*.md", true],
  [`${"a".repeat(300)}b`, `${"*a".repeat(60)}c`, false],
  [`${"a/".repeat(100)}b`, `${"**/".repeat(60)}c`, false],
])("%.40s against %.40s: %s", (path, glob, expected) => {
  expect(fits(path, glob)).toBe(expected);
});

test.each([
  ["adr-tools", "doc/adr/0001-record.md"],
  ["adr-tools, long form", "docs/architecture/decisions/0001-record.md"],
  ["MADR", "docs/decisions/0001-record.md"],
  ["Log4brains", "docs/adr/20200101-record.md"],
  ["Log4brains package", "packages/core/docs/adr/20200101-record.md"],
  ["one that spells it out", "architecture-decision-record/0001-record.md"],
])("the usual patterns find the layout of %s", (_, path) => {
  expect(usualGlobs.some((glob) => fits(path, glob))).toBe(true);
});
