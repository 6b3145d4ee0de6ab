import { createHash } from "node:crypto";
import rehypeHighlight from "rehype-highlight";
import { unified } from "unified";
import { type Piece, renderMarkdown } from "./render";

/** Colours code whose language the fence names, on the server only: a preview in the browser does without the grammars. */
const highlight = unified().use(rehypeHighlight, { plainText: ["mermaid"] });

const kept = new Map<string, Piece[]>();
const most = 300;

/** Records do not change once written, so a text is laid out once per process. The footnote prefix follows from the text. */
export function cachedMarkdown(source: string, base: number, anchors: boolean): Piece[] {
  const hash = createHash("sha256").update(source).digest("hex");
  const key = `${base} ${anchors} ${hash}`;
  const before = kept.get(key);
  if (before) {
    // Last used, last out.
    kept.delete(key);
    kept.set(key, before);
    return before;
  }
  const pieces = renderMarkdown(source, {
    base,
    anchors,
    prefix: `t${hash.slice(0, 8)}`,
    finish: (html) => void highlight.runSync(html),
  });
  kept.set(key, pieces);
  const oldest = kept.size > most ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  return pieces;
}
