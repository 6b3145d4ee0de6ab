import { expect, test } from "vitest";
import { loadContent, newestOfEach } from "@/lib/content/load";
import { deadLinksIn, diagramsOf, wordsOf } from "@/lib/testing/texts";

const content = loadContent();
const each = newestOfEach(content.blueprints).map((b) => [b.id, b] as const);

test("there is one target state", () => expect(each.map(([id]) => id)).toEqual(["target-state"]));

test.each(each)("%s: a text worth reading, a diagram and a roadmap, and links that lead somewhere", (_id, b) => {
  expect(wordsOf(b)).toBeGreaterThanOrEqual(600);
  expect(diagramsOf(b).map((d) => /^\s*(\w+)/.exec(d)?.[1])).toEqual(["flowchart", "gantt"]);
  expect(diagramsOf(b).filter((d) => !/^\s*accTitle: \S/m.test(d))).toEqual([]);
  expect(deadLinksIn(b, content)).toEqual([]);
});

test.each(each)("%s: every phase stops something, and each KPI that an exit criterion rests on exists", (_id, b) => {
  const kpis = new Set(newestOfEach(content.kpis).flatMap((f) => f.kpis.map((k) => k.n)));
  const named = b.phases.flatMap((p) => p.exit.flatMap((e) => e.kpi ?? []));
  expect(named.length).toBeGreaterThanOrEqual(b.phases.length);
  expect(named.filter((n) => !kpis.has(n))).toEqual([]);
});
