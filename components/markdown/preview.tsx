"use client";
import { useMemo } from "react";
import { renderMarkdown } from "@/lib/markdown/render";
import { Diagram } from "./diagram";

/** The same pieces as Markdown's, made in the browser while one writes. */
export function MarkdownPreview({ source, base = 3 }: { source: string; base?: number }) {
  const pieces = useMemo(() => renderMarkdown(source, { base, prefix: "preview" }), [source, base]);
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
