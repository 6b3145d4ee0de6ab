import { diff3Merge } from "node-diff3";

export type Merged = { text: string; conflicts: number };

/**
 * Three-way merge by lines: what either side changed against the base. Where both changed the same lines differently, both stand
 * between marks, with the base in the middle, for a person to resolve.
 */
export function mergeTexts(
  texts: { own: string; base: string; shipped: string },
  names: { own: string; base: string; shipped: string },
): Merged {
  const lines = (text: string) => text.split("\n");
  let conflicts = 0;
  const out = diff3Merge(lines(texts.own), lines(texts.base), lines(texts.shipped), {
    excludeFalseConflicts: true,
  }).flatMap((region) => {
    if (region.ok) return region.ok;
    conflicts += 1;
    const { a, o, b } = region.conflict ?? { a: [], o: [], b: [] };
    return [`<<<<<<< ${names.own}`, ...a, `||||||| ${names.base}`, ...o, "=======", ...b, `>>>>>>> ${names.shipped}`];
  });
  return { text: out.join("\n"), conflicts };
}
