import { cover, fold, type Hash, leafHash, nodeHash, type Subtree, tileHeight, tileWidth } from "./merkle";

/** A hash at a tile height: tile level L, position n, over the leaves [n·256^L, (n+1)·256^L). */
export type Node = { level: number; n: number; hash: Hash };

/** Address of such a hash. */
export type Place = { level: number; n: number };

/**
 * The right edge of a growing tree: the hashes of the open tile of each level, at most 255 a level. Enough to append
 * leaves and to compute the root, so the sequencer never reads the tree.
 */
export class Edge {
  private readonly open: Hash[][];

  /** `open[L]` holds the hashes of level L right of its last full tile. */
  constructor(
    public size = 0,
    open: readonly (readonly Hash[])[] = [],
  ) {
    this.open = open.map((hashes) => [...hashes]);
  }

  copy(): Edge {
    return new Edge(this.size, this.open);
  }

  /** Appends a leaf hash; returns the hashes of the tiles that it filled, for storing. */
  append(leaf: Hash): Node[] {
    const filled: Node[] = [];
    this.size++;
    let hash = leaf;
    let count = this.size;
    for (let level = 0; ; level++) {
      let hashes = this.open[level];
      if (!hashes) this.open[level] = hashes = [];
      hashes.push(hash);
      if (hashes.length < tileWidth) return filled;
      hash = rootOfFull(hashes);
      this.open[level] = [];
      count /= tileWidth;
      filled.push({ level: level + 1, n: count - 1, hash });
    }
  }

  root(): Hash {
    const peaks: Hash[] = [];
    for (const hashes of [...this.open].reverse()) {
      for (const { height, index } of cover(0, hashes.length))
        peaks.push(rootOfFull(hashes.slice(index * 2 ** height, (index + 1) * 2 ** height)));
    }
    return fold(peaks);
  }
}

/** How many hashes of each level stand right of the last full tile in a tree of `size`, and where they begin. */
export function edgePlaces(size: number): { level: number; from: number; to: number }[] {
  const out: { level: number; from: number; to: number }[] = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / tileWidth))
    out.push({ level, from: count - (count % tileWidth), to: count });
  return out;
}

/** Root over a power of two of neighbouring hashes. */
function rootOfFull(hashes: readonly Hash[]): Hash {
  let level = hashes;
  while (level.length > 1) {
    const up: Hash[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      if (left && right) up.push(nodeHash(left, right));
    }
    level = up;
  }
  const [root] = level;
  if (!root) throw new RangeError("No hashes to compute a root over.");
  return root;
}

/** The stored hashes that a subtree is computed from. */
export function placesOf({ height, index }: Subtree): Place[] {
  const level = Math.floor(height / tileHeight);
  const width = 2 ** (height % tileHeight);
  return Array.from({ length: width }, (_, i) => ({ level, n: index * width + i }));
}

/** The hash of a leaf range, from stored hashes. */
export const rangeHash = ([from, to]: readonly [number, number], at: (place: Place) => Hash): Hash =>
  fold(cover(from, to).map((subtree) => rootOfFull(placesOf(subtree).map(at))));

/** Stored hashes that ranges need, each once. */
export function placesFor(ranges: readonly (readonly [number, number])[]): Place[] {
  const seen = new Map<string, Place>();
  for (const [from, to] of ranges)
    for (const subtree of cover(from, to))
      for (const place of placesOf(subtree)) seen.set(`${place.level}/${place.n}`, place);
  return [...seen.values()];
}

/** The root and size of a log given by all its entries in order. */
export function rootOfEntries(entries: Iterable<Uint8Array>): { size: number; root: Hash } {
  const edge = new Edge();
  for (const entry of entries) edge.append(leafHash(entry));
  return { size: edge.size, root: edge.root() };
}
