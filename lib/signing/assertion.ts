import "server-only";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { z } from "zod";
import { Refusal } from "@/lib/core/refusal";
import { fromBase64url } from "./bytes";
import { approvalChallenge } from "./challenge";
import { hosts } from "./hosts";
import { inTotoType, pae } from "./pae";
import { sha256 } from "./sha256";
import { p256Point } from "./spki";
import { type Assertion, type Check, verifyAssertion } from "./webauthn";

const b64u = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\w-]*$/, "Send base64url without padding.");

/** What navigator.credentials.get() answered, in base64url. */
export const AssertionJson = z.strictObject({
  id: b64u(2000),
  clientDataJSON: b64u(8000),
  authenticatorData: b64u(4000),
  signature: b64u(400),
  userHandle: b64u(200).nullish(),
});
export type AssertionJson = z.output<typeof AssertionJson>;

/** A passkey as it was enrolled. */
export type EnrolledKey = {
  spki: Buffer;
  webauthnId: Buffer | null;
  rpId: string | null;
  backupEligible: boolean | null;
};

/**
 * Verifies a passkey's answer over a statement twice, by our own offline steps and by @simplewebauthn/server, and refuses it with
 * the first step that failed. User verification is required. Returns the assertion's bytes and the steps, for the receipt.
 */
export async function acceptAssertion(
  json: AssertionJson,
  payload: Uint8Array,
  key: EnrolledKey,
): Promise<{ assertion: Assertion; checks: Check[] }> {
  const { name, rpId, sign } = hosts();
  if (!key.webauthnId || key.webauthnId.toString("base64url") !== json.id)
    throw new Refusal("forbidden", "This answer is by another passkey than the one the statement names.");
  const challenge = approvalChallenge(name, sha256(pae(inTotoType, payload)));
  const assertion = decode(json);
  const checks = verifyAssertion(assertion, {
    spki: key.spki,
    rpId: key.rpId ?? rpId,
    origins: [sign],
    challenge,
    backupEligible: key.backupEligible,
  });
  const failed = checks.find((c) => !c.ok);
  if (failed)
    throw new Refusal(
      "forbidden",
      `The signature does not hold: ${failed.check} ${failed.detail}. Nothing was recorded.`,
      [{ field: "assertion", message: `${failed.check}: ${failed.detail}` }],
    );
  if (!(await secondOpinion(json, challenge, key, sign, key.rpId ?? rpId)))
    throw new Refusal("forbidden", "The signature does not hold by the second verifier. Nothing was recorded.");
  return { assertion, checks };
}

function decode(json: AssertionJson): Assertion {
  try {
    return {
      authenticatorData: fromBase64url(json.authenticatorData),
      clientDataJson: fromBase64url(json.clientDataJSON),
      signature: fromBase64url(json.signature),
    };
  } catch (cause) {
    throw new Refusal("invalid", "The passkey's answer is not base64url. Sign once more.", [], { cause });
  }
}

/** The same check by an independent library; the counter is left out, since synced passkeys have none (signing.md section 2). */
async function secondOpinion(
  json: AssertionJson,
  challenge: Uint8Array,
  key: EnrolledKey,
  origin: string,
  rpId: string,
): Promise<boolean> {
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id: json.id,
        rawId: json.id,
        type: "public-key",
        clientExtensionResults: {},
        response: {
          clientDataJSON: json.clientDataJSON,
          authenticatorData: json.authenticatorData,
          signature: json.signature,
        },
      },
      expectedChallenge: Buffer.from(challenge).toString("base64url"),
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: { id: json.id, publicKey: coseKey(key.spki), counter: 0 },
    });
    return verified;
  } catch (cause) {
    throw new Refusal("forbidden", "The signature does not hold by the second verifier. Nothing was recorded.", [], {
      cause,
    });
  }
}

/** COSE_Key of a P-256 SPKI (RFC 9053 section 7.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
export function coseKey(spki: Uint8Array): Uint8Array<ArrayBuffer> {
  const point = p256Point(spki);
  const head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
  return Uint8Array.from([...head, ...point.subarray(1, 33), 0x22, 0x58, 0x20, ...point.subarray(33, 65)]);
}
