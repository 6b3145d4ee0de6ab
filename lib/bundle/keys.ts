import { type LogKey, logKeyOf } from "@/lib/log/checkpoint";
import { fromBase64 } from "@/lib/signing/bytes";
import { p256Point } from "@/lib/signing/spki";

/**
 * The portal's keys as the verifier got them out of band; nothing inside a bundle can replace them. `softwareKeys`: the portal is a
 * demo, so approvals by the software keys of its personas count. Elsewhere they do not, or whoever runs a portal could make them.
 */
export type PinnedKeys = { statementSpki: Uint8Array; log: LogKey; softwareKeys: boolean };

/** The line by which the `portal.pub` of a demo says that it is one. */
export const demoLine = "# demo: approvals by software keys count";

/** Reads `portal.pub`: the statement key as PEM, the log's verifier key line, and `demoLine`. Throws with what is missing. */
export function parsePortalPub(text: string): PinnedKeys {
  const [, pem] = /-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----/.exec(text) ?? [];
  if (!pem) throw new Error("the key file has no PEM public key (the portal's statement key)");
  const statementSpki = fromBase64(pem.replaceAll(/\s/g, ""));
  p256Point(statementSpki);
  const line = text.split("\n").find((l) => /^[^\s+-]\S*\+[0-9a-f]{8}\+/.test(l.trim()));
  if (!line) throw new Error("the key file has no log key line (name+hash+key)");
  return { statementSpki, log: logKeyOf(line), softwareKeys: text.split(/\r?\n/).includes(demoLine) };
}
