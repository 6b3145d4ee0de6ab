import { type Bytes, concat, equal, fromHex } from "./bytes";

// SubjectPublicKeyInfo of the two kinds of key we know is a constant prefix and the raw key (RFC 5480, RFC 8410).
const p256Prefix = fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
const ed25519Prefix = fromHex("302a300506032b6570032100");

export type PublicKey = { alg: "ES256"; point: Uint8Array } | { alg: "Ed25519"; raw: Uint8Array };

/** Reads a DER SPKI; throws on every key that is not an uncompressed P-256 point or an Ed25519 key. */
export function parseSpki(spki: Uint8Array): PublicKey {
  if (spki.length === p256Prefix.length + 65 && equal(spki.subarray(0, p256Prefix.length), p256Prefix)) {
    const point = spki.subarray(p256Prefix.length);
    if (point[0] === 4) return { alg: "ES256", point };
  }
  if (spki.length === ed25519Prefix.length + 32 && equal(spki.subarray(0, ed25519Prefix.length), ed25519Prefix))
    return { alg: "Ed25519", raw: spki.subarray(ed25519Prefix.length) };
  throw new Error("The key is neither ECDSA P-256 nor Ed25519.");
}

/** The 65 bytes `04 ‖ x ‖ y` of a P-256 key; throws on any other key (passkeys must be ES256). */
export function p256Point(spki: Uint8Array): Uint8Array {
  const key = parseSpki(spki);
  if (key.alg !== "ES256") throw new Error("The key is not ECDSA P-256 (ES256).");
  return key.point;
}

/** The 32 raw bytes of an Ed25519 key. */
export function ed25519Raw(spki: Uint8Array): Uint8Array {
  const key = parseSpki(spki);
  if (key.alg !== "Ed25519") throw new Error("The key is not Ed25519.");
  return key.raw;
}

export const ed25519Spki = (raw: Uint8Array): Bytes => concat(ed25519Prefix, raw);

/** PEM text of a DER SPKI, as openssl and cosign read it. */
export function spkiPem(spki: Uint8Array): string {
  const body = Buffer.from(spki)
    .toString("base64")
    .replace(/(.{64})(?=.)/g, "$1\n");
  return `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`;
}

/** DER SPKI of a P-256 key from its two 32-byte coordinates. */
export const p256Spki = (x: Uint8Array, y: Uint8Array): Bytes => concat(p256Prefix, Uint8Array.of(4), x, y);
