import { cachedMarkdown } from "@/lib/markdown/cached";
import { Diagram } from "./diagram";

/**
 * Markdown that a person wrote, in the record's voice. Sanitized on the server: no raw HTML, no pictures from elsewhere, safe
 * links. Fences of language mermaid are drawn in the browser. `base` is the level of its highest heading; `anchors` lets links
 * lead to its headings, for the one text that a page is about.
 */
export function Markdown({ source, base = 3, anchors = false }: { source: string; base?: number; anchors?: boolean }) {
  const pieces = cachedMarkdown(source, base, anchors);
  return (
    <div className="on-record prose">
      {pieces.map((piece, i) =>
        piece.kind === "diagram" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          <Diagram key={i} source={piece.source} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitized in lib/markdown/render.ts, with hostile input in its test
          <div key={i} dangerouslySetInnerHTML={{ __html: piece.html }} />
        ),
      )}
    </div>
  );
}
