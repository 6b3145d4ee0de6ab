import { type Bytes, concat, uint32, utf8 } from "./bytes";
import { sshString } from "./challenge";
import { ecdsaIntegers } from "./der";
import { p256Point } from "./spki";
import type { Assertion } from "./webauthn";

const keyType = "sk-ecdsa-sha2-nistp256@openssh.com";
const signatureType = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";

/** A passkey as an OpenSSH security key (PROTOCOL.u2f): the relying party id stands where ssh puts its application. */
export const skKey = (spki: Uint8Array, rpId: string): Bytes =>
  concat(sshString(keyType), sshString("nistp256"), sshString(p256Point(spki)), sshString(rpId));

/** One line of an `allowed_signers` file. `identity` is what `ssh-keygen -I` is given; times are YYYYMMDDHHMMSSZ. */
export function allowedSigner(line: {
  identity: string;
  namespace: string;
  spki: Uint8Array;
  rpId: string;
  validAfter?: string;
  validBefore?: string;
}): string {
  if (/[\s",]/.test(line.identity)) throw new Error("An identity in allowed_signers has no blanks, quotes or commas.");
  const times = [
    line.validAfter ? `,valid-after="${line.validAfter}"` : "",
    line.validBefore ? `,valid-before="${line.validBefore}"` : "",
  ].join("");
  const key = Buffer.from(skKey(line.spki, line.rpId)).toString("base64");
  return `${line.identity} namespaces="${line.namespace}"${times} ${keyType} ${key}`;
}

/**
 * Packs a passkey's assertion, made over `approvalChallenge`, as an armored OpenSSH signature that `ssh-keygen -Y verify`
 * accepts. OpenSSH ignores user verification and takes the origin from the signature: `verifyAssertion` checks those.
 */
export function armoredSignature(
  a: Assertion,
  signer: { spki: Uint8Array; rpId: string; origin: string; namespace: string },
): string {
  const { r, s } = ecdsaIntegers(a.signature);
  const signature = concat(
    sshString(signatureType),
    sshString(concat(sshString(r), sshString(s))),
    a.authenticatorData.subarray(32, 37),
    sshString(signer.origin),
    sshString(a.clientDataJson),
    sshString(a.authenticatorData.subarray(37)),
  );
  const blob = concat(
    utf8("SSHSIG"),
    uint32(1),
    sshString(skKey(signer.spki, signer.rpId)),
    sshString(signer.namespace),
    sshString(""),
    sshString("sha256"),
    sshString(signature),
  );
  const body = Buffer.from(blob)
    .toString("base64")
    .replace(/(.{70})(?=.)/g, "$1\n");
  return `-----BEGIN SSH SIGNATURE-----\n${body}\n-----END SSH SIGNATURE-----\n`;
}
