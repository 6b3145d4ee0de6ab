import { diffArrays, diffWordsWithSpace } from "diff";

export type DiffLine = { kind: "same" | "del" | "ins"; text: string };

/** Line diff (Myers). Texts that share too little to be compared in reasonable time differ as a whole: all old, then all new. */
export function diffLines(before: string, after: string, limit = 2000): DiffLine[] {
  const a = before.split("\n");
  const b = after.split("\n");
  const parts = diffArrays(a, b, { maxEditLength: limit }) ?? [
    { removed: true, added: false, value: a },
    { removed: false, added: true, value: b },
  ];
  return parts.flatMap(({ removed, added, value }) => {
    const kind = removed ? ("del" as const) : added ? ("ins" as const) : ("same" as const);
    return value.map((text) => ({ kind, text }));
  });
}

export type Piece = { text: string; changed: boolean };

/**
 * Which words of a line differ from its other version: for each line that went and came in its place, its pieces. Lines that share
 * less than a third are other lines, and come back whole.
 */
export function diffWords(before: string, after: string): { del: Piece[]; ins: Piece[] } | null {
  if (before.length > 4000 || after.length > 4000) return null;
  const parts = diffWordsWithSpace(before, after);
  const shared = parts.filter((p) => !p.added && !p.removed).reduce((n, p) => n + p.value.trim().length, 0);
  if (shared * 3 < Math.max(before.length, after.length)) return null;
  const side = (skip: "added" | "removed") =>
    parts.filter((p) => !p[skip]).map((p) => ({ text: p.value, changed: p.added || p.removed }));
  return { del: side("added"), ins: side("removed") };
}

/** Lines with the words that differ, where a run of lines came in the place of as many. */
export function withWords(lines: readonly DiffLine[]): (DiffLine & { pieces?: Piece[] })[] {
  const out: (DiffLine & { pieces?: Piece[] })[] = lines.map((line) => ({ ...line }));
  for (let i = 0; i < out.length; ) {
    if (out[i]?.kind !== "del") {
      i++;
      continue;
    }
    let gone = i;
    while (out[gone]?.kind === "del") gone++;
    let came = gone;
    while (out[came]?.kind === "ins") came++;
    const run = gone - i;
    for (let k = 0; k < run && came - gone === run; k++) {
      const [a, b] = [out[i + k], out[gone + k]];
      const words = a && b ? diffWords(a.text, b.text) : null;
      if (a && b && words) {
        a.pieces = words.del;
        b.pieces = words.ins;
      }
    }
    i = came;
  }
  return out;
}
