import "server-only";
import { asc } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { credentials, portalKeys } from "@/db/schema/signing";
import { personasOffered } from "@/lib/auth/demo";
import { demoLine } from "@/lib/bundle/keys";
import { logId, vkey } from "@/lib/log/checkpoint";
import { base64url } from "./bytes";
import { approvalNamespace } from "./challenge";
import { trustedRoot } from "./sigstore";
import { ed25519Raw, parseSpki, spkiPem } from "./spki";
import { allowedSigner } from "./sshsig";

/** Names under which the portal's keys are published: the portal's host name, and the log's origin. */
export type PublishedAs = { host: string; origin: string };

type Row = typeof portalKeys.$inferSelect;
const keysOf = (read: Reader): Promise<Row[]> => read.select().from(portalKeys).orderBy(asc(portalKeys.createdAt));
const activeLog = (rows: readonly Row[]) => rows.find((r) => r.purpose === "log" && !r.retiredAt);

/** JWKS with what verifiers of signatures need beside: key id, purpose, PEM, since when. Retired keys stay listed. */
export async function portalKeysJson(read: Reader, as: PublishedAs): Promise<unknown> {
  const rows = await keysOf(read);
  return {
    origin: as.origin,
    keys: rows.map((row) => {
      const key = parseSpki(row.spki);
      return {
        ...(key.alg === "ES256"
          ? { kty: "EC", crv: "P-256", x: base64url(key.point.subarray(1, 33)), y: base64url(key.point.subarray(33)) }
          : { kty: "OKP", crv: "Ed25519", x: base64url(key.raw) }),
        kid: row.kid,
        alg: row.alg === "Ed25519" ? "EdDSA" : row.alg,
        use: "sig",
        purpose: row.purpose,
        pem: spkiPem(row.spki),
        ...(row.purpose === "log" ? { vkey: vkey({ origin: as.origin, raw: ed25519Raw(row.spki) }) } : {}),
        createdAt: row.createdAt.toISOString(),
        retiredAt: row.retiredAt?.toISOString() ?? null,
      };
    }),
  };
}

/** Sigstore TrustedRoot that holds the portal's log, for `cosign --trusted-root`. Null before the first start. */
export async function trustedRootJson(read: Reader, as: PublishedAs): Promise<unknown> {
  const row = activeLog(await keysOf(read));
  if (!row) return null;
  const key = { origin: as.origin, raw: ed25519Raw(row.spki) };
  return trustedRoot({ origin: as.origin, spki: row.spki, id: logId(key), since: row.createdAt.toISOString() });
}

/** The log's verifier key in one line; null before the first start. */
export async function logVkey(read: Reader, as: PublishedAs): Promise<string | null> {
  const row = activeLog(await keysOf(read));
  return row ? `${vkey({ origin: as.origin, raw: ed25519Raw(row.spki) })}\n` : null;
}

/**
 * What `countersign verify --key` takes: the statement key as PEM and the log's verifier key, for pinning together; a demo says that it
 * is one, since only there software keys count.
 */
export async function portalPub(read: Reader, as: PublishedAs): Promise<string | null> {
  const rows = await keysOf(read);
  const statement = rows.find((r) => r.purpose === "statement" && !r.retiredAt);
  const log = await logVkey(read, as);
  if (!statement || !log) return null;
  return `${spkiPem(statement.spki)}${log}${personasOffered() ? `${demoLine}\n` : ""}`;
}

/** For `ssh-keygen -Y verify`: every passkey ever enrolled, under its person's id, valid from enrolment to revocation. */
export async function allowedSigners(read: Reader, as: PublishedAs): Promise<string> {
  const rows = await read.select().from(credentials).orderBy(asc(credentials.enrolledAt));
  const time = (at: Date) => `${at.toISOString().replaceAll(/[-:T]|\.\d+/g, "")}`;
  return rows
    .flatMap((row) =>
      row.kind === "passkey" && row.rpId
        ? [
            allowedSigner({
              identity: `user:${row.personId}`,
              namespace: approvalNamespace(as.host),
              spki: row.spki,
              rpId: row.rpId,
              validAfter: time(row.enrolledAt),
              ...(row.revokedAt ? { validBefore: time(row.revokedAt) } : {}),
            }),
          ]
        : [],
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** The file under /.well-known with this name; null if there is none. */
export async function publishedFile(
  read: Reader,
  as: PublishedAs,
  name: string,
): Promise<{ body: string; type: string } | null> {
  const json = (value: unknown) =>
    value === null ? null : { body: `${JSON.stringify(value, null, 2)}\n`, type: "application/json" };
  const plain = (body: string | null) => (body === null ? null : { body, type: "text/plain; charset=utf-8" });
  switch (name) {
    case "portal-keys.json":
      return json(await portalKeysJson(read, as));
    case "trusted_root.json":
      return json(await trustedRootJson(read, as));
    case "log.vkey":
      return plain(await logVkey(read, as));
    case "portal.pub":
      return plain(await portalPub(read, as));
    case "allowed_signers":
      return plain(await allowedSigners(read, as));
    default:
      return null;
  }
}
