import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { people } from "@/db/schema/org";
import { credentials } from "@/db/schema/signing";
import { personasOffered } from "@/lib/auth/demo";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { enrolmentStatement } from "@/lib/releases/statements";
import { fingerprint } from "@/lib/signing/fingerprint";
import { hosts } from "@/lib/signing/hosts";
import { storePersonSignature, storeStatement } from "@/lib/signing/store";
import { EnrolSoftwareKey, mayEnrolSoftware } from "./credential";
import { personaKey, signAsPersona } from "./persona-keys";

/** Gives a demo persona a software key, labelled as such everywhere. The portal runs it when it seeds its demo. */
export const enrolSoftwareKey = command({
  name: "credential.software_enrolled",
  title: "Give a demo persona a software key",
  http: null,
  input: EnrolSoftwareKey,
  load: async (tx, input) => {
    const [person] = await tx.select().from(people).where(eq(people.id, input.person));
    if (!person) throw new Refusal("not_found", "There is no such person.");
    const [own] = await tx
      .select()
      .from(credentials)
      .where(and(eq(credentials.personId, person.id), eq(credentials.kind, "software"), isNull(credentials.revokedAt)));
    return { ...person, own };
  },
  may: (actor, person) => mayEnrolSoftware(actor, person, personasOffered()),
  run: async (tx, { subject, now }) => {
    if (subject.own) return { unchanged: { id: subject.own.id, kid: subject.own.kid } };
    const { spki } = await personaKey(subject.id);
    const id = newId();
    const kid = fingerprint(spki);
    const label = "Demo key";
    const statement = enrolmentStatement(hosts(), {
      credentialId: id,
      personId: subject.id,
      personName: subject.name,
      kind: "software",
      label,
      kid,
      spki,
      rpId: null,
      aaguid: null,
      backupEligible: null,
      enrolledAt: now,
    });
    const sha256 = await storeStatement(tx, { ...statement, now });
    await tx.insert(credentials).values({
      id,
      personId: subject.id,
      kind: "software",
      label,
      kid,
      spki,
      enrolmentSha256: sha256,
      enrolledAt: now,
    });
    const { leaf } = await storePersonSignature(tx, {
      statementSha256: sha256,
      payload: statement.payload,
      credential: { id, kid, spki },
      dsse: await signAsPersona(subject.id, statement.payload),
      now,
    });
    return {
      result: { id, kid },
      entry: {
        subject: { kind: "credential", id, ref: kid },
        summary: `gave ${subject.name} a software key for the demo`,
        body: { person: subject.id, kid, statement: sha256.toString("hex") },
      },
      signatures: [leaf],
    };
  },
});
