import { expect, test } from "vitest";
import { loadContent } from "@/lib/content/load";
import { parseDiagram } from "@/lib/testing/diagrams";

const { patterns, decisions } = loadContent();
const diagrams = [...patterns, ...decisions].flatMap(({ file, markdown }) =>
  [...markdown.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(
    (m, i) => [`${file} diagram ${i + 1}`, m[1] ?? ""] as const,
  ),
);

test.each(diagrams)("%s is drawn without a fault", async (_name, source) => {
  await expect(parseDiagram(source)).resolves.toBeTruthy();
});

test("a broken diagram is a fault", async () => {
  await expect(parseDiagram("flowchart LR\n a[b --> c")).rejects.toThrow(/Parse error/);
});
