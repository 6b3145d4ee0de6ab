import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import { type Bytes, base64, fromBase64 } from "./bytes";
import { ecdsaIntegers } from "./der";
import { fingerprint } from "./fingerprint";
import { inTotoType, pae } from "./pae";
import { parseStrictJson } from "./strict-json";

const text = z.string().max(4096);
const base64Text = z.string().max(8_000_000);

/** A DSSE envelope with exactly one signature: one file, one signer (Sigstore bundle v0.3 demands it). */
export const envelopeSchema = z.strictObject({
  payload: base64Text,
  payloadType: z.literal(inTotoType),
  signatures: z.tuple([z.strictObject({ sig: text, keyid: text })]),
});
export type Envelope = z.output<typeof envelopeSchema>;

export const envelope = (payload: Uint8Array, sig: Uint8Array, kid: string): Envelope => ({
  payload: base64(payload),
  payloadType: inTotoType,
  signatures: [{ sig: base64(sig), keyid: kid }],
});

/** An in-toto Statement v1, as far as every predicate shares it. */
export const statementSchema = z.looseObject({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z
    .array(
      z.strictObject({
        name: z.string().max(1000),
        digest: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      }),
    )
    .min(1)
    .max(1000),
  predicateType: z.string().max(1000),
  predicate: z.record(z.string(), z.unknown()),
});
export type Statement = z.output<typeof statementSchema>;

/** Parses exactly the bytes that were verified. Throws with the reason. */
export const parseStatement = (payload: Uint8Array): Statement => statementSchema.parse(parseStrictJson(payload));

/** The outcome of one step of a verification. */
export type Step = { ok: true } | { ok: false; why: string };
const bad = (why: string): Step => ({ ok: false, why });

/** ECDSA P-256 with SHA-256 in strict DER. */
export function verifyEs256(spki: Uint8Array, data: Uint8Array, der: Uint8Array): Step {
  try {
    ecdsaIntegers(der);
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1")
      return bad("the key is not ECDSA P-256");
    return verify("sha256", data, { key, dsaEncoding: "der" }, der)
      ? { ok: true }
      : bad("the signature does not match");
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
}

/** Verifies an envelope with one P-256 key and gives back its payload. The keyid must be that key's fingerprint. */
export function verifyEnvelope(
  value: Envelope,
  spki: Uint8Array,
): { ok: true; payload: Bytes } | { ok: false; why: string } {
  const [{ sig, keyid }] = value.signatures;
  try {
    const kid = fingerprint(spki);
    if (keyid !== kid) return { ok: false, why: `the envelope names the key ${keyid}, expected ${kid}` };
    const payload = fromBase64(value.payload);
    const step = verifyEs256(spki, pae(value.payloadType, payload), fromBase64(sig));
    return step.ok ? { ok: true, payload } : step;
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}
