import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { anchorIds } from "./outline";

/** A stretch of sanitized HTML, or the source of a diagram. */
export type Piece = { kind: "html"; html: string } | { kind: "diagram"; source: string };

/** A node of either tree, as far as this file looks at it. */
type Node = {
  type: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
  value?: string;
  url?: string;
  alt?: string | null;
  depth?: number;
  lang?: string | null;
};

/** Text of one person's record; far above any record, far below what makes a server slow. */
export const maxMarkdown = 100_000;
const maxDepth = 60;
/** Emphasis and links are matched pairwise within a paragraph, which costs the square of their number. */
const maxMarks = 1000;

const allowed = new Set(["http", "https", "mailto"]);

/**
 * What may stay: the sanitizer's own list without pictures (a reader must not call a foreign host by reading), links only to
 * http, https and mailto or within the portal, and the language class of code.
 */
const schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((t) => t !== "img" && t !== "picture" && t !== "source"),
  protocols: { ...defaultSchema.protocols, href: [...allowed] },
  attributes: {
    ...defaultSchema.attributes,
    a: [...(defaultSchema.attributes?.a ?? []).filter((a) => a !== "target"), "rel"],
    code: [["className", /^language-[\w-]{1,40}$/] as [string, RegExp]],
  },
};

/**
 * Turns Markdown into sanitized pieces. Raw HTML is dropped, images become links, headings start at `base`, fences of
 * language mermaid become diagrams. `anchors` gives headings the ids of `outline`; only for the one text that a page is about,
 * since two texts may have a heading of the same words. Text that is too long or too deeply nested comes back as plain preformatted text.
 */
export function renderMarkdown(
  source: string,
  options: { base?: number; prefix?: string; anchors?: boolean } = {},
): Piece[] {
  if (source.length > maxMarkdown || nesting(source) > maxDepth || marks(source) > maxMarks)
    return [{ kind: "html", html: plain(source) }];
  const parsed = unified().use(remarkParse).use(remarkFrontmatter, ["yaml"]).use(remarkGfm);
  const tree = parsed.runSync(parsed.parse(source)) as unknown as Node;
  imagesToLinks(tree);
  shiftHeadings(tree, options.base ?? 3);
  const toHtml = unified()
    .use(remarkRehype, { clobberPrefix: `${options.prefix ?? "md"}-` })
    .use(rehypeSanitize, { ...schema, clobberPrefix: "" });
  const write = unified().use(rehypeStringify);
  const pieces: Piece[] = [];
  let run: Node[] = [];
  const flush = () => {
    if (run.some((n) => n.type !== "text" || n.value?.trim()))
      pieces.push({ kind: "html", html: write.stringify({ type: "root", children: run } as never) });
    run = [];
  };
  const html = toHtml.runSync(tree as never) as unknown as Node;
  markLinks(html);
  wrapTables(html);
  if (options.anchors) markHeadings(html);
  for (const child of html.children ?? []) {
    const source = diagramOf(child);
    if (source === null) run.push(child);
    else {
      flush();
      pieces.push({ kind: "diagram", source });
    }
  }
  flush();
  return pieces;
}

/** How deep quotes and lists go at most, told from the text alone: a parser's stack must not be the limit. */
function nesting(source: string): number {
  let most = 0;
  for (const line of source.split("\n")) {
    const lead = /^[\s>*+\-.\d)]*/.exec(line)?.[0] ?? "";
    const marks = (lead.match(/>|[*+-](?=\s)|\d[.)](?=\s)/g) ?? []).length;
    most = Math.max(most, marks, Math.floor((/^ */.exec(line)?.[0].length ?? 0) / 8));
  }
  return most;
}

/** The most emphasis and bracket marks that one paragraph holds. */
function marks(source: string): number {
  let most = 0;
  for (const block of source.split(/\n[ \t]*\n/)) most = Math.max(most, (block.match(/[*_~[\]!]/g) ?? []).length);
  return most;
}

const plain = (source: string): string =>
  `<pre>${source.slice(0, maxMarkdown).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</pre>`;

function each(node: Node, visit: (node: Node) => void): void {
  const stack = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    visit(next);
    if (next.children) stack.push(...next.children);
  }
}

function imagesToLinks(tree: Node): void {
  each(tree, (node) => {
    if (node.type !== "image" && node.type !== "imageReference") return;
    const text = node.alt || node.url || "picture";
    if (node.type === "image") Object.assign(node, { type: "link", children: [{ type: "text", value: text }] });
    else Object.assign(node, { type: "text", value: text });
  });
}

/** The highest heading of the text becomes `base`, so that the page's outline has no gap. */
function shiftHeadings(tree: Node, base: number): void {
  let top = 6;
  each(tree, (node) => {
    if (node.type === "heading") top = Math.min(top, node.depth ?? 6);
  });
  each(tree, (node) => {
    if (node.type === "heading") node.depth = Math.min(6, (node.depth ?? 6) - top + base);
  });
}

/** Links that leave the portal pass no referrer and give no hold on this window. */
function markLinks(tree: Node): void {
  each(tree, (node) => {
    const href = node.tagName === "a" ? node.properties?.href : undefined;
    if (typeof href !== "string") return;
    if (/^[a-z][\w+.-]*:|^\/\//i.test(href))
      node.properties = { ...node.properties, rel: "noopener noreferrer nofollow" };
  });
}

/** A table wider than the screen scrolls in a frame of its own, which the keyboard can reach. */
function wrapTables(tree: Node): void {
  const parents: Node[] = [];
  each(tree, (node) => {
    if (node.children?.some((child) => child.tagName === "table")) parents.push(node);
  });
  for (const parent of parents) {
    parent.children = parent.children?.map((child) =>
      child.tagName === "table" ? { type: "element", tagName: "div", properties: frame, children: [child] } : child,
    );
  }
}
const frame = { className: ["scroll-x"], tabIndex: 0, role: "group", ariaLabel: "Table" };

/** After the sanitizer, which would take the ids away; they are made of letters, digits and hyphens only. */
function markHeadings(tree: Node): void {
  const take = anchorIds();
  const text = (node: Node): string => node.value ?? (node.children ?? []).map(text).join("");
  for (const node of tree.children ?? []) {
    if (/^h[2-6]$/.test(node.tagName ?? "")) node.properties = { ...node.properties, id: take(text(node)) };
  }
}

function diagramOf(node: Node): string | null {
  const code = node.tagName === "pre" ? node.children?.find((c) => c.tagName === "code") : undefined;
  const classes = code?.properties?.className;
  if (!code || !Array.isArray(classes) || !classes.includes("language-mermaid")) return null;
  return (code.children ?? []).map((c) => c.value ?? "").join("");
}
