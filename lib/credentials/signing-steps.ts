import "server-only";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { type Db, database } from "@/db/client";
import { people } from "@/db/schema/org";
import { credentials } from "@/db/schema/signing";
import { byPerson } from "@/lib/auth/identify";
import { confirmGlass, glassOfLink } from "@/lib/break-glass/confirm";
import type { Actor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { parse } from "@/lib/core/parse";
import { Refusal } from "@/lib/core/refusal";
import { sayMinute } from "@/lib/core/say-day";
import { attestationOf, signAttestation } from "@/lib/readiness/sign-attestation";
import { completeApproval } from "@/lib/releases/complete-approval";
import { declineApproval } from "@/lib/releases/decline-approval";
import { releaseBy } from "@/lib/releases/load";
import { decisionOf, signDecision } from "@/lib/reviews/sign-decision";
import { AssertionJson } from "@/lib/signing/assertion";
import { hosts } from "@/lib/signing/hosts";
import type { PageFacts, StepAnswer } from "@/lib/signing/page/api";
import type { SigningPurpose } from "@/lib/signing/purpose";
import { creationChallenge, type SigningRequest, signingRequestBy } from "@/lib/signing/requests";
import { signingToken } from "./credential";
import { enrolPasskey } from "./enrol";
import { EnrolmentContext, offerKey } from "./offer-key";

/** What the signing page of a link shows. The link is the authority: it was opened by the signed-in person, for one statement. */
export async function pageFacts(rawToken: string): Promise<PageFacts> {
  const { db } = database();
  const request = await signingRequestBy(db, parse(signingToken, rawToken), null, new Date());
  const { name, rpId, portal } = hosts();
  const common = { person: { name: request.personName }, host: name, rpId };
  if (request.purpose === "enrol") {
    const { label } = EnrolmentContext.parse(JSON.parse(request.context));
    const [person] = await db.select({ email: people.email }).from(people).where(eq(people.id, request.personId));
    return {
      ...common,
      purpose: "enrol",
      // A page that was reloaded between the two steps begins again with a new key.
      payload: "",
      key: null,
      creation: {
        challenge: creationChallenge(request).toString("base64url"),
        userId: Buffer.from(request.personId.replaceAll("-", ""), "hex").toString("base64url"),
        userName: person?.email ?? request.personName,
        label,
      },
      back: `${portal}/account/keys`,
      about: "Statement of enrolment",
    };
  }
  const { credentialId } = z.looseObject({ credentialId: z.string() }).parse(JSON.parse(request.context));
  const [key] = await db.select().from(credentials).where(eq(credentials.id, credentialId));
  if (!key?.webauthnId)
    throw new Refusal("gone", "This statement names a key that is no passkey. Open a new link where you came from.");
  const { path, about } = await sites[request.purpose].about(db, request);
  return {
    ...common,
    purpose: request.purpose,
    payload: request.payload.toString("base64"),
    key: {
      id: key.webauthnId.toString("base64url"),
      kid: key.kid,
      label: key.label,
      enrolledAt: key.enrolledAt.toISOString(),
    },
    creation: null,
    back: `${portal}${path}`,
    about,
  };
}

type Site = {
  /** What the statement is about, and the page to go back to. */
  about: (db: Db, request: SigningRequest) => Promise<{ path: string; about: string }>;
  /** Takes the signature; what to say at the end. */
  sign: (ctx: Ctx, signed: { token: string; assertion: z.output<typeof AssertionJson> }) => Promise<string>;
};

/** What people sign on the signing page, by the purpose of the link. */
const sites: Record<Exclude<SigningPurpose, "enrol">, Site> = {
  approve: {
    async about(db, request) {
      const { ref } = await releaseBy(db, request.releaseId ?? "");
      return { path: `/releases/${ref}`, about: `Statement on ${ref}` };
    },
    async sign(ctx, signed) {
      const { decision, release } = await completeApproval(ctx, signed);
      return `${decision === "APPROVE" ? "Your approval" : "Your rejection"} of ${release} is recorded and on its way into the log.`;
    },
  },
  decide: {
    async about(db, request) {
      const { ref } = await decisionOf(db, request.context);
      return { path: `/reviews/${ref}`, about: `Decision on ${ref}` };
    },
    async sign(ctx, signed) {
      const { ref } = await signDecision(ctx, signed);
      return `Your signature of the decision on ${ref} is recorded and on its way into the log.`;
    },
  },
  attest: {
    async about(db, request) {
      const { row, model } = await attestationOf(db, request.context, await personOf(db, request));
      return {
        path: `/models/${encodeURIComponent(model.name)}/readiness?item=${row.itemId}`,
        about: `Attestation of ${row.itemId}`,
      };
    },
    async sign(ctx, signed) {
      const { item, model } = await signAttestation(ctx, signed);
      return `Your attestation of ${item} of ${model} is signed and on its way into the log.`;
    },
  },
  break_glass: {
    async about(db, request) {
      const { ref } = await glassOfLink(db, request, await personOf(db, request), new Date());
      return { path: `/releases/break-glass/${ref}`, about: `Confirmation of ${ref}` };
    },
    async sign(ctx, signed) {
      const { ref, until } = await confirmGlass(ctx, signed);
      return `Your confirmation of ${ref} is recorded. The gate is open for this artefact until ${sayMinute(new Date(until))}, and everyone concerned is being told.`;
    },
  },
};

/** The person that a link is for, with the roles they hold now. */
async function personOf(db: Db, request: SigningRequest): Promise<Actor> {
  const actor = await byPerson(db, request.personId, new Date());
  if (!actor) throw new Refusal("forbidden", "This account is deactivated.");
  return actor;
}

const Step = z.discriminatedUnion("step", [
  z.strictObject({
    step: z.literal("key"),
    id: z.string().max(2000),
    clientDataJSON: z.string().max(8000),
    attestationObject: z.string().max(40_000),
  }),
  z.strictObject({ step: z.literal("sign"), assertion: AssertionJson }),
  z.strictObject({ step: z.literal("decline"), reason: z.string().max(2000, "At most 2,000 characters.") }),
]);

/** One step on the signing page, as the person that the link is for, with the roles they hold now. */
export async function takeStep(rawToken: string, body: unknown, requestId: string): Promise<StepAnswer> {
  const token = parse(signingToken, rawToken);
  const input = parse(Step, body);
  const { db } = database();
  const request = await signingRequestBy(db, token, null, new Date());
  const ctx: Ctx = { db, actor: await personOf(db, request), now: () => new Date(), requestId };
  if (input.step === "decline") {
    // Of an approval the requester waits for the reason; elsewhere nobody waits.
    if (request.purpose !== "approve" && request.purpose !== "enrol")
      throw new Refusal("conflict", "Nobody waits for this signature: close the page, and it stays unsigned.");
    await declineApproval(ctx, { token, reason: input.reason });
    return { done: "You declined, and your reason is on record. Nothing was signed." };
  }
  if (input.step === "key") {
    const { step: _, ...key } = input;
    return offerKey(ctx, { token, ...key });
  }
  if (request.purpose === "enrol") {
    const enrolled = await enrolPasskey(ctx, { token, assertion: input.assertion });
    return { done: `The passkey “${enrolled.label}” is yours. You can sign with it from now on.` };
  }
  return { done: await sites[request.purpose].sign(ctx, { token, assertion: input.assertion }) };
}
