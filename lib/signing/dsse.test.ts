import { createPublicKey } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { expect, test } from "vitest";
import { testSoftwareKey } from "@/lib/testing/keys";
import { base64, fromBase64, fromBase64url, hex, utf8 } from "./bytes";
import { type Envelope, envelope, envelopeSchema, parseStatement, verifyEnvelope, verifyEs256 } from "./dsse";
import { fingerprint } from "./fingerprint";
import { pae } from "./pae";
import { sigstoreBundle } from "./sigstore";
import { ed25519Spki } from "./spki";
import { parseStrictJson } from "./strict-json";

const key = testSoftwareKey();
const statement = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "card-fraud-score@14", digest: { sha256: "9f".repeat(32) } }],
  predicateType: "https://slsa.dev/verification_summary/v1",
  predicate: { verificationResult: "PASSED" },
};
const payload = utf8(JSON.stringify(statement));
const signed = envelope(payload, key.sign(payload), key.kid);
const without = (value: unknown, change: (copy: Envelope) => void): Envelope => {
  const copy: Envelope = structuredClone(value as Envelope);
  change(copy);
  return copy;
};

test("the PAE of the DSSE specification, lengths in bytes", () => {
  expect(Buffer.from(pae("http://example.com/HelloWorld", utf8("hello world"))).toString()).toBe(
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  );
  expect(Buffer.from(pae("é", utf8("ü€"))).toString()).toBe("DSSEv1 2 é 5 ü€");
});

test("a key id is the fingerprint that ssh-keygen prints", () => {
  // From `ssh-keygen -t ecdsa -b 256` and `-t ed25519`, with `ssh-keygen -lf`.
  const p256 = fromBase64(
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9hYll25zqog8yqyO7PfgCIoEAAUA3vyF67CJh/QKh/NzZ19TyKL/FViqnUUWfFltLk2PysrgsO9nHmfvvyF//A==",
  );
  expect(fingerprint(p256)).toBe("SHA256:+KY49B3P+PNx37I+nQKV5Yg/pG3VWSb9rvxdFyuWT6U");
  const wire = fromBase64("AAAAC3NzaC1lZDI1NTE5AAAAIJaUuSrCPZBt4o2mBVWfMcoB8Jgbl3EkOjW55sED38v8");
  expect(fingerprint(ed25519Spki(wire.subarray(-32)))).toBe("SHA256:57K904jJdCPQUd+BkEXAHcLxU1v053xAp/ky2dCPv7E");
});

test("an envelope verifies with its key and gives back exactly its payload", () => {
  const result = verifyEnvelope(signed, key.spki);
  expect(result.ok && hex(result.payload)).toBe(hex(payload));
});
test("1: no byte of the payload is free to change", () => {
  for (let i = 0; i < payload.length; i++) {
    const changed = payload.slice();
    changed[i] = (changed[i] ?? 0) ^ 1;
    const copy = without(signed, (e) => {
      e.payload = base64(changed);
    });
    expect(verifyEnvelope(copy, key.spki).ok).toBe(false);
  }
});
test("2: another payload type is refused, and would not verify", () => {
  expect(envelopeSchema.safeParse({ ...signed, payloadType: "text/plain" }).success).toBe(false);
  const sig = fromBase64(signed.signatures[0].sig);
  expect(verifyEs256(key.spki, pae("text/plain", payload), sig).ok).toBe(false);
});
test("3: the key id of another key is refused", () => {
  const copy = without(signed, (e) => {
    e.signatures[0].keyid = testSoftwareKey().kid;
  });
  expect(verifyEnvelope(copy, key.spki)).toMatchObject({ ok: false });
  expect(verifyEnvelope(signed, testSoftwareKey().spki)).toMatchObject({ ok: false });
});
test("4: another subject digest is refused", () => {
  const other = utf8(JSON.stringify(statement).replace("9f9f", "9e9f"));
  const copy = without(signed, (e) => {
    e.payload = base64(other);
  });
  expect(verifyEnvelope(copy, key.spki)).toEqual({ ok: false, why: "the signature does not match" });
});
test("6: the same key twice in one object of the payload is refused", () => {
  expect(() => parseStatement(utf8(JSON.stringify(statement).replace("{", '{"_type":"x",')))).toThrow(
    /the key "_type" stands twice/,
  );
  for (const twice of ['{"a":1,"a":2}', '[{"b":{"x":1,"\\u0078":2}}]', '{"a":{"c":1},"b":[],"a":{}}'])
    expect(() => parseStrictJson(utf8(twice))).toThrow(/stands twice/);
  for (const fine of ['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', '{"a":"a\\":","b":"{\\"a\\":1}"}', '["a","a"]'])
    expect(parseStrictJson(utf8(fine))).toEqual(JSON.parse(fine));
  expect(() => parseStrictJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(TypeError);
});
test("7: two signatures in one envelope are refused", () => {
  const two = { ...signed, signatures: [...signed.signatures, ...signed.signatures] };
  expect(envelopeSchema.safeParse(two).success).toBe(false);
  expect(envelopeSchema.safeParse({ ...signed, signatures: [] }).success).toBe(false);
});
test("base64 has one spelling: unused bits, line breaks, other alphabets and missing padding are refused", () => {
  expect(hex(fromBase64("AQ=="))).toBe("01");
  for (const other of ["AR==", "AQ", "AQ==\n", " AQ==", "_w=="]) expect(() => fromBase64(other)).toThrow();
  expect(hex(fromBase64url("_w"))).toBe("ff");
  for (const other of ["_w==", "_x", "/w"]) expect(() => fromBase64url(other)).toThrow();
});

const verifier = new Verifier(
  toTrustMaterial(
    TrustedRoot.fromJSON({
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [],
      certificateAuthorities: [],
      ctlogs: [],
      timestampAuthorities: [],
    }),
    () => ({
      publicKey: createPublicKey({ key: key.spki, format: "der", type: "spki" }),
      validFor: () => true,
    }),
  ),
  { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
);
test("@sigstore/verify accepts the envelope as a bundle, and refuses a changed or doubly signed one", () => {
  const bundle = sigstoreBundle(signed, null);
  verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
  const changed = without(signed, (e) => {
    e.payload = base64(utf8(JSON.stringify(statement).replace("PASSED", "FAILED")));
  });
  expect(() => verifier.verify(toSignedEntity(bundleFromJSON(sigstoreBundle(changed, null))))).toThrow(/signature/);
  const two = structuredClone(bundle);
  Object.assign(two.dsseEnvelope, { signatures: [...signed.signatures, ...signed.signatures] });
  expect(() => bundleFromJSON(two)).toThrow();
});
