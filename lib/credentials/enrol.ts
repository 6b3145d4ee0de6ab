import "server-only";
import { z } from "zod";
import { credentials } from "@/db/schema/signing";
import { command } from "@/lib/core/command";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { predicate } from "@/lib/releases/statements";
import { AssertionJson, acceptAssertion } from "@/lib/signing/assertion";
import { hosts } from "@/lib/signing/hosts";
import { signingRequestBy, spendLink } from "@/lib/signing/requests";
import { sha256Hex } from "@/lib/signing/sha256";
import { storePersonSignature, storeStatement } from "@/lib/signing/store";
import { signingToken } from "./credential";
import { EnrolmentContext } from "./offer-key";

/** The new key signed its own enrolment statement: from now on it counts. */
export const enrolPasskey = command({
  name: "credential.enrolled",
  title: "Enrol a passkey",
  http: { method: "POST", path: "/credentials", status: 201 },
  input: z.strictObject({ token: signingToken, assertion: AssertionJson }),
  load: (tx, { token }) => signingRequestBy(tx, token, "enrol", new Date(0)),
  may: (actor, request) =>
    actor.kind === "person" && actor.id === request.personId ? yes : no("forbidden", "This link is another person's."),
  run: async (tx, { input, actor, now }) => {
    const request = await signingRequestBy(tx, input.token, "enrol", now);
    const { label, key } = EnrolmentContext.parse(JSON.parse(request.context));
    if (!key) throw new Refusal("conflict", "Make the passkey first: this link has no key yet.");
    const { sign, rpId, name } = hosts();
    const spki = Buffer.from(key.spki, "base64");
    const webauthnId = Buffer.from(key.webauthnId, "base64url");
    const { assertion } = await acceptAssertion(input.assertion, request.payload, {
      spki,
      webauthnId,
      rpId,
      backupEligible: key.backupEligible,
    });
    await spendLink(tx, request, now);
    const sha256 = await storeStatement(tx, {
      payload: request.payload,
      predicateType: predicate.enrolment(name),
      subjects: [{ name: key.kid, digest: sha256Hex(spki) }],
      now,
    });
    await tx.insert(credentials).values({
      id: key.id,
      personId: actor.id,
      kind: "passkey",
      label,
      kid: key.kid,
      spki,
      webauthnId,
      rpId,
      origin: sign,
      aaguid: key.aaguid,
      backupEligible: key.backupEligible,
      enrolmentSha256: sha256,
      enrolledAt: now,
    });
    const { leaf } = await storePersonSignature(tx, {
      statementSha256: sha256,
      payload: request.payload,
      credential: { id: key.id, kid: key.kid, spki },
      assertion,
      now,
    });
    return {
      result: { id: key.id, kid: key.kid, label },
      entry: {
        subject: { kind: "credential", id: key.id, ref: key.kid },
        summary: `enrolled the passkey “${label}”`,
        body: {
          kid: key.kid,
          label,
          rpId,
          aaguid: key.aaguid,
          backupEligible: key.backupEligible,
          statement: sha256.toString("hex"),
        },
      },
      signatures: [leaf],
    };
  },
});
