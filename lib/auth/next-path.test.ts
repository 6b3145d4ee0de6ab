import { expect, test } from "vitest";
import { safeNext } from "./next-path";

test.each(["/", "/reviews/REV-0412?tab=findings#f2", "/models/card%20fraud"])("%s is a page of ours", (path) => {
  expect(safeNext(path)).toBe(path);
});

test.each([
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/a\r\nset-cookie: x=1",
  "/a b",
  "/sign-in?next=/",
  "",
  undefined,
  ["/a"],
  `/${"a".repeat(1000)}`,
])("%j leads home", (path) => {
  expect(safeNext(path)).toBe("/");
});
