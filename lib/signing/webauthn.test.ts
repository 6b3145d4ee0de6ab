import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { expect, test } from "vitest";
import { testAuthenticator } from "@/lib/testing/authenticator";
import { approvalChallenge } from "./challenge";
import { inTotoType, pae } from "./pae";
import { sha256 } from "./sha256";
import { type Assertion, signedBytes, verifyAssertion } from "./webauthn";

type Recorded = { clientDataJSON: string; authenticatorData: string; signature: string };
const recorded: {
  host: string;
  rpId: string;
  origin: string;
  payload: string;
  credential: { id: string; spki: string; clientDataJSON: string; attestationObject: string };
  approval: Recorded;
  login: Recorded;
  unverified: Recorded;
  ed25519: { credential: { spki: string }; approval: Recorded };
} = JSON.parse(readFileSync(new URL("./fixtures/passkeys.json", import.meta.url), "utf8"));

const bytes = (text: string) => Buffer.from(text, "base64url");
const assertion = (r: Recorded): Assertion => ({
  clientDataJson: bytes(r.clientDataJSON),
  authenticatorData: bytes(r.authenticatorData),
  signature: bytes(r.signature),
});
const challengeOf = (payload: string) =>
  approvalChallenge(recorded.host, sha256(pae(inTotoType, Buffer.from(payload))));
const expected = {
  spki: bytes(recorded.credential.spki),
  rpId: recorded.rpId,
  origins: [recorded.origin],
  challenge: challengeOf(recorded.payload),
  backupEligible: false,
};
const failed = (a: Assertion, e: Parameters<typeof verifyAssertion>[1] = expected) =>
  verifyAssertion(a, e).flatMap((c) => (c.ok ? [] : c.check));

test("a passkey answer made by Chromium passes every step", () => {
  expect(failed(assertion(recorded.approval))).toEqual([]);
  expect(signedBytes(assertion(recorded.approval))).toHaveLength(69);
});

test("@simplewebauthn/server accepts the same registration and answer, and refuses them for another challenge", async () => {
  const registration = await verifyRegistrationResponse({
    response: {
      id: recorded.credential.id,
      rawId: recorded.credential.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: recorded.credential.clientDataJSON,
        attestationObject: recorded.credential.attestationObject,
      },
    },
    expectedChallenge: Buffer.alloc(32).toString("base64url"),
    expectedOrigin: recorded.origin,
    expectedRPID: recorded.rpId,
    requireUserVerification: true,
  });
  if (!registration.verified) throw new Error("registration refused");
  const { credential } = registration.registrationInfo;
  const ask = (response: Recorded, challenge: Uint8Array) =>
    verifyAuthenticationResponse({
      response: {
        id: recorded.credential.id,
        rawId: recorded.credential.id,
        type: "public-key",
        clientExtensionResults: {},
        response,
      },
      expectedChallenge: Buffer.from(challenge).toString("base64url"),
      expectedOrigin: recorded.origin,
      expectedRPID: recorded.rpId,
      credential: { ...credential, counter: 0 },
      requireUserVerification: true,
    });
  expect(await ask(recorded.approval, expected.challenge)).toMatchObject({ verified: true });
  await expect(ask(recorded.approval, challengeOf("another statement"))).rejects.toThrow(/challenge/);
  await expect(ask(recorded.unverified, expected.challenge)).rejects.toThrow(/verification/i);
});

test("13: an answer without user verification fails", () => {
  expect(failed(assertion(recorded.unverified))).toEqual(["authenticator.userVerified"]);
});
test("17, 19: an answer for another statement, or a sign-in, is not an approval of this one", () => {
  const challenge = challengeOf(recorded.payload.replace("APPROVE", "REJECT"));
  expect(failed(assertion(recorded.approval), { ...expected, challenge })).toEqual([
    "clientData.challenge",
    "clientData.form",
  ]);
  expect(failed(assertion(recorded.login))).toEqual(["clientData.challenge", "clientData.form"]);
});
test("an approval for another portal fails: the namespace is in the challenge", () => {
  const challenge = approvalChallenge("other.test", sha256(pae(inTotoType, Buffer.from(recorded.payload))));
  expect(failed(assertion(recorded.approval), { ...expected, challenge })).toContain("clientData.challenge");
});
test("24: an Ed25519 passkey and an RSA key fail", () => {
  const ed = { ...expected, spki: bytes(recorded.ed25519.credential.spki) };
  expect(failed(assertion(recorded.ed25519.approval), ed)).toEqual(["credential.key", "credential.signature"]);
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "der", type: "spki" });
  expect(failed(assertion(recorded.approval), { ...expected, spki: rsa })).toContain("credential.key");
});
test("26: another person's key fails", () => {
  expect(failed(assertion(recorded.approval), { ...expected, spki: testAuthenticator().spki })).toEqual([
    "credential.signature",
  ]);
});

const passkey = testAuthenticator();
const mine = { ...expected, spki: passkey.spki, rpId: passkey.rpId, origins: [passkey.origin] };
test.each<[string, Parameters<typeof passkey.answer>[1], string[]]>([
  ["14: wrong relying party", { rpId: "evil.test" }, ["authenticator.rpId"]],
  ["15: wrong origin", { origin: "https://evil.test" }, ["clientData.origin"]],
  ["16: inside another page", { clientDataTail: ',"crossOrigin":true' }, ["clientData.crossOrigin"]],
  [
    "16: with a top origin",
    { clientDataTail: ',"crossOrigin":false,"topOrigin":"https://x.test"' },
    ["clientData.crossOrigin"],
  ],
  ["18: of a registration", { type: "webauthn.create" }, ["clientData.type", "clientData.form"]],
  [
    "21: a key twice in the client data",
    { clientDataTail: ',"crossOrigin":false,"challenge":"zzz"' },
    ["clientData.json", "clientData.type", "clientData.challenge", "clientData.origin", "clientData.form"],
  ],
  ["22: a key that became a synced one", { flags: 0x0d }, ["authenticator.backup"]],
  ["22: backed up, though not eligible", { flags: 0x15 }, ["authenticator.backup"]],
  ["23: with attested data", { flags: 0x45 }, ["authenticator.form"]],
  ["23: with trailing bytes", { trailing: Buffer.from([0]) }, ["authenticator.form"]],
  ["with no one present", { flags: 0x04 }, ["authenticator.userPresent"]],
])("refused, %s", (_, odd, checks) => {
  expect(failed(passkey.answer(mine.challenge), mine)).toEqual([]);
  expect(failed(passkey.answer(mine.challenge, odd), mine)).toEqual(checks);
});

test("20: every flag bit is under the signature", () => {
  for (let bit = 0; bit < 8; bit++) {
    const answer = passkey.answer(mine.challenge);
    const authenticatorData = Buffer.from(answer.authenticatorData);
    authenticatorData[32] = (authenticatorData[32] ?? 0) ^ (1 << bit);
    expect(failed({ ...answer, authenticatorData }, mine)).toContain("credential.signature");
  }
});
test("25: a raw r‖s signature is not accepted for DER", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const answer = passkey.answer(mine.challenge, { key: privateKey });
  const signature = sign("sha256", signedBytes(answer), { key: privateKey, dsaEncoding: "ieee-p1363" });
  const owner = { ...mine, spki: publicKey.export({ format: "der", type: "spki" }) };
  expect(failed(answer, owner)).toEqual([]);
  expect(failed({ ...answer, signature }, owner)).toEqual(["credential.signature"]);
});
test("no byte of an answer is free to change", () => {
  const answer = assertion(recorded.approval);
  for (const part of ["clientDataJson", "authenticatorData", "signature"] as const) {
    for (let i = 0; i < answer[part].length; i++) {
      const changed = Buffer.from(answer[part]);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(failed({ ...answer, [part]: changed }), `${part} byte ${i}`).not.toEqual([]);
    }
  }
});
