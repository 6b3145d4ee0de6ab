import { describe, expect, test } from "vitest";
import { emptyRoot, type Hash, leafHash, nodeHash, verifyConsistency, verifyInclusion } from "./merkle";
import { consistencyProof, inclusionProof, type ReadHashes, rootAt } from "./proof";
import { Edge } from "./tree";

const entry = (i: number) => Buffer.from(`entry ${i}`);
const leaves = Array.from({ length: 70_000 }, (_, i) => leafHash(entry(i)));

/** The tree hash word for word as RFC 6962 section 2.1 defines it. */
function definition(d: readonly Hash[]): Hash {
  const [only] = d;
  if (!only) return emptyRoot;
  if (d.length === 1) return only;
  let k = 1;
  while (2 * k < d.length) k *= 2;
  return nodeHash(definition(d.slice(0, k)), definition(d.slice(k)));
}

const stored = new Map<string, Hash>();
const grown = new Edge();
const roots: Hash[] = [grown.root()];
for (const [i, leaf] of leaves.entries()) {
  stored.set(`0/${i}`, leaf);
  for (const node of grown.append(leaf)) stored.set(`${node.level}/${node.n}`, node.hash);
  if (i < 600) roots.push(grown.root());
}
const read: ReadHashes = async (places) =>
  places.map(({ level, n }) => {
    const hash = stored.get(`${level}/${n}`);
    if (!hash) throw new Error(`missing ${level}/${n}`);
    return hash;
  });
const flipped = (h: Hash): Hash => h.map((b, i) => (i === 7 ? b ^ 1 : b));

test("51: the empty tree has the root of RFC 6962 and holds no leaf", () => {
  expect(Buffer.from(new Edge().root()).toString("hex")).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  expect(verifyInclusion(leafHash(entry(0)), 0, 0, [], emptyRoot)).toBe(false);
});

test("the known tree of RFC 6962's reference implementation", () => {
  const hex = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
  const edge = new Edge();
  for (const h of hex) edge.append(leafHash(Buffer.from(h, "hex")));
  expect(Buffer.from(edge.root()).toString("hex")).toBe(
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  );
});

test("growing leaf by leaf gives the root that the definition gives, across tile borders", () => {
  for (const n of [0, 1, 2, 3, 7, 8, 130, 255, 256, 257, 511, 512, 513, 600])
    expect(roots[n]).toEqual(definition(leaves.slice(0, n)));
});

test("a tree of three tile levels: root and proofs from stored hashes", async () => {
  const size = leaves.length;
  const root = grown.root();
  expect(await rootAt(read, size)).toEqual(root);
  for (const i of [0, 1, 255, 256, 65_535, 65_536, 69_999]) {
    const proof = await inclusionProof(read, i, size);
    expect(verifyInclusion(leaves[i] ?? emptyRoot, i, size, proof, root)).toBe(true);
  }
  for (const m of [1, 255, 256, 257, 65_536, 65_537, 69_999]) {
    const proof = await consistencyProof(read, m, size);
    expect(verifyConsistency(m, size, proof, await rootAt(read, m), root)).toBe(true);
  }
});

// Exhaustive, so slow where many share a machine.
describe("every tree up to 130 leaves", { timeout: 300_000 }, () => {
  test("39-44: inclusion proofs verify, and not for another leaf, index, size, root, nor with a hash changed, added or left out", async () => {
    let cases = 0;
    for (let size = 1; size <= 130; size++) {
      const root = roots[size] ?? emptyRoot;
      for (let i = 0; i < size; i++) {
        const leaf = leaves[i] ?? emptyRoot;
        const proof = await inclusionProof(read, i, size);
        const verify = (l = leaf, at = i, p = proof, r = root, n = size) => verifyInclusion(l, at, n, p, r);
        const refused = [
          verify(leaves[i + 1]),
          verify(leaf, i + 1),
          verify(leaf, i - 1),
          verify(leaf, i, proof, flipped(root)),
          verify(leaf, i, [...proof, leaf]),
          ...(proof.length > 0 ? [verify(leaf, i, proof.slice(1)), verify(leaf, i, proof.slice(0, -1))] : []),
          ...proof.map((_, k) =>
            verify(
              leaf,
              i,
              proof.map((h, j) => (j === k ? flipped(h) : h)),
            ),
          ),
          ...proof.map((_, k) =>
            verify(
              leaf,
              i,
              proof.map((h, j) => (j === k ? new Uint8Array(32) : h)),
            ),
          ),
        ];
        if (!verify() || refused.includes(true)) expect.fail(`inclusion of ${i} in ${size}`);
        cases += 1 + refused.length;
      }
    }
    expect(cases).toBeGreaterThan(100_000);
  });

  test("45, 46: consistency proofs verify, and not for a fork, a rollback or a changed hash", async () => {
    const fork = new Edge();
    fork.append(leafHash(Buffer.from("another first entry")));
    const forkRoots: Hash[] = [emptyRoot, fork.root()];
    for (let n = 1; n < 130; n++) {
      fork.append(leaves[n] ?? emptyRoot);
      forkRoots.push(fork.root());
    }
    for (let to = 1; to <= 130; to++) {
      for (let from = 1; from <= to; from++) {
        const [first, second] = [roots[from] ?? emptyRoot, roots[to] ?? emptyRoot];
        const proof = await consistencyProof(read, from, to);
        const refused = [
          verifyConsistency(from, to, proof, forkRoots[from] ?? emptyRoot, second),
          verifyConsistency(from, to, proof, first, forkRoots[to] ?? emptyRoot),
          from < to && verifyConsistency(to, from, proof, second, first),
          verifyConsistency(from, to, [...proof, first], first, second),
          from < to && verifyConsistency(from, to, proof.slice(1), first, second),
          ...proof.map((_, k) =>
            verifyConsistency(
              from,
              to,
              proof.map((h, j) => (j === k ? flipped(h) : h)),
              first,
              second,
            ),
          ),
        ];
        if (!verifyConsistency(from, to, proof, first, second) || refused.includes(true))
          expect.fail(`consistency of ${from} and ${to}`);
      }
    }
  });
});
