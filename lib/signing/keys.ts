import "server-only";
import { type KeyObject, sign } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Db, Reader } from "@/db/client";
import { portalKeys } from "@/db/schema/signing";
import { systemActor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal, yes } from "@/lib/core/refusal";
import { fingerprint } from "./fingerprint";
import { type FileKey, type KeyPurpose, keyAlg, makeKey, readKey } from "./key-files";
import { ed25519Raw } from "./spki";

/** The portal's own keys, open for signing. */
export type PortalKeys = {
  statement: { kid: string; spki: Buffer; sign: (data: Uint8Array) => Buffer };
  log: { kid: string; spki: Buffer; raw: Uint8Array; secret: KeyObject };
  /** Folder of the key files; the last signed checkpoint is kept beside them. */
  dir: string;
};

const recordKey = command({
  name: "portal_key.recorded",
  title: "Record a key of the portal",
  http: null,
  input: z.strictObject({
    purpose: z.enum(["statement", "log"]),
    kid: z.string().max(100),
    spki: z.instanceof(Uint8Array),
  }),
  load: async () => null,
  may: () => yes,
  run: async (tx, { input, now }) => {
    await tx.insert(portalKeys).values({
      kid: input.kid,
      purpose: input.purpose,
      alg: keyAlg[input.purpose],
      spki: Buffer.from(input.spki),
      createdAt: now,
    });
    return {
      result: null,
      entry: {
        subject: { kind: "portal_key", id: input.kid, ref: input.kid },
        summary: `took the ${input.purpose} key ${input.kid} into use`,
        body: { purpose: input.purpose, kid: input.kid, spki: Buffer.from(input.spki).toString("base64") },
      },
    };
  },
});

async function activeKid(read: Reader, purpose: KeyPurpose): Promise<string | null> {
  const [row] = await read
    .select({ kid: portalKeys.kid })
    .from(portalKeys)
    .where(and(eq(portalKeys.purpose, purpose), isNull(portalKeys.retiredAt)));
  return row?.kid ?? null;
}

/**
 * Opens the portal's keys in `dir`, making and recording them at the first start. Throws a sentence for the operator when
 * the database knows a key that the folder lacks: a second key made silently would orphan everything the first one signed.
 */
export async function openPortalKeys(db: Db, dir: string, now: () => Date): Promise<PortalKeys> {
  const statement = await openKey(db, dir, "statement", now);
  const log = await openKey(db, dir, "log", now);
  return {
    statement: {
      kid: fingerprint(statement.spki),
      spki: statement.spki,
      sign: (data) => sign("sha256", data, { key: statement.secret, dsaEncoding: "der" }),
    },
    log: { kid: fingerprint(log.spki), spki: log.spki, raw: ed25519Raw(log.spki), secret: log.secret },
    dir,
  };
}

async function openKey(db: Db, dir: string, purpose: KeyPurpose, now: () => Date): Promise<FileKey> {
  const known = await activeKid(db, purpose);
  if (known) return matching(await readKey(dir, purpose), known, dir, purpose);
  const key = (await readKey(dir, purpose)) ?? (await makeKey(dir, purpose));
  try {
    await recordKey(
      { db, actor: systemActor, now, requestId: newId() },
      { purpose, kid: fingerprint(key.spki), spki: new Uint8Array(key.spki) },
    );
  } catch (error) {
    // Another process was first; its key counts.
    const winner = error instanceof Refusal ? await activeKid(db, purpose) : null;
    if (!winner) throw error;
    return matching(key, winner, dir, purpose);
  }
  return key;
}

function matching(key: FileKey | null, kid: string, dir: string, purpose: KeyPurpose): FileKey {
  if (!key)
    throw new Error(
      `The database knows the portal's ${purpose} key ${kid}, but ${dir}/${purpose}.pem is missing. Restore the file from a backup, or point DATA_DIR to the folder that holds it. A new key is never made for a database that already has one.`,
    );
  if (fingerprint(key.spki) !== kid)
    throw new Error(
      `${key.file} is the key ${fingerprint(key.spki)}, but the database knows the ${purpose} key ${kid}. DATA_DIR and the database do not belong together.`,
    );
  return key;
}

// One set per process, also across the bundles that a server loads.
const store = globalThis as { countersignKeys?: PortalKeys; countersignNoSigning?: string | null };

/** Makes the open keys those of the process. */
export const setPortalKeys = (keys: PortalKeys): void => {
  store.countersignKeys = keys;
  store.countersignNoSigning = null;
};

/** From now on nothing is signed; `why` is a sentence for the operator. */
export const refuseToSign = (why: string): void => {
  store.countersignNoSigning = why;
};

/** Why the portal does not sign, or null. */
export const signingRefused = (): string | null => store.countersignNoSigning ?? null;

/** The process's keys, for signing. Refuses when the log was rolled back. */
export function portalKeysInUse(): PortalKeys {
  if (store.countersignNoSigning) throw new Refusal("unavailable", store.countersignNoSigning);
  if (!store.countersignKeys) throw new Error("The portal's keys are not open. Call setPortalKeys at start.");
  return store.countersignKeys;
}
