import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Db } from "@/db/client";
import { fingerprint } from "@/lib/signing/fingerprint";
import { openPortalKeys, type PortalKeys, setPortalKeys } from "@/lib/signing/keys";
import { inTotoType, pae } from "@/lib/signing/pae";

/** Opens portal keys for a test database, in a folder of their own, and makes them the process's. */
export async function testKeys(db: Db): Promise<PortalKeys> {
  const keys = await openPortalKeys(db, mkdtempSync(path.join(tmpdir(), "countersign-keys-")), () => new Date());
  setPortalKeys(keys);
  return keys;
}

/** A P-256 key like a demo persona's, with its key id and a signer over the PAE of a statement. */
export function testSoftwareKey() {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = pair.publicKey.export({ format: "der", type: "spki" });
  return {
    spki,
    privateKey: pair.privateKey,
    kid: fingerprint(spki),
    sign: (payload: Uint8Array) =>
      sign("sha256", pae(inTotoType, payload), { key: pair.privateKey, dsaEncoding: "der" }),
  };
}
