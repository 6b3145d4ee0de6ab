import "server-only";
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { config } from "@/lib/config/config";
import { inTotoType, pae } from "@/lib/signing/pae";

/** Software keys of the demo's personas: PKCS#8 files of mode 0600 in DATA_DIR/keys/personas, one for each person. */
const folder = (): string => path.join(config().dataDir, "keys", "personas");

/** The persona's key; made if there is none. */
export async function personaKey(personId: string): Promise<{ secret: KeyObject; spki: Buffer }> {
  const secret = createPrivateKey((await read(personId)) ?? (await make(personId)));
  return { secret, spki: createPublicKey(secret).export({ format: "der", type: "spki" }) };
}

/** A persona's DSSE signature over a statement: ECDSA P-256 in DER. */
export async function signAsPersona(personId: string, payload: Uint8Array): Promise<Buffer> {
  const { secret } = await personaKey(personId);
  return sign("sha256", pae(inTotoType, payload), { key: secret, dsaEncoding: "der" });
}

const fileOf = (personId: string) => path.join(folder(), `${personId}.pem`);

async function read(personId: string): Promise<string | null> {
  try {
    return await readFile(fileOf(personId), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function make(personId: string): Promise<string> {
  await mkdir(folder(), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  try {
    await writeFile(fileOf(personId), pem, { flag: "wx", mode: 0o600 });
    return pem;
  } catch (error) {
    // Another process made it first; its key counts.
    const theirs = error instanceof Error && "code" in error && error.code === "EEXIST" ? await read(personId) : null;
    if (theirs === null) throw error;
    return theirs;
  }
}
