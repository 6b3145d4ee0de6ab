import "server-only";
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { config, secrets } from "./config";
import { keyFile } from "./key-file";

const version = 1;
const headLength = 1 + 8 + 12;
const tagLength = 16;

/** Seals secrets for the database with AES-256-GCM under one key. */
export type Sealer = {
  /** `context` binds the bytes to their place (e.g. "connection:<id>"), so that they open nowhere else. */
  seal: (plain: string, context: string) => Buffer;
  /** Throws if the bytes were changed, moved to another place, or sealed under another key. */
  unseal: (sealed: Buffer, context: string) => string;
};

/** Format: version (1 byte) | key id (8, first bytes of SHA-256 of the key) | nonce (12) | ciphertext | tag (16). */
export function sealer(key: Buffer): Sealer {
  if (key.length !== 32) throw new Error("A sealing key has 32 bytes.");
  const keyId = createHash("sha256").update(key).digest().subarray(0, 8);
  return {
    seal: (plain, context) => {
      const nonce = randomBytes(12);
      const head = Buffer.concat([Buffer.from([version]), keyId, nonce]);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      cipher.setAAD(Buffer.concat([head, Buffer.from(context)]));
      return Buffer.concat([head, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    unseal: (sealed, context) => {
      if (sealed.length < headLength + tagLength || sealed[0] !== version)
        throw new Error("These are not sealed bytes of this version.");
      const head = sealed.subarray(0, headLength);
      if (!head.subarray(1, 9).equals(keyId))
        throw new Error("Sealed under another ENCRYPTION_KEY. Restore that key, or enter the credentials again.");
      const decipher = createDecipheriv("aes-256-gcm", key, head.subarray(9));
      decipher.setAAD(Buffer.concat([head, Buffer.from(context)]));
      decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
      const body = sealed.subarray(headLength, sealed.length - tagLength);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
    },
  };
}

let own: Sealer | undefined;

/** The portal's sealer: ENCRYPTION_KEY, or the key file under DATA_DIR. */
export function portalSealer(): Sealer {
  own ??= sealer(portalKey());
  return own;
}

const portalKey = (): Buffer => secrets().encryptionKey?.reveal() ?? keyFile(config().dataDir, "encryption.key");

/** A key of its own for one purpose, derived from the portal's: whoever learns it can do nothing else with it. */
export const derivedKey = (purpose: string): Buffer =>
  Buffer.from(hkdfSync("sha256", portalKey(), Buffer.alloc(0), `countersign ${purpose}`, 32));
