import { cachedMarkdown } from "@/lib/markdown/cached";
import { Pieces } from "./pieces";

/**
 * Markdown that a person wrote, in the record's voice. Sanitized on the server: no raw HTML, pictures only that were uploaded here, safe
 * links. Fences of language mermaid are drawn in the browser. `base` is the level of its highest heading; `anchors` lets links
 * lead to its headings, for the one text that a page is about.
 */
export function Markdown({ source, base = 3, anchors = false }: { source: string; base?: number; anchors?: boolean }) {
  return <Pieces pieces={cachedMarkdown(source, base, anchors)} />;
}
