import { expect, test } from "vitest";
import { asOfLink, sortLink, withParams } from "./urls";

test("a changed filter keeps the others and starts the list anew", () => {
  const params = { tier: ["1", "2"], after: "abc", q: "fraud" };
  expect(withParams("/models", params, { stage: "live" })).toBe("/models?tier=1&tier=2&q=fraud&stage=live");
  expect(withParams("/models", params, { q: null })).toBe("/models?tier=1&tier=2");
  expect(withParams("/models", params, { after: "def" })).toBe("/models?tier=1&tier=2&q=fraud&after=def");
  expect(withParams("/models", {}, { q: "" })).toBe("/models");
});

test("a header turns the sort round and leaves the usual one out of the address", () => {
  expect(sortLink("/m", {}, "name", "tier")).toEqual({ href: "/m?sort=name", direction: null });
  expect(sortLink("/m", { sort: "name" }, "name", "tier")).toEqual({ href: "/m?sort=-name", direction: "ascending" });
  expect(sortLink("/m", { sort: "-name" }, "name", "tier")).toEqual({ href: "/m?sort=name", direction: "descending" });
  expect(sortLink("/m", { sort: "-tier" }, "tier", "tier")).toEqual({ href: "/m", direction: "descending" });
});

test("a link of a page of the past leads into the past, a link of today stays as it is", () => {
  const day = new Date("2026-03-31T23:59:59.999Z");
  expect(asOfLink("/models?tier=1", day)).toBe("/models?tier=1&asof=2026-03-31");
  expect(asOfLink("/models", new Date("2026-03-31T12:00:00Z"))).toBe("/models?asof=2026-03-31T12%3A00%3A00.000Z");
  expect(asOfLink("/models", undefined)).toBe("/models");
});
