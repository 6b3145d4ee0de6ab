import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bundle } from "@/scripts/signing-page.mjs";
import { signingPage } from "./document";

test("the committed script is the bundle of its source", async () => {
  expect(readFileSync("lib/signing/page/page.js", "utf8")).toBe(await bundle());
});

test("the page loads nothing: one document, script and style by hash, no cookie, no framework", () => {
  const { html, csp, scriptSha256 } = signingPage();
  const text = html;
  expect(text).not.toMatch(/<script[^>]*src=|<link|document\.cookie|localStorage|innerHTML|eval\(/);
  expect(csp).toContain("default-src 'none'");
  expect(csp).not.toContain("unsafe");
  expect(scriptSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(text.length).toBeLessThan(120_000);
});
