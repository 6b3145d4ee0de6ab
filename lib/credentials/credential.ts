import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** Vocabulary of the keys with which people sign. */
export const keyKinds = ["passkey", "software"] as const;
export type KeyKind = (typeof keyKinds)[number];

/** A software key is always called what it is. */
export const keyKindName: Record<KeyKind, string> = { passkey: "Passkey", software: "Software key (demo)" };

const label = z
  .string("Name the key.")
  .trim()
  .min(2, "Name the key so that you recognise it, for example YubiKey 5C.")
  .max(60, "At most 60 characters.");

export const PrepareEnrolment = z.strictObject({ label });

const b64u = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\w-]*$/, "Send base64url without padding.");
export const signingToken = z.string().regex(/^[\w-]{43}$/, "This is not a signing link.");

/** What navigator.credentials.create() answered, in base64url. */
export const OfferKey = z.strictObject({
  token: signingToken,
  id: b64u(2000),
  clientDataJSON: b64u(8000),
  attestationObject: b64u(40_000),
});
export const RevokeKey = z.strictObject({
  credential: z.string().min(1).max(100),
  reason: z
    .string("Say why.")
    .trim()
    .min(10, "Say why in at least 10 characters; it goes on record.")
    .max(1000, "At most 1,000 characters."),
});
export const EnrolSoftwareKey = z.strictObject({ person: z.uuid("Give the persona's id.") });

export const mayEnrol = (actor: Actor): Verdict =>
  actor.kind === "person" ? yes : no("forbidden", "Only a person has a key: tokens, services and agents do not sign.");

export function mayRevokeKey(actor: Actor, key: { personId: string; revokedAt: Date | null }): Verdict {
  if (actor.kind !== "person" || actor.id !== key.personId)
    return no("forbidden", "Only the person whose key it is can revoke it.");
  if (key.revokedAt) return no("conflict", "This key was revoked already.");
  return yes;
}

/** Software keys exist for the personas of the demo and for nobody else. */
export function mayEnrolSoftware(actor: Actor, person: { persona: boolean; active: boolean }, demo: boolean): Verdict {
  if (!demo) return no("forbidden", "Software keys exist in demo mode only. Enrol a passkey.");
  if (!person.persona || !person.active) return no("forbidden", "Software keys are for demo personas only.");
  if (actor.kind !== "system") return no("forbidden", "The portal itself makes the software keys of its demo.");
  return yes;
}
