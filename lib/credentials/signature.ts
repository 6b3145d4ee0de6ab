import "server-only";
import { and, desc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { credentials } from "@/db/schema/signing";
import { personasOffered } from "@/lib/auth/demo";
import type { Actor } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import { AssertionJson, acceptAssertion } from "@/lib/signing/assertion";
import { fromBase64 } from "@/lib/signing/bytes";
import { approvalChallenge } from "@/lib/signing/challenge";
import { parseStatement, verifyEs256 } from "@/lib/signing/dsse";
import { hosts } from "@/lib/signing/hosts";
import { inTotoType, pae } from "@/lib/signing/pae";
import type { SigningPurpose } from "@/lib/signing/purpose";
import { openSigningRequest, type SigningRequest, spendLink } from "@/lib/signing/requests";
import { sha256 } from "@/lib/signing/sha256";
import { storePersonSignature, storeStatement } from "@/lib/signing/store";
import type { Assertion, Check } from "@/lib/signing/webauthn";
import { signingToken } from "./credential";

/** A link to the signing page and the signature that came of it. */
export const Signed = z
  .strictObject({
    token: signingToken,
    /** A passkey's answer, or in demo mode the DSSE signature of a persona's software key (DER, base64). */
    assertion: AssertionJson.optional(),
    dsse: z.string().max(200).optional(),
  })
  .refine((c) => (c.assertion === undefined) !== (c.dsse === undefined), {
    path: ["assertion"],
    message: "Send the passkey's answer.",
  });

/** The person's key: the one they name, else their newest passkey, else in demo mode the persona's software key. */
export async function keyToSignWith(tx: Tx, actor: Actor, wanted: string | undefined) {
  const own = await tx
    .select()
    .from(credentials)
    .where(and(eq(credentials.personId, actor.id), isNull(credentials.revokedAt)))
    .orderBy(desc(credentials.enrolledAt));
  const usable = own.filter((k) => k.kind === "passkey" || personasOffered());
  const key = wanted
    ? usable.find((k) => k.kid === wanted || k.id === wanted)
    : (usable.find((k) => k.kind === "passkey") ?? usable[0]);
  if (key) return key;
  throw new Refusal(
    "conflict",
    wanted
      ? "You have no such key, or it was revoked."
      : "You have no key to sign with yet. Enrol a passkey under Account, Keys; it takes a minute.",
  );
}

/**
 * Opens a one-time link to the signing page for a worded statement. Answers what a command that words one answers: the link, what the
 * signing page must show too, and the key that is to sign; and the request's id, for the log.
 */
export async function openSignature(
  tx: Tx,
  wanted: {
    purpose: Exclude<SigningPurpose, "enrol">;
    payload: Buffer;
    key: Awaited<ReturnType<typeof keyToSignWith>>;
    /** What the request remembers beside the statement and the key. */
    context: Readonly<Record<string, string>>;
    releaseId?: string;
    now: Date;
  },
) {
  const { payload, key } = wanted;
  const request = await openSigningRequest(tx, {
    purpose: wanted.purpose,
    personId: key.personId,
    payload,
    context: JSON.stringify({ ...wanted.context, credentialId: key.id }),
    releaseId: wanted.releaseId ?? null,
    now: wanted.now,
  });
  const paeSha256 = sha256(pae(inTotoType, payload));
  return {
    requestId: request.id,
    opened: {
      token: request.token,
      url: request.url,
      code: request.code,
      linkExpiresAt: request.expiresAt,
      statement: payload.toString("base64"),
      paeSha256: paeSha256.toString("hex"),
      challenge: Buffer.from(approvalChallenge(hosts().name, paeSha256)).toString("base64url"),
      credential: { kind: key.kind, kid: key.kid, id: key.webauthnId?.toString("base64url") ?? null },
    },
  };
}

/** The key that a statement names, if it is still the person's. */
async function heldKey(tx: Tx, id: string, personId: string, now: Date) {
  const [key] = await tx
    .select()
    .from(credentials)
    .where(and(eq(credentials.id, id), eq(credentials.personId, personId), isNull(credentials.revokedAt)))
    // Held until this signature is in the log, so that a revocation comes either before it or after it.
    .for("share");
  if (!key) throw new Refusal("forbidden", "The key that the statement names was revoked. Open a new signing link.");
  if (key.enrolledAt > now) throw new Refusal("forbidden", "The key was enrolled after this signature.");
  if (key.kind === "software" && !personasOffered())
    throw new Refusal("forbidden", "Software keys count in demo mode only. Enrol a passkey and sign with it.");
  return key;
}

type Proof =
  | { kind: "webauthn"; assertion: Assertion; sig: Uint8Array; checks: Check[] }
  | { kind: "dsse"; sig: Uint8Array; checks: Check[] };

/** Checks the signature over the statement with the key, and refuses what does not hold. */
async function acceptSignature(
  input: z.output<typeof Signed>,
  payload: Buffer,
  key: Awaited<ReturnType<typeof heldKey>>,
): Promise<Proof> {
  if (input.assertion) {
    if (key.kind !== "passkey") throw new Refusal("forbidden", "The statement names a software key, not a passkey.");
    const { assertion, checks } = await acceptAssertion(input.assertion, payload, key);
    return { kind: "webauthn", assertion, sig: assertion.signature, checks };
  }
  if (key.kind !== "software")
    throw new Refusal("forbidden", "A passkey signs on the signing page; send its assertion.");
  let sig: Uint8Array;
  try {
    sig = fromBase64(input.dsse ?? "");
  } catch (cause) {
    throw new Refusal("invalid", "dsse: not base64.", [{ field: "dsse", message: "Not base64." }], { cause });
  }
  const step = verifyEs256(key.spki, pae(inTotoType, payload), sig);
  if (!step.ok) throw new Refusal("forbidden", `The signature does not hold: ${step.why}. Nothing was recorded.`);
  return {
    kind: "dsse",
    sig,
    checks: [{ check: "credential.signature", ok: true, detail: "by the persona's software key (demo)" }],
  };
}

/**
 * Takes a signature over the statement of an open link: the key is still the person's, the signature holds, the link is used up, the
 * statement and the signature are kept. Of what was signed, not of what stands now. Pass `leaf` on in the command's `signatures`.
 */
export async function takeSignature(
  tx: Tx,
  given: { input: z.output<typeof Signed>; request: SigningRequest; credentialId: string; actor: Actor; now: Date },
) {
  const { request, now } = given;
  const key = await heldKey(tx, given.credentialId, given.actor.id, now);
  const proof = await acceptSignature(given.input, request.payload, key);
  await spendLink(tx, request, now);
  const { predicateType, subject } = parseStatement(request.payload);
  const statement = await storeStatement(tx, {
    payload: request.payload,
    predicateType,
    subjects: subject.map(({ name, digest }) => ({ name, digest: digest.sha256 })),
    now,
  });
  const { leaf } = await storePersonSignature(tx, {
    statementSha256: statement,
    payload: request.payload,
    credential: key,
    now,
    ...(proof.kind === "webauthn" ? { assertion: proof.assertion } : { dsse: proof.sig }),
  });
  return { key, proof, statement, leaf, with: key.kind === "passkey" ? "a passkey" : "a software key (demo)" };
}
