import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

/** A heading of a text: its level as written, its words without marks, and the id by which a link finds it. */
export type Heading = { depth: number; text: string; id: string };

type Node = { type: string; depth?: number; value?: string; children?: Node[] };

/**
 * The headings of a Markdown text in order. `renderMarkdown` with `anchors` gives the same ids, so a table of contents made
 * from this leads to them. For texts of our own: no bound on nesting is looked at.
 */
export function outline(markdown: string): Heading[] {
  const take = anchorIds();
  const tree: Node = unified().use(remarkParse).use(remarkFrontmatter, ["yaml"]).use(remarkGfm).parse(markdown);
  const words = (node: Node): string =>
    node.type === "html" ? "" : (node.value ?? (node.children ?? []).map(words).join(""));
  return (tree.children ?? [])
    .filter((node) => node.type === "heading")
    .map((node) => ({ depth: node.depth ?? 1, text: words(node), id: take(words(node)) }));
}

/** Gives each heading of one text its id: its words in lower case, a second one of the same words a number after it. */
export function anchorIds(): (text: string) => string {
  const taken = new Map<string, number>();
  return (text) => {
    const plain = text.toLowerCase().normalize("NFKD").replaceAll(/\p{M}/gu, "");
    const words = plain.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-+|-+$/g, "");
    const base = `s-${words.slice(0, 80) || "section"}`;
    const n = (taken.get(base) ?? 0) + 1;
    taken.set(base, n);
    return n === 1 ? base : `${base}-${n}`;
  };
}
