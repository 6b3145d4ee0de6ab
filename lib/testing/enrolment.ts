import { createHash, randomBytes } from "node:crypto";
import type { Ctx } from "@/lib/core/command";
import { enrolPasskey } from "@/lib/credentials/enrol";
import { offerKey } from "@/lib/credentials/offer-key";
import { prepareEnrolment } from "@/lib/credentials/prepare-enrolment";
import { coseKey } from "@/lib/signing/assertion";
import { approvalChallenge } from "@/lib/signing/challenge";
import { hosts } from "@/lib/signing/hosts";
import { inTotoType, pae } from "@/lib/signing/pae";
import { sha256 } from "@/lib/signing/sha256";
import { type Oddity, testAuthenticator } from "./authenticator";

export type TestPasskey = Awaited<ReturnType<typeof testPasskey>>;

/** A passkey in software that can be enrolled and answers as the signing page would send it. */
export function testPasskey() {
  const { rpId, sign: origin, name } = hosts();
  const authenticator = testAuthenticator({ rpId, origin });
  const id = randomBytes(16);
  return {
    ...authenticator,
    id: id.toString("base64url"),
    /** What create() answers; `cose`: another public key than the one it signs with. */
    creation(challenge: Buffer, flags = 0x45, cose: Uint8Array = coseKey(authenticator.spki)) {
      const clientData = Buffer.from(
        `{"type":"webauthn.create","challenge":"${challenge.toString("base64url")}","origin":"${origin}","crossOrigin":false}`,
      );
      const authData = Buffer.concat([
        createHash("sha256").update(rpId).digest(),
        Buffer.from([flags, 0, 0, 0, 0]),
        Buffer.alloc(16),
        Buffer.from([0, id.length]),
        id,
        cose,
      ]);
      const attestation = Buffer.concat([
        Buffer.from([0xa3, 0x63]),
        Buffer.from("fmt"),
        Buffer.from([0x64]),
        Buffer.from("none"),
        Buffer.from([0x67]),
        Buffer.from("attStmt"),
        Buffer.from([0xa0, 0x68]),
        Buffer.from("authData"),
        Buffer.from([0x58, authData.length]),
        authData,
      ]);
      return {
        id: id.toString("base64url"),
        clientDataJSON: clientData.toString("base64url"),
        attestationObject: attestation.toString("base64url"),
      };
    },
    /** What get() answers over a statement. */
    sign(payload: Uint8Array, odd: Oddity = {}) {
      const a = authenticator.answer(approvalChallenge(name, sha256(pae(inTotoType, payload))), odd);
      return {
        id: id.toString("base64url"),
        clientDataJSON: Buffer.from(a.clientDataJson).toString("base64url"),
        authenticatorData: Buffer.from(a.authenticatorData).toString("base64url"),
        signature: Buffer.from(a.signature).toString("base64url"),
      };
    },
  };
}

/** Enrols a new passkey for a person, through the same commands as the signing page. */
export async function enrolTestPasskey(ctx: Ctx, label = "Test key") {
  const key = testPasskey();
  const { token } = await prepareEnrolment(ctx, { label });
  const offered = await offerKey(ctx, { token, ...key.creation(sha256(Buffer.from(token))) });
  await enrolPasskey(ctx, { token, assertion: key.sign(Buffer.from(offered.payload, "base64")) });
  return key;
}
