import { consistencyRanges, type Hash, inclusionRanges } from "./merkle";
import { type Place, placesFor, rangeHash } from "./tree";

/** Reads stored hashes (tile heights only); the answer is in the order asked. Throws if one is missing. */
export type ReadHashes = (places: readonly Place[]) => Promise<Hash[]>;

/** The inclusion proof of leaf `index` in the tree of `size`, with one read. */
export const inclusionProof = (read: ReadHashes, index: number, size: number): Promise<Hash[]> =>
  hashesOf(read, inclusionRanges(index, size));

/** The consistency proof between the trees of `from` and `to` leaves, with one read. */
export const consistencyProof = (read: ReadHashes, from: number, to: number): Promise<Hash[]> =>
  hashesOf(read, consistencyRanges(from, to));

/** The root of the first `size` leaves, with one read. */
export async function rootAt(read: ReadHashes, size: number): Promise<Hash> {
  const [root] = await hashesOf(read, [[0, size]]);
  if (!root) throw new RangeError("No root.");
  return root;
}

async function hashesOf(read: ReadHashes, ranges: readonly (readonly [number, number])[]): Promise<Hash[]> {
  const places = placesFor(ranges);
  const hashes = await read(places);
  const at = new Map(places.map((p, i) => [`${p.level}/${p.n}`, hashes[i]]));
  return ranges.map((range) =>
    rangeHash(range, ({ level, n }) => {
      const hash = at.get(`${level}/${n}`);
      if (!hash) throw new Error(`The log lacks the hash at level ${level}, position ${n}.`);
      return hash;
    }),
  );
}
