/** Where a record stands in the drawing: `column` from the oldest, `row` of its own within its family. */
export type Placed = { ref: string; column: number; row: number };

/**
 * Lays out "superseded by" links from left to right: a record stands one column right of the furthest record that it replaces.
 * Every record has at most one successor and no circle exists, so each family is a tree whose root is the record that stands.
 */
export function layOut(
  refs: readonly string[],
  edges: readonly { from: string; to: string }[],
): { placed: Placed[]; columns: number; rows: number } {
  const successor = new Map(edges.map((e) => [e.from, e.to]));
  const before = new Map<string, string[]>();
  for (const { from, to } of edges) before.set(to, [...(before.get(to) ?? []), from]);
  const placed = new Map<string, Placed>();
  let rows = 0;
  const place = (ref: string): Placed => {
    const there = placed.get(ref);
    if (there) return there;
    // Standing here before its own are placed: data that goes in a circle would otherwise never end.
    const own: Placed = { ref, column: 0, row: -1 };
    placed.set(ref, own);
    const older = (before.get(ref) ?? []).map(place);
    own.column = Math.max(-1, ...older.map((p) => p.column)) + 1;
    own.row = older.length > 0 ? (older[0]?.row ?? 0) : rows++;
    return own;
  };
  for (const ref of refs) if (!successor.has(ref)) place(ref);
  for (const ref of refs) place(ref);
  const all = refs.flatMap((ref) => placed.get(ref) ?? []);
  return { placed: all, columns: Math.max(0, ...all.map((p) => p.column + 1)), rows };
}
