import { base64url, concat, equal, utf8 } from "./bytes";
import { verifyEs256 } from "./dsse";
import { sha256 } from "./sha256";
import { p256Point } from "./spki";
import { parseStrictJson } from "./strict-json";

/** What an authenticator answered: the signature covers `authenticatorData ‖ SHA-256(clientDataJson)`. */
export type Assertion = { authenticatorData: Uint8Array; clientDataJson: Uint8Array; signature: Uint8Array };

/** What the answer must match: the enrolled key and the statement that it is offered for. */
export type Expected = {
  spki: Uint8Array;
  rpId: string;
  origins: readonly string[];
  /** From `approvalChallenge` over the statement. */
  challenge: Uint8Array;
  /** As enrolled; null if it was not recorded. */
  backupEligible: boolean | null;
};

/** One named step of a verification. */
export type Check = { check: string; ok: boolean; detail: string };

const flag = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40, ed: 0x80 } as const;

/** The bytes that an assertion's signature covers: 69 for an answer without extensions. */
export const signedBytes = (a: Assertion): Uint8Array => concat(a.authenticatorData, sha256(a.clientDataJson));

/**
 * Verifies an assertion offline (WebAuthn Level 3 section 7.2, signing.md section 2), every step by name, so that whoever
 * reads the result sees which one failed. signCount is not among them: it is a signal, not proof. No network, no clock.
 */
export function verifyAssertion(a: Assertion, expected: Expected): Check[] {
  return [...clientDataChecks(a, expected), ...authenticatorChecks(a, expected), ...signatureChecks(a, expected)];
}

function clientDataChecks({ clientDataJson }: Assertion, expected: Expected): Check[] {
  let data: Record<string, unknown> = {};
  let fault = "";
  try {
    const value = parseStrictJson(clientDataJson);
    if (typeof value === "object" && value !== null) data = { ...value };
    else fault = "is not an object";
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  const challenge = base64url(expected.challenge);
  const origin = typeof data.origin === "string" ? data.origin : "";
  // The browser's own serialization begins exactly like this (limited verification algorithm, section 5.8.1.2).
  const prefix = utf8(`{"type":"webauthn.get","challenge":"${challenge}","origin":${JSON.stringify(origin)}`);
  const next = clientDataJson[prefix.length];
  const canonical = equal(clientDataJson.subarray(0, prefix.length), prefix) && (next === 0x2c || next === 0x7d);
  return [
    step("clientData.json", fault === "", "well-formed, no key twice", fault),
    step("clientData.type", data.type === "webauthn.get", "webauthn.get", `is ${JSON.stringify(data.type)}`),
    step(
      "clientData.challenge",
      data.challenge === challenge,
      "is the digest of this statement",
      "belongs to another statement",
    ),
    step(
      "clientData.origin",
      expected.origins.includes(origin),
      origin,
      `${origin || "none"} is not the signing origin`,
    ),
    step(
      "clientData.crossOrigin",
      (data.crossOrigin === undefined || data.crossOrigin === false) && data.topOrigin === undefined,
      "signed on the signing page itself",
      "signed inside another page",
    ),
    step("clientData.form", canonical, "as a browser writes it", "is not the form that browsers write"),
  ];
}

function authenticatorChecks({ authenticatorData: data }: Assertion, expected: Expected): Check[] {
  const flags = data[32] ?? 0;
  const has = (bit: number) => (flags & bit) !== 0;
  const length = has(flag.ed) ? data.length > 37 : data.length === 37;
  const be = expected.backupEligible;
  return [
    step(
      "authenticator.rpId",
      equal(data.subarray(0, 32), sha256(utf8(expected.rpId))),
      expected.rpId,
      `is not of ${expected.rpId}`,
    ),
    step("authenticator.userPresent", has(flag.up), "someone was there", "no one was there"),
    step("authenticator.userVerified", has(flag.uv), "by PIN or biometrics", "the person was not verified"),
    step("authenticator.form", length && !has(flag.at), "no attested data, no trailing bytes", "has unexpected bytes"),
    step(
      "authenticator.backup",
      (!has(flag.bs) || has(flag.be)) && (be === null || has(flag.be) === be),
      be === null ? "not recorded at enrolment" : "as enrolled",
      "differs from the enrolment",
    ),
  ];
}

function signatureChecks(a: Assertion, { spki }: Expected): Check[] {
  let fault = "";
  try {
    p256Point(spki);
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  const signed = verifyEs256(spki, signedBytes(a), a.signature);
  return [
    step("credential.key", fault === "", "ECDSA P-256", fault),
    step("credential.signature", signed.ok, "by the enrolled key", signed.ok ? "" : signed.why),
  ];
}

const step = (check: string, ok: boolean, good: string, bad: string): Check => ({ check, ok, detail: ok ? good : bad });
