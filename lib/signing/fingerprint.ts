import { type Bytes, concat } from "./bytes";
import { sshString } from "./challenge";
import { sha256 } from "./sha256";
import { parseSpki } from "./spki";

/** A public key on the SSH wire (RFC 5656 section 3.1, RFC 8709 section 4). */
export function sshWireKey(spki: Uint8Array): Bytes {
  const key = parseSpki(spki);
  return key.alg === "ES256"
    ? concat(sshString("ecdsa-sha2-nistp256"), sshString("nistp256"), sshString(key.point))
    : concat(sshString("ssh-ed25519"), sshString(key.raw));
}

/**
 * The key id used everywhere: the SSH fingerprint `SHA256:…` that `ssh-keygen -lf` prints. Go verifiers compare a DSSE
 * keyid with exactly this string; a hash of the SPKI would make them reject the signature (signing.md section 1).
 */
export const fingerprint = (spki: Uint8Array): string =>
  `SHA256:${sha256(sshWireKey(spki)).toString("base64").replaceAll("=", "")}`;
