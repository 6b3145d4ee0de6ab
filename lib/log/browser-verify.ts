import { type Bytes, base64, concat, equal, fromBase64, hex, utf8 } from "@/lib/signing/bytes";
import { keyHashInput, parseHead, parseNote, parseVkey, type TreeHead } from "./note";
import { proofSides } from "./sides";

/** One step of a verification as it is shown. `unknown`: this browser cannot tell. */
export type ShownStep = { title: string; state: "pass" | "fail" | "unknown"; detail: string };

/** What the steps need: the entry's exact bytes and the proof, all base64. */
export type Provable = {
  leaf: string;
  body: string | null;
  proof: { vkey: string; index: number; size: number; hashes: readonly string[]; checkpoint: string };
};

const sha256 = async (data: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", data));

/**
 * Verifies an entry with WebCrypto and nothing from the portal but the bytes it gave: body to leaf, leaf to root, root to the
 * log's signature. Each step says what it computed, so that a reader can compare with another tool.
 */
export async function verifyEntry(entry: Provable): Promise<ShownStep[]> {
  const { proof } = entry;
  const leaf = fromBase64(entry.leaf);
  const steps: ShownStep[] = [];
  if (entry.body !== null) {
    const digest = hex(await sha256(utf8(entry.body)));
    const named = bodyHashIn(leaf);
    steps.push({
      title: "The leaf binds what is shown",
      state: named === digest ? "pass" : "fail",
      detail:
        named === digest
          ? `SHA-256 of the body: ${digest}`
          : `the body has ${digest}, the leaf says ${named ?? "nothing"}`,
    });
  }
  const hash = await sha256(concat(Uint8Array.of(0), leaf));
  steps.push({ title: "Leaf hash", state: "pass", detail: `SHA-256(00 ‖ ${leaf.length} bytes) = ${hex(hash)}` });

  const head = readHead(proof.checkpoint);
  const root = await rootFrom(hash, proof);
  const included = root !== null && head !== null && head.size === proof.size && equal(root, head.root);
  steps.push({
    title: "Inclusion",
    state: included ? "pass" : "fail",
    detail: included
      ? `entry ${proof.index.toLocaleString("en-GB")} with ${proof.hashes.length} neighbour hashes gives the root ${hex(root)}`
      : `the proof gives ${root ? hex(root) : "no root"}, the checkpoint says ${head ? hex(head.root) : "nothing"}`,
  });
  steps.push(await signatureStep(proof));
  return steps;
}

/** The `body` field of a command leaf; null if the leaf is not one. */
function bodyHashIn(leaf: Bytes): string | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(leaf));
    return typeof value === "object" && value !== null && "body" in value && typeof value.body === "string"
      ? value.body
      : null;
  } catch {
    return null;
  }
}

function readHead(checkpoint: string): TreeHead | null {
  try {
    return parseHead(parseNote(checkpoint).text);
  } catch {
    return null;
  }
}

async function rootFrom(leaf: Bytes, proof: Provable["proof"]): Promise<Bytes | null> {
  const sides = proofSides(proof.index, proof.size);
  if (!sides || sides.length !== proof.hashes.length) return null;
  let hash = leaf;
  for (const [i, text] of proof.hashes.entries()) {
    const other = fromBase64(text);
    const [left, right] = sides[i] === "left" ? [other, hash] : [hash, other];
    hash = await sha256(concat(Uint8Array.of(1), left, right));
  }
  return hash;
}

async function signatureStep({ vkey, checkpoint }: Provable["proof"]): Promise<ShownStep> {
  const title = "Checkpoint signature";
  try {
    const { name, keyId, raw } = parseVkey(vkey);
    const computed = hex((await sha256(keyHashInput(name, raw))).subarray(0, 4));
    const { text, signatures } = parseNote(checkpoint);
    const ours = signatures.find((s) => s.name === name && hex(s.keyId) === keyId);
    if (computed !== keyId || parseHead(text).origin !== name || !ours)
      return { title, state: "fail", detail: `the checkpoint carries no signature by ${name}+${keyId}` };
    const key = await ed25519(raw);
    if (!key)
      return {
        title,
        state: "unknown",
        detail: "this browser has no Ed25519; compare with `countersign verify` or another browser",
      };
    const ok = await crypto.subtle.verify("Ed25519", key, ours.signature, utf8(text));
    return ok
      ? { title, state: "pass", detail: `Ed25519 by ${name}+${keyId}, key ${base64(raw)}` }
      : { title, state: "fail", detail: "the signature does not match the checkpoint" };
  } catch (error) {
    return { title, state: "fail", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Null where the browser does not know Ed25519. */
async function ed25519(raw: Bytes): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof Error && error.name === "NotSupportedError") return null;
    throw error;
  }
}
