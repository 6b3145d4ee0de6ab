export type DiffLine = { kind: "same" | "del" | "ins"; text: string };

/** Line diff by longest common subsequence. Texts of more than `limit` lines differ as a whole: all old, then all new. */
export function diffLines(before: string, after: string, limit = 2000): DiffLine[] {
  const a = before.split("\n");
  const b = after.split("\n");
  if (a.length > limit || b.length > limit) {
    return [...a.map((text) => ({ kind: "del" as const, text })), ...b.map((text) => ({ kind: "ins" as const, text }))];
  }
  // lengths[i * w + j]: longest common subsequence of a from i and b from j.
  const w = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * w);
  const at = (i: number, j: number) => lengths[i * w + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * w + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: "same", text: a[i] ?? "" });
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1)))
      out.push({ kind: "del", text: a[i++] ?? "" });
    else out.push({ kind: "ins", text: b[j++] ?? "" });
  }
  return out;
}
