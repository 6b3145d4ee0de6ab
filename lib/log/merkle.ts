import { concat, equal } from "@/lib/signing/bytes";
import { sha256 } from "@/lib/signing/sha256";
import { proofSides } from "./sides";

/** Hashes of RFC 6962 section 2.1: 0x00 before a leaf, 0x01 before a node, so that neither can pass for the other. */
export type Hash = Uint8Array;

const zero = Uint8Array.of(0);

export const leafHash = (entry: Uint8Array): Hash => sha256(concat(zero, entry));

const pair = new Uint8Array(65);
pair[0] = 1;
export function nodeHash(left: Hash, right: Hash): Hash {
  pair.set(left, 1);
  pair.set(right, 33);
  return sha256(pair);
}

/** Root of the tree without leaves. */
export const emptyRoot: Hash = sha256(new Uint8Array(0));

/** Height of a tile: each holds 256 hashes (C2SP tlog-tiles). */
export const tileHeight = 8;
export const tileWidth = 256;

/** A complete subtree: `height` 0 is a leaf, `index` counts subtrees of that height from the left. */
export type Subtree = { height: number; index: number };

/** The complete subtrees that cover the leaves [from, to), from left to right; `from` must be aligned as RFC 6962 splits are. */
export function cover(from: number, to: number): Subtree[] {
  const out: Subtree[] = [];
  for (let at = from; at < to; ) {
    let height = 0;
    while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= to) height++;
    out.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return out;
}

/** The hash over neighbouring complete subtrees of falling size. */
export function fold(hashes: readonly Hash[]): Hash {
  const last = hashes.at(-1);
  if (!last) return emptyRoot;
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** Leaf ranges whose hashes are the inclusion proof of leaf `index` in a tree of `size`, lowest first (RFC 9162 section 2.1.3.1). */
export function inclusionRanges(index: number, size: number): [number, number][] {
  const walk = (from: number, to: number): [number, number][] => {
    if (to - from === 1) return [];
    const mid = from + split(to - from);
    return index < mid ? [...walk(from, mid), [mid, to]] : [...walk(mid, to), [from, mid]];
  };
  if (!(index >= 0 && index < size)) throw new RangeError(`No leaf ${index} in a tree of ${size}.`);
  return walk(0, size);
}

/** Leaf ranges whose hashes prove that the tree of `from` leaves is the beginning of the tree of `to` (RFC 9162 section 2.1.4.1). */
export function consistencyRanges(from: number, to: number): [number, number][] {
  const walk = (m: number, lo: number, hi: number, whole: boolean): [number, number][] => {
    if (m === hi - lo) return whole ? [] : [[lo, hi]];
    const k = split(hi - lo);
    return m <= k ? [...walk(m, lo, lo + k, whole), [lo + k, hi]] : [...walk(m - k, lo + k, hi, false), [lo, lo + k]];
  };
  if (!(from >= 0 && from <= to)) throw new RangeError(`A tree of ${from} cannot be the beginning of one of ${to}.`);
  return from === 0 || from === to ? [] : walk(from, 0, to, true);
}

/** Verifies an inclusion proof (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  const sides = proofSides(index, size);
  if (!sides || sides.length !== proof.length || !proof.every((h) => h.length === 32)) return false;
  return equal(
    proof.reduce((hash, p, i) => (sides[i] === "left" ? nodeHash(p, hash) : nodeHash(hash, p)), leaf),
    root,
  );
}

/** Verifies that the tree of `from` leaves with root `first` is the beginning of the tree of `to` leaves with root `second` (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(
  from: number,
  to: number,
  proof: readonly Hash[],
  first: Hash,
  second: Hash,
): boolean {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) return false;
  if (from === to) return proof.length === 0 && equal(first, second);
  if (from === 0) return proof.length === 0 && equal(first, emptyRoot);
  if (!proof.every((h) => h.length === 32)) return false;
  const hashes = Number.isInteger(Math.log2(from)) ? [first, ...proof] : proof;
  const [start, ...rest] = hashes;
  if (!start) return false;
  let node = from - 1;
  let last = to - 1;
  for (; node % 2 === 1; node = Math.floor(node / 2)) last = Math.floor(last / 2);
  let old = start;
  let now = start;
  for (const hash of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(hash, old);
      now = nodeHash(hash, now);
      for (; node % 2 === 0 && node !== 0; node /= 2) last = Math.floor(last / 2);
    } else now = nodeHash(now, hash);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(old, first) && equal(now, second);
}
