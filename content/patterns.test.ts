import { expect, test } from "vitest";
import { compileCheck } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import { loadContent, newestOfEach, type Pattern } from "@/lib/content/load";
import { outline } from "@/lib/markdown/outline";
import { type PatternPlatform, patternPlatformName } from "@/lib/patterns/pattern";
import { deadLinksIn, diagramsOf, itemsNamedIn, unknownFactsIn, wordsOf } from "@/lib/testing/texts";

const content = loadContent();
const current = newestOfEach(content.patterns);
const items = new Set(content.checklists[0]?.items.map((i) => i.id));
const each = current.map((p) => [p.id, p] as const);

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
  const words = wordsOf(p);
  expect(words).toBeGreaterThanOrEqual(800);
  expect(words).toBeLessThanOrEqual(1800);
  expect(diagramsOf(p).length).toBeGreaterThanOrEqual(2);
  expect(diagramsOf(p).filter((d) => !/^\s*accTitle: \S/m.test(d))).toEqual([]);
  const headings = outline(p.markdown).map((h) => h.text);
  const lacking = Object.entries(aspects).filter(([, words]) => !headings.some((h) => words.test(h)));
  expect(lacking.map(([aspect]) => aspect)).toEqual([]);
});

test.each(each)("%s: items, facts, platforms and patterns that it names exist, and its checks compile", (_id, p) => {
  expect(p.satisfies.length).toBeGreaterThanOrEqual(4);
  const named = [...p.satisfies.map((s) => s.item), ...p.checks.flatMap((c) => c.item ?? []), ...itemsNamedIn(p)];
  expect(named.filter((id) => !items.has(id))).toEqual([]);
  expect(unknownFactsIn(p)).toEqual([]);
  expect(p.variants.length).toBeGreaterThanOrEqual(3);
  expect(p.variants.filter((v) => !says(p, v))).toEqual([]);
  expect(p.related.length).toBeGreaterThanOrEqual(2);
  expect(p.related.filter((r) => r.id === p.id || !current.some((o) => o.id === r.id))).toEqual([]);
  expect(p.checks.filter((c) => c.check !== null).length).toBeGreaterThanOrEqual(4);
  for (const { check } of p.checks)
    if (check !== null) expect(compileCheck(check, factsEnv)).toMatchObject({ ok: true });
});

test.each(each)("%s: its links lead somewhere", (_id, p) => {
  expect(deadLinksIn(p, content)).toEqual([]);
});

const says = (p: Pattern, platform: PatternPlatform) => p.markdown.includes(patternPlatformName[platform]);
