import { diffArrays } from "diff";

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
