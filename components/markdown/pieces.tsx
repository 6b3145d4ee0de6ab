import type { Piece } from "@/lib/markdown/render";
import { Diagram } from "./diagram";

/** The pieces of a Markdown text in the record's voice, and below them what of it is not shown and why. */
export function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return (
    <div className="on-record prose">
      {pieces.map((piece, i) =>
        piece.kind === "diagram" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          <Diagram key={i} source={piece.source} />
        ) : piece.kind === "left-out" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          <p key={i} className="lbl left-out">
            {piece.sentences.join(" ")}
          </p>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitized in lib/markdown/render.ts, with hostile input in its test
          <div key={i} dangerouslySetInnerHTML={{ __html: piece.html }} />
        ),
      )}
    </div>
  );
}
