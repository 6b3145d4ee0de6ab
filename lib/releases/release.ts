import { z } from "zod";
import { type Actor, hasRole, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { type Role, roleName, roles } from "@/lib/core/rights";
import { environments } from "@/lib/models/model";
import { inSentence } from "./words";

/** Vocabulary of releases and the gate. */
export const releaseStatuses = ["open", "allowed", "released", "rejected", "withdrawn", "superseded"] as const;
export type ReleaseStatus = (typeof releaseStatuses)[number];

/** The word for a status on screen. */
export const releaseStatusName: Record<ReleaseStatus, string> = {
  open: "Waiting",
  allowed: "Allowed",
  released: "Released",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
  superseded: "Superseded",
};

export const decisionsOfApproval = ["APPROVE", "REJECT"] as const;
export type ApprovalDecision = (typeof decisionsOfApproval)[number];

/** Where one approval stands against the request as it is now; only `valid` counts. */
export const approvalStates = ["valid", "stale", "expired", "revoked", "rejected", "weak"] as const;
export type ApprovalState = (typeof approvalStates)[number];

export const approvalStateName: Record<ApprovalState, string> = {
  valid: "Valid",
  stale: "Stale",
  expired: "Expired",
  revoked: "Taken back",
  rejected: "Rejected",
  weak: "Key too weak",
};

/** One reason of a gate answer: code, sentence, what would clear it, who can do that (named), and where. */
export type GateReason = {
  code: string;
  text: string;
  unblock: string;
  who: string;
  link: string;
  /** Break-glass does not pass it. */
  stands?: true;
};

/** What will turn into a reason on a known day if nobody acts. */
export type UpcomingReason = { on: string; code: string; text: string; link: string };

const name = z.string().trim().min(1, "Name the model.").max(200, "A model name has at most 200 characters.");
const version = z.string().trim().min(1, "Name the version.").max(100, "A version has at most 100 characters.");
/** SHA-256 of the artefact, 64 hex digits, with or without the prefix `sha256:`; stored lower-case without it. */
export const digest = z
  .string()
  .trim()
  .max(80)
  .transform((d) => d.toLowerCase().replace(/^sha256:/, ""))
  .refine((d) => /^[0-9a-f]{64}$/.test(d), "Give the SHA-256 of the artefact: 64 hexadecimal digits.");
export const environment = z.enum(environments, `The environment is one of ${environments.join(", ")}.`);

/** A release by its reference (REL-0231) or id. */
export const releaseRef = z.string().trim().min(1, "Name the release.").max(64);

const reason = z
  .string("Say why.")
  .trim()
  .min(10, "Say why in at least 10 characters; it goes on record.")
  .max(2000, "At most 2,000 characters.");

export const RequestRelease = z.strictObject({
  model: name,
  version,
  environment: environment.exclude(["dev"], "A release goes to staging or prod; dev needs none."),
  note: z.string().trim().max(2000, "At most 2,000 characters.").default(""),
});
export const WithdrawRelease = z.strictObject({ release: releaseRef, reason });
export const RefreshRelease = z.strictObject({ release: releaseRef });
export const PrepareApproval = z
  .strictObject({
    release: releaseRef,
    decision: z.enum(decisionsOfApproval).default("APPROVE"),
    /** Where the policy asks for several roles that the person holds. */
    role: z.enum(roles).optional(),
    /** Key to sign with, by its fingerprint; the newest one if left out. */
    credential: z.string().max(100).optional(),
    reason: z.string().trim().max(2000, "At most 2,000 characters.").default(""),
  })
  .refine((p) => p.decision === "APPROVE" || p.reason.length >= 10, {
    path: ["reason"],
    message: "Say why you reject, in at least 10 characters; it goes on record.",
  });
export const RevokeApproval = z.strictObject({ release: releaseRef, reason });

export const GateQuestion = z.strictObject({
  model: name,
  version,
  digest,
  environment,
  /** Echoed in the signed answer, so that CI knows the answer is to its own question. */
  nonce: z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/, "A nonce has 8 to 128 printable characters without spaces.")
    .optional(),
});

/** One or several of a kind; in the address joined by commas. */
export const several = <T extends z.ZodType>(item: T) =>
  z.preprocess((v) => (typeof v === "string" ? v.split(",") : v), z.array(item).min(1).max(10));

export const ListReleases = z.strictObject({
  /** One or several; in the address `?status=open,allowed`. */
  status: several(z.enum(releaseStatuses)).optional(),
  environment: several(environment).optional(),
  model: name.optional(),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** What the rules of a release need to know. */
export type ReleaseSubject = {
  id: string;
  ref: string;
  status: ReleaseStatus;
  environment: string;
  requestedBy: string;
  /** Person who registered or trained the version, when the registry's name is a known person's. */
  trainedById: string | null;
  businessUnitId: string | null;
};

const isOpen = (status: ReleaseStatus) => status === "open" || status === "allowed";

/** Whether the actor may ask for a release of a model of this unit. */
export function mayRequest(actor: Actor, model: { businessUnitId: string | null }): Verdict {
  if (actor.kind !== "person")
    return no(
      "forbidden",
      "A person asks for a release: their name is in the statement that approvers sign. Use a token that acts as a person.",
    );
  if (!holds(actor, "releases:request", model.businessUnitId))
    return no("forbidden", "Only a model owner of this business unit can request a release.");
  return yes;
}

export function mayWithdraw(actor: Actor, release: ReleaseSubject): Verdict {
  if (!isOpen(release.status)) return no("conflict", `${release.ref} is ${release.status}; nothing waits any more.`);
  if (actor.kind === "person" && actor.id === release.requestedBy) return yes;
  if (actor.kind === "person" && holds(actor, "releases:request", release.businessUnitId)) return yes;
  return no(
    "forbidden",
    "Only whoever asked for this release, or a model owner of its business unit, can withdraw it.",
  );
}

/** The requester alone: whoever writes the request must not approve it, so nobody else writes it. */
export function mayRefresh(actor: Actor, release: ReleaseSubject): Verdict {
  if (!isOpen(release.status)) return no("conflict", `${release.ref} is ${release.status}; request a new release.`);
  if (actor.kind !== "person" || actor.id !== release.requestedBy)
    return no(
      "forbidden",
      "Only whoever asked for this release can bring it up to date. Others can request a new one.",
    );
  return yes;
}

/** Whether the actor may sign for this release in one of the roles a policy asks for; approving and rejecting share the rule. */
export function mayApprove(actor: Actor, release: ReleaseSubject, asked: readonly Role[]): Verdict {
  if (actor.kind !== "person")
    return no("forbidden", "Only a person signs: tokens, services and agents have no key of their own.");
  if (!isOpen(release.status))
    return no("conflict", `${release.ref} is ${release.status}; it takes no more signatures.`);
  if (actor.id === release.requestedBy)
    return no("forbidden", "You asked for this release; another person must approve it.");
  if (actor.id === release.trainedById)
    return no("forbidden", "You trained this version; another person must approve it.");
  if (hasRole(actor, "admin"))
    return no("forbidden", "An administrator configures the portal and takes part in no decision.");
  if (signingRoles(actor, release, asked).length === 0)
    return no(
      "forbidden",
      asked.length === 0
        ? "The policy asks for no signature here."
        : `The policy asks for ${asked.map((r) => inSentence(roleName[r])).join(" or ")}; you hold none of these roles for this business unit.`,
    );
  return yes;
}

/** The roles, among those a policy asks for, in which the actor may sign; a role of another business unit does not reach. */
export const signingRoles = (actor: Actor, release: ReleaseSubject, asked: readonly Role[]): Role[] =>
  asked.filter((role) =>
    actor.grants.some(
      (grant) =>
        grant.role === role &&
        (grant.units === null || (release.businessUnitId !== null && grant.units.includes(release.businessUnitId))),
    ),
  );

export function mayRevokeApproval(actor: Actor, approval: { personId: string; revokedAt: Date | null }): Verdict {
  if (actor.kind !== "person" || actor.id !== approval.personId)
    return no("forbidden", "Only the person who signed can take the signature back.");
  if (approval.revokedAt) return no("conflict", "This signature was taken back already.");
  return yes;
}

/** Whether the actor may ask the gate. */
export const mayAskGate = (actor: Actor): Verdict =>
  holds(actor, "gate:check")
    ? yes
    : no("forbidden", "This needs the right gate:check. Use a service token, or ask as a model owner or architect.");

/** Whether the actor may try a changed policy on past and open releases: whoever signs under it, or keeps the portal. */
export const mayDryRun = (actor: Actor): Verdict =>
  holds(actor, "releases:read") && (holds(actor, "releases:approve") || holds(actor, "people:manage"))
    ? yes
    : no("forbidden", "Trying a policy is for those who sign releases and for administrators.");
