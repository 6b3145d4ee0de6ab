import { diffLines, type Piece, withWords } from "./diff-lines";

const around = 3;

/** Two texts, line by line, with the words that differ marked. Long runs that are the same fold to one line. */
export function Diff({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = withWords(diffLines(before, after));
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - around), i + around + 1).some((l) => l.kind !== "same"));
  const shown = lines.map((line, i) => ({ ...line, i, fold: !near[i] }));
  if (lines.every((l) => l.kind === "same")) return <p className="ink2">No difference.</p>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this only names the group
    <div className="diff" role="group" aria-label={label}>
      {shown.map((line) => {
        if (line.fold) {
          return near[line.i - 1] || line.i === 0 ? (
            <div className="gap" key={line.i}>
              <span />
              <span>…</span>
            </div>
          ) : null;
        }
        const Text = line.kind === "del" ? "del" : line.kind === "ins" ? "ins" : "span";
        return (
          <div className={line.kind} key={line.i}>
            <span aria-hidden="true">{{ same: "", del: "−", ins: "+" }[line.kind]}</span>
            <Text>{line.pieces ? <Words pieces={line.pieces} /> : line.text || " "}</Text>
          </div>
        );
      })}
    </div>
  );
}

/** A line whose changed words are marked. */
function Words({ pieces }: { pieces: readonly Piece[] }) {
  let at = 0;
  return pieces.map((piece) => {
    const key = at;
    at += piece.text.length + 1;
    return piece.changed ? <b key={key}>{piece.text}</b> : <span key={key}>{piece.text}</span>;
  });
}
