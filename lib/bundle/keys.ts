import { type LogKey, logKeyOf } from "@/lib/log/checkpoint";
import { fromBase64 } from "@/lib/signing/bytes";
import { p256Point } from "@/lib/signing/spki";

/** The portal's keys as the verifier got them out of band; nothing inside a bundle can replace them. */
export type PinnedKeys = { statementSpki: Uint8Array; log: LogKey };

/** Reads `portal.pub`: the statement key as PEM, and the log's verifier key line. Throws with what is missing. */
export function parsePortalPub(text: string): PinnedKeys {
  const [, pem] = /-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----/.exec(text) ?? [];
  if (!pem) throw new Error("the key file has no PEM public key (the portal's statement key)");
  const statementSpki = fromBase64(pem.replaceAll(/\s/g, ""));
  p256Point(statementSpki);
  const line = text.split("\n").find((l) => /^[^\s+-]\S*\+[0-9a-f]{8}\+/.test(l.trim()));
  if (!line) throw new Error("the key file has no log key line (name+hash+key)");
  return { statementSpki, log: logKeyOf(line) };
}
