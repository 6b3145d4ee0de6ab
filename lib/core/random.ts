/** A small deterministic generator (mulberry32), so that every demo organisation is the same but for its dates. */
export function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A generator of its own for a name. */
export function randomFor(name: string): () => number {
  let h = 2_166_136_261;
  for (const c of name) h = Math.imul(h ^ c.charCodeAt(0), 16_777_619);
  return random(h);
}

export const pick = <T>(rng: () => number, list: readonly [T, ...T[]]): T =>
  list[Math.floor(rng() * list.length)] ?? list[0];

export const between = (rng: () => number, low: number, high: number): number => Math.round(low + rng() * (high - low));
