import { expect, test } from "vitest";
import { loadContent, newest, newestOfEach } from "@/lib/content/load";
import { guideKinds } from "@/lib/guidance/guidance";
import { deadLinksIn, diagramsOf, itemsNamedIn, unknownFactsIn, wordsOf } from "@/lib/testing/texts";

const content = loadContent();
const current = newestOfEach(content.guides);
const items = new Set(content.checklists[0]?.items.map((i) => i.id));

test("there are 6 standards, 5 playbooks and 6 runbooks, and no two of them have one id", () => {
  expect(guideKinds.map((kind) => content.guides.filter((g) => g.kind === kind).length)).toEqual([6, 5, 6]);
  expect(new Set(current.map((g) => g.id)).size).toBe(content.guides.length);
});

test.each(current.map((g) => [g.id, g] as const))("%s: long enough to help, and what it names exists", (_id, guide) => {
  expect(wordsOf(guide)).toBeGreaterThanOrEqual(350);
  expect(wordsOf(guide)).toBeLessThanOrEqual(1200);
  expect([...guide.items, ...itemsNamedIn(guide)].filter((id) => !items.has(id))).toEqual([]);
  expect(guide.patterns.filter((id) => !newest(content.patterns, id))).toEqual([]);
  expect(unknownFactsIn(guide)).toEqual([]);
  expect(deadLinksIn(guide, content)).toEqual([]);
  expect(diagramsOf(guide).filter((d) => !/^\s*accTitle: \S/m.test(d))).toEqual([]);
});
