import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { base64, concat, equal, hex, utf8 } from "@/lib/signing/bytes";
import { sha256 } from "@/lib/signing/sha256";
import { ed25519Spki } from "@/lib/signing/spki";
import { headText, keyHashInput, parseHead, parseNote, parseVkey, type TreeHead } from "./note";

/** The log's public key under its name, which is the origin of its checkpoints: the bare host name of the log. */
export type LogKey = { origin: string; raw: Uint8Array };

/** Full 32-byte key hash: Sigstore's logId; its first four bytes are the note's key id. */
export const logId = ({ origin, raw }: LogKey): Buffer => sha256(keyHashInput(origin, raw));

/** The key as one line, for `log.vkey` and witnesses. */
export const vkey = (key: LogKey): string =>
  `${key.origin}+${hex(logId(key).subarray(0, 4))}+${base64(concat(Uint8Array.of(1), key.raw))}`;

/** Reads a vkey line and checks that its hash belongs to its key. Throws with the reason. */
export function logKeyOf(line: string): LogKey {
  const { name, keyId, raw } = parseVkey(line);
  const key = { origin: name, raw };
  if (hex(logId(key).subarray(0, 4)) !== keyId) throw new Error("the hash in the verifier key is not of its key");
  return key;
}

/** Signs a tree head as a C2SP checkpoint note with an Ed25519 key. */
export function signCheckpoint(
  head: TreeHead | { origin: string; size: number; root: Uint8Array },
  key: LogKey,
  secret: KeyObject,
): string {
  const text = headText(head);
  const signature = sign(null, utf8(text), secret);
  return `${text}\n— ${head.origin} ${base64(concat(logId(key).subarray(0, 4), signature))}\n`;
}

/** Verifies a checkpoint with the log's key. Further signature lines (witnesses) are left to whoever trusts them. */
export function verifyCheckpoint(note: string, key: LogKey): { ok: true; head: TreeHead } | { ok: false; why: string } {
  try {
    const { text, signatures } = parseNote(note);
    const head = parseHead(text);
    if (head.origin !== key.origin)
      return { ok: false, why: `the checkpoint is of ${head.origin}, not of ${key.origin}` };
    const id = logId(key).subarray(0, 4);
    const ours = signatures.filter((s) => s.name === key.origin && equal(s.keyId, id));
    const [only] = ours;
    if (!only || ours.length > 1) return { ok: false, why: "the checkpoint carries no signature by the log's key" };
    const publicKey = createPublicKey({ key: Buffer.from(ed25519Spki(key.raw)), format: "der", type: "spki" });
    if (!verify(null, utf8(text), publicKey, only.signature))
      return { ok: false, why: "the log's signature on the checkpoint does not match" };
    return { ok: true, head };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}
