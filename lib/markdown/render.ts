import type { Root } from "hast";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { ourImage } from "@/lib/images/image";
import { anchorIds } from "./outline";

/** A stretch of sanitized HTML, the source of a diagram, or, last, what of the text is not shown and why: a sentence each. */
export type Piece =
  | { kind: "html"; html: string }
  | { kind: "diagram"; source: string }
  | { kind: "left-out"; sentences: readonly string[] };

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
 * What may stay: the sanitizer's own list, of pictures only those uploaded here (a reader must not call a foreign host by reading),
 * links only to http, https and mailto or within the portal, and the language class of code.
 */
const schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((t) => t !== "picture" && t !== "source"),
  protocols: { ...defaultSchema.protocols, href: [...allowed] },
  attributes: {
    ...defaultSchema.attributes,
    a: [...(defaultSchema.attributes?.a ?? []).filter((a) => a !== "target"), "rel"],
    img: [["src", ourImage] as [string, RegExp], "alt"],
    code: [["className", /^language-[\w-]{1,40}$/] as [string, RegExp]],
  },
};

/**
 * Turns Markdown into sanitized pieces. Raw HTML is dropped, pictures that were not uploaded here become links, headings start at `base`, fences of
 * language mermaid become diagrams. `anchors` gives headings the ids of `outline`; only for the one text that a page is about,
 * since two texts may have a heading of the same words. Text that is too long or too deeply nested comes back as plain preformatted text.
 * `finish` gets the sanitized tree before it is written, to colour code for instance. Callouts are written as in GitHub: a quote that
 * begins with [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] or [!CAUTION].
 */
export function renderMarkdown(
  source: string,
  options: { base?: number; prefix?: string; anchors?: boolean; finish?: (html: Root) => void } = {},
): Piece[] {
  const tooMuch = beyond(source);
  if (tooMuch)
    return [
      { kind: "html", html: plain(source) },
      { kind: "left-out", sentences: [tooMuch] },
    ];
  const parsed = unified().use(remarkParse).use(remarkFrontmatter, ["yaml"]).use(remarkGfm);
  const tree = parsed.runSync(parsed.parse(source)) as unknown as Node;
  const sentences = leftOut(tree);
  foreignImagesToLinks(tree);
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
  markCallouts(html);
  if (options.anchors) markHeadings(html);
  options.finish?.(html as unknown as Root);
  for (const child of html.children ?? []) {
    const source = diagramOf(child);
    if (source === null) run.push(child);
    else {
      flush();
      pieces.push({ kind: "diagram", source });
    }
  }
  flush();
  if (sentences.length > 0) pieces.push({ kind: "left-out", sentences });
  return pieces;
}

/** Why a text is shown as it was typed instead of laid out; null: it is laid out. */
function beyond(source: string): string | null {
  const shown = "so it is shown as it was typed";
  if (source.length > maxMarkdown)
    return `This text has more than ${maxMarkdown.toLocaleString("en-GB")} characters, ${shown} and ends there.`;
  if (nesting(source) > maxDepth) return `Quotes or lists are nested more than ${maxDepth} deep, ${shown}.`;
  if (marks(source) > maxMarks)
    return `One paragraph holds more than ${maxMarks.toLocaleString("en-GB")} emphasis or link marks, ${shown}.`;
  return null;
}

/** What the reader will not see, counted, with the reason. Comments are not meant to be seen. */
function leftOut(tree: Node): string[] {
  let html = 0;
  let links = 0;
  let pictures = 0;
  each(tree, (node) => {
    if (node.type === "html" && !/^\s*(<\/|<!--)/.test(node.value ?? "")) html += 1;
    if (isForeign(node)) pictures += 1;
    const scheme = /^\s*([a-z][\w+.-]*):/i.exec(node.url ?? "")?.[1]?.toLowerCase();
    if (/^(link|image|definition)$/.test(node.type) && scheme && !allowed.has(scheme)) links += 1;
  });
  const said = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
  return [
    ...(html > 0 ? [`${said(html, "piece", "pieces")} of raw HTML left out: records are Markdown only.`] : []),
    ...(pictures > 0
      ? [`${said(pictures, "picture", "pictures")} not shown: only those uploaded to this portal are.`]
      : []),
    ...(links > 0
      ? [`${said(links, "address", "addresses")} left out: links lead to http, https, mailto or within the portal.`]
      : []),
  ];
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

const isForeign = (node: Node): boolean =>
  node.type === "imageReference" || (node.type === "image" && !ourImage.test(node.url ?? ""));

function foreignImagesToLinks(tree: Node): void {
  each(tree, (node) => {
    if (!isForeign(node)) return;
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
/** A quote that begins with [!NOTE] and the like becomes a callout with its kind as a word. */
function markCallouts(tree: Node): void {
  each(tree, (node) => {
    if (node.tagName !== "blockquote") return;
    const first = node.children?.find((child) => child.tagName === "p");
    const lead = first?.children?.[0];
    const found = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(\n|$)/.exec(lead?.value ?? "");
    if (!first || !lead?.value || !found) return;
    const kind = (found[1] ?? "").toLowerCase();
    lead.value = lead.value.slice(found[0].length);
    const word = { type: "text", value: `${kind[0]?.toUpperCase()}${kind.slice(1)}` };
    const title = { type: "element", tagName: "p", properties: { className: ["lbl"] }, children: [word] };
    node.properties = { className: ["callout", kind] };
    node.children = [title, ...(node.children ?? [])];
  });
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
