import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { compileCheck } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import { loadContent, newestOfEach, type Pattern } from "@/lib/content/load";
import { factKey } from "@/lib/facts/catalogue";
import { outline } from "@/lib/markdown/outline";
import { type PatternPlatform, patternPlatformName } from "@/lib/patterns/pattern";

const content = loadContent();
const current = newestOfEach(content.patterns);
const items = new Set(content.checklists[0]?.items.map((i) => i.id));
const each = current.map((p) => [p.id, p] as const);

const fences = /^```(\w*)\n([\s\S]*?)^```$/gm;
const diagrams = (p: Pattern) =>
  [...p.markdown.matchAll(fences)].filter((m) => m[1] === "mermaid").map((m) => m[2] ?? "");
const prose = (p: Pattern) => p.markdown.replaceAll(fences, "");
const quoted = (p: Pattern) => [...prose(p).matchAll(/`([^`\n]+)`/g)].map((m) => m[1] ?? "");

/** What every pattern answers; its headings are its own, but each of these is found among them. */
const aspects: Readonly<Record<string, RegExp>> = {
  context: /context|problem|situation/i,
  forces: /forces|pull|tension/i,
  components: /structure|components|parts|shape/i,
  "data contracts": /contract/i,
  objectives: /service level|objective|promise/i,
  "failure modes and fallbacks": /fail|breaks|goes wrong/i,
  "security and privacy": /security|privacy|threat/i,
  "cost drivers": /cost|bill|money/i,
  "when not to use it": /when not|not for/i,
  "variants per platform": /platform|variant/i,
  "limits of the lane": /limits|lane/i,
  migration: /migrat|moving|getting there/i,
};

test("the library has 18 reference architectures; each is current and says what kind of thing it is", () => {
  expect(current).toHaveLength(18);
  expect(current.filter((p) => p.kind === null || p.status !== "current").map((p) => p.id)).toEqual([]);
});

test.each(each)("%s: 800 to 1,800 words, two diagrams or more, every aspect under a heading", (_id, p) => {
  const words = prose(p)
    .split(/\s+/)
    .filter((w) => /[\p{L}\d]/u.test(w)).length;
  expect(words).toBeGreaterThanOrEqual(800);
  expect(words).toBeLessThanOrEqual(1800);
  expect(diagrams(p).length).toBeGreaterThanOrEqual(2);
  expect(diagrams(p).filter((d) => !/^\s*accTitle: \S/m.test(d))).toEqual([]);
  const headings = outline(p.markdown).map((h) => h.text);
  const lacking = Object.entries(aspects).filter(([, words]) => !headings.some((h) => words.test(h)));
  expect(lacking.map(([aspect]) => aspect)).toEqual([]);
});

test.each(each)("%s: items, facts, platforms and patterns that it names exist, and its checks compile", (_id, p) => {
  expect(p.satisfies.length).toBeGreaterThanOrEqual(4);
  const cited = quoted(p).filter((q) => /^[a-z]{3}-\d$/.test(q));
  const named = [...p.satisfies.map((s) => s.item), ...p.checks.flatMap((c) => c.item ?? []), ...cited];
  expect(named.filter((id) => !items.has(id))).toEqual([]);
  expect(quoted(p).filter((q) => isFactName(q) && !factKey(q))).toEqual([]);
  expect(p.variants.length).toBeGreaterThanOrEqual(3);
  expect(p.variants.filter((v) => !says(p, v))).toEqual([]);
  expect(p.related.length).toBeGreaterThanOrEqual(2);
  expect(p.related.filter((r) => r.id === p.id || !current.some((o) => o.id === r.id))).toEqual([]);
  expect(p.checks.filter((c) => c.check !== null).length).toBeGreaterThanOrEqual(4);
  for (const { check } of p.checks)
    if (check !== null) expect(compileCheck(check, factsEnv)).toMatchObject({ ok: true });
});

test.each(each)("%s: its links lead somewhere", (_id, p) => {
  const targets = [...prose(p).matchAll(/\]\(([^)\s]+)\)/g)].map((m) => m[1] ?? "");
  expect(targets.filter((href) => !leads(href, p))).toEqual([]);
});

const isFactName = (text: string) =>
  /^[a-z]+\.[a-z_]+$/.test(text) && factsEnv.families.has(text.slice(0, text.indexOf(".")));

const says = (p: Pattern, platform: PatternPlatform) => p.markdown.includes(patternPlatformName[platform]);

function leads(href: string, from: Pattern): boolean {
  if (href.startsWith("https://")) return true;
  const [, page = "", anchor] = /^([^#]*)(?:#(.+))?$/.exec(href) ?? [];
  const id = /^\/patterns\/([a-z0-9-]+)$/.exec(page)?.[1];
  const target = page === "" ? from : current.find((p) => p.id === id);
  if (target) return anchor === undefined || outline(target.markdown).some((h) => h.id === anchor);
  return id === undefined && existsSync(path.join(process.cwd(), "app", "(portal)", page, "page.tsx"));
}
