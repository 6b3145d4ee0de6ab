import "server-only";
import { verifyRegistrationResponse } from "@simplewebauthn/server";
import { decodeCredentialPublicKey } from "@simplewebauthn/server/helpers";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { signingRequests } from "@/db/schema/signing";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { enrolmentStatement } from "@/lib/releases/statements";
import { fingerprint } from "@/lib/signing/fingerprint";
import { hosts } from "@/lib/signing/hosts";
import { creationChallenge, signingRequestBy } from "@/lib/signing/requests";
import { p256Spki } from "@/lib/signing/spki";
import { OfferKey } from "./credential";

/** What the link remembers between create() and get(). */
export const EnrolmentContext = z.strictObject({
  label: z.string(),
  key: z
    .strictObject({
      id: z.uuid(),
      kid: z.string(),
      spki: z.string(),
      webauthnId: z.string(),
      aaguid: z.string(),
      backupEligible: z.boolean(),
    })
    .optional(),
});

/** The signing page made a key: checks it and words the statement that the key itself must sign next. */
export const offerKey = command({
  name: "credential.offered",
  title: "Offer the passkey that was just made",
  http: { method: "POST", path: "/credentials/enrolments/key" },
  input: OfferKey,
  load: (tx, { token }) => signingRequestBy(tx, token, "enrol", new Date(0)),
  may: (actor, request) =>
    actor.kind === "person" && actor.id === request.personId ? yes : no("forbidden", "This link is another person's."),
  run: async (tx, { input, subject, actor, now }) => {
    const request = await signingRequestBy(tx, input.token, "enrol", now);
    const context = EnrolmentContext.parse(JSON.parse(request.context));
    const key = await newKey(input, creationChallenge(request));
    const id = newId();
    const kid = fingerprint(key.spki);
    const statement = enrolmentStatement(hosts(), {
      credentialId: id,
      personId: actor.id,
      personName: subject.personName,
      kind: "passkey",
      label: context.label,
      kid,
      spki: key.spki,
      rpId: hosts().rpId,
      aaguid: key.aaguid,
      backupEligible: key.backupEligible,
      enrolledAt: now,
    });
    const kept = {
      label: context.label,
      key: {
        id,
        kid,
        spki: key.spki.toString("base64"),
        webauthnId: input.id,
        aaguid: key.aaguid,
        backupEligible: key.backupEligible,
      },
    };
    await tx
      .update(signingRequests)
      .set({ payload: statement.payload, context: JSON.stringify(kept) })
      .where(eq(signingRequests.id, request.id));
    return {
      result: { payload: statement.payload.toString("base64"), credentialId: input.id },
      entry: {
        subject: { kind: "person", id: actor.id, ref: actor.name },
        summary: `made the passkey “${context.label}”, not yet enrolled`,
        body: { label: context.label, kid, request: request.id },
      },
    };
  },
});

/** Checks what create() answered: our challenge, the signing origin, a verified user, an ES256 key. */
async function newKey(input: z.output<typeof OfferKey>, challenge: Buffer) {
  const { sign, rpId } = hosts();
  const refuse = (why: string, cause?: unknown) =>
    new Refusal("invalid", `This passkey cannot be enrolled: ${why}.`, [], cause === undefined ? undefined : { cause });
  let verified: Awaited<ReturnType<typeof verifyRegistrationResponse>>;
  try {
    verified = await verifyRegistrationResponse({
      response: {
        id: input.id,
        rawId: input.id,
        type: "public-key",
        clientExtensionResults: {},
        response: { clientDataJSON: input.clientDataJSON, attestationObject: input.attestationObject },
      },
      expectedChallenge: challenge.toString("base64url"),
      expectedOrigin: sign,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [-7],
    });
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message.replace(/\.$/, "") : "it could not be read", cause);
  }
  if (!verified.verified) throw refuse("its attestation does not verify");
  const info = verified.registrationInfo;
  const cose: unknown = decodeCredentialPublicKey(info.credential.publicKey);
  const coordinate = (label: number): Uint8Array => {
    const value: unknown = cose instanceof Map ? cose.get(label) : undefined;
    if (!(value instanceof Uint8Array) || value.length !== 32) throw refuse("its key is not ECDSA P-256");
    return value;
  };
  return {
    spki: Buffer.from(p256Spki(coordinate(-2), coordinate(-3))),
    aaguid: info.aaguid,
    backupEligible: info.credentialDeviceType === "multiDevice",
  };
}
