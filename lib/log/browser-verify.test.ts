import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { base64, utf8 } from "@/lib/signing/bytes";
import { sha256Hex } from "@/lib/signing/sha256";
import { ed25519Raw } from "@/lib/signing/spki";
import { type Provable, verifyEntry } from "./browser-verify";
import { signCheckpoint, vkey } from "./checkpoint";
import { inclusionRanges, leafHash } from "./merkle";
import { rangeHash, rootOfEntries } from "./tree";

const pair = generateKeyPairSync("ed25519");
const key = { origin: "log.test", raw: ed25519Raw(pair.publicKey.export({ format: "der", type: "spki" })) };
const body = '{"model":"card-fraud-score"}';
const leaves = Array.from({ length: 21 }, (_, i) =>
  utf8(i === 13 ? JSON.stringify({ body: sha256Hex(utf8(body)) }) : `${i}`),
);
const { size, root } = rootOfEntries(leaves);
const hashes = leaves.map(leafHash);
const entry: Provable = {
  leaf: base64(leaves[13] ?? utf8("")),
  body,
  proof: {
    vkey: vkey(key),
    index: 13,
    size,
    hashes: inclusionRanges(13, size).map((r) => base64(rangeHash(r, ({ n }) => hashes[n] ?? root))),
    checkpoint: signCheckpoint({ origin: key.origin, size, root }, key, pair.privateKey),
  },
};
const states = async (e: Provable) => (await verifyEntry(e)).map((s) => s.state).join(" ");
const withProof = (proof: Partial<Provable["proof"]>) => ({ ...entry, proof: { ...entry.proof, ...proof } });

test("every step of an honest entry passes in the browser's own cryptography", async () => {
  expect(await states(entry)).toBe("pass pass pass pass");
  expect(await states({ ...entry, body: null })).toBe("pass pass pass");
});
test.each<[string, Provable, string]>([
  ["another body", { ...entry, body: `${body} ` }, "fail pass pass pass"],
  ["another leaf", { ...entry, leaf: base64(utf8("{}")) }, "fail pass fail pass"],
  ["another index", withProof({ index: 12 }), "pass pass fail pass"],
  ["a proof cut short", withProof({ hashes: entry.proof.hashes.slice(1) }), "pass pass fail pass"],
  [
    "another root",
    withProof({ checkpoint: signCheckpoint({ origin: key.origin, size, root: leafHash(root) }, key, pair.privateKey) }),
    "pass pass fail pass",
  ],
  [
    "a checkpoint by nobody",
    withProof({ checkpoint: entry.proof.checkpoint.replace(/\n\n[\s\S]*/, "\n\n") }),
    "pass pass fail fail",
  ],
  [
    "another log's key",
    withProof({ vkey: vkey({ origin: key.origin, raw: new Uint8Array(32).fill(9) }) }),
    "pass pass pass fail",
  ],
  [
    "a key under a wrong hash",
    withProof({ vkey: entry.proof.vkey.replace(/\+.{8}\+/, "+00000000+") }),
    "pass pass pass fail",
  ],
])("refused: %s", async (_, changed, expected) => {
  expect(await states(changed)).toBe(expected);
});
