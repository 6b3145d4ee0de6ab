import { expect, test } from "vitest";
import { loadContent } from "@/lib/content/load";
import { parseDiagram } from "@/lib/testing/diagrams";
import { diagramsOf } from "@/lib/testing/texts";

const { patterns, guides, blueprints, decisions } = loadContent();
const diagrams = [...patterns, ...guides, ...blueprints, ...decisions].flatMap(({ file, markdown }) =>
  diagramsOf({ markdown }).map((source, i) => [`${file} diagram ${i + 1}`, source] as const),
);

test.each(diagrams)("%s is drawn without a fault", async (_name, source) => {
  await expect(parseDiagram(source)).resolves.toBeTruthy();
});

test("a broken diagram is a fault", async () => {
  await expect(parseDiagram("flowchart LR\n a[b --> c")).rejects.toThrow(/Parse error/);
});
