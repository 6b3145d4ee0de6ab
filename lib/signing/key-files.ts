import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";

export type KeyPurpose = "statement" | "log";

/** A private key that lives in a PKCS#8 file of mode 0600, with its DER SPKI. */
export type FileKey = { secret: KeyObject; spki: Buffer; file: string };

/** What `portal_key.alg` says for each purpose (signing.md section 3). */
export const keyAlg = { statement: "ES256", log: "Ed25519" } as const satisfies Record<KeyPurpose, string>;

const fileOf = (dir: string, purpose: KeyPurpose): string => path.join(dir, `${purpose}.pem`);

/** The key in the folder, or null if there is no file. Throws a sentence if the file is not such a key. */
export async function readKey(dir: string, purpose: KeyPurpose): Promise<FileKey | null> {
  const file = fileOf(dir, purpose);
  let pem: string;
  try {
    pem = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new Error(`The ${purpose} key cannot be read from ${file}.`, { cause: error });
  }
  let secret: KeyObject;
  try {
    secret = createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`${file} is not a PKCS#8 private key. Restore it from a backup.`, { cause });
  }
  const right =
    purpose === "statement"
      ? secret.asymmetricKeyDetails?.namedCurve === "prime256v1"
      : secret.asymmetricKeyType === "ed25519";
  if (!right)
    throw new Error(
      `${file} is not ${purpose === "statement" ? "an ECDSA P-256" : "an Ed25519"} key. Restore it from a backup.`,
    );
  return { secret, spki: createPublicKey(secret).export({ format: "der", type: "spki" }), file };
}

/** Makes the key if there is none; of two processes that race, both get the one that was written first. */
export async function makeKey(dir: string, purpose: KeyPurpose): Promise<FileKey> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { privateKey } =
    purpose === "statement" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
  // Written whole and flushed beside its place, then linked there: link refuses to replace an existing key.
  const draft = path.join(dir, `.${purpose}.${randomUUID()}`);
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(privateKey.export({ format: "pem", type: "pkcs8" }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, fileOf(dir, purpose));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft);
  }
  const key = await readKey(dir, purpose);
  if (!key) throw new Error(`The ${purpose} key was written to ${dir} and is gone again.`);
  return key;
}
