import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { fingerprint } from "@/lib/signing/fingerprint";
import type { Assertion } from "@/lib/signing/webauthn";

/** What a test wants to be different from an honest answer. */
export type Oddity = Partial<{
  type: string;
  origin: string;
  rpId: string;
  flags: number;
  trailing: Uint8Array;
  /** Answers this challenge in place of the one asked, as a sign-in or another statement would. */
  challenge: Uint8Array;
  /** Changed in the flags after the answer was signed. */
  flip: number;
  /** r‖s in place of DER. */
  raw: boolean;
  /** Appended inside the client data object, e.g. `,"crossOrigin":true`. */
  clientDataTail: string;
  key: KeyObject;
}>;

/** A passkey in software, which also gives the dishonest answers that a real authenticator would not. */
export function testAuthenticator(site = { rpId: "sign.test", origin: "https://sign.test" }) {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = pair.publicKey.export({ format: "der", type: "spki" });
  return {
    ...site,
    spki,
    kid: fingerprint(spki),
    answer(challenge: Uint8Array, odd: Oddity = {}): Assertion {
      const clientDataJson = Buffer.from(
        `{"type":"${odd.type ?? "webauthn.get"}","challenge":"${Buffer.from(odd.challenge ?? challenge).toString("base64url")}","origin":"${odd.origin ?? site.origin}"${odd.clientDataTail ?? ',"crossOrigin":false'}}`,
      );
      const authenticatorData = Buffer.concat([
        createHash("sha256")
          .update(odd.rpId ?? site.rpId)
          .digest(),
        Buffer.from([odd.flags ?? 0x05, 0, 0, 0, 1]),
        odd.trailing ?? Buffer.alloc(0),
      ]);
      const signed = Buffer.concat([authenticatorData, createHash("sha256").update(clientDataJson).digest()]);
      const dsaEncoding = odd.raw ? "ieee-p1363" : "der";
      const signature = sign("sha256", signed, { key: odd.key ?? pair.privateKey, dsaEncoding });
      authenticatorData[32] = (authenticatorData[32] ?? 0) ^ (odd.flip ?? 0);
      return { clientDataJson, authenticatorData, signature };
    },
  };
}
