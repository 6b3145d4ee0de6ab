import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { type Right, type Role, rights, rightsOf } from "@/lib/core/rights";
import { whole } from "@/lib/core/whole";

/** Whom a token speaks for: its person, a service of its own, or an agent that drafts for its person. */
export const tokenKinds = ["person", "service", "agent"] as const;

/** Roles a service token may have. None of them votes, decides, approves or signs. */
export const serviceRoles = ["service", "viewer", "auditor", "admin"] as const satisfies readonly Role[];

/** Longest life of a token that expires, in days. */
export const maxTokenDays = 366;

export const createTokenInput = z.strictObject({
  name: z.string().trim().min(1, "Say what the token is for.").max(80, "Use at most 80 characters."),
  kind: z.enum(tokenKinds, "Choose person, service or agent.").default("person"),
  /** For a service token. */
  roles: z
    .array(z.enum(serviceRoles, `Choose from ${serviceRoles.join(", ")}.`))
    .max(4)
    .optional(),
  /** Rights the token is limited to; left out: all rights of its roles (not for a token of one's own). */
  scopes: z
    .array(z.enum(rights, "There is no such right; GET /api/v1/rights lists them."))
    .min(1, "Choose at least one right.")
    .max(rights.length)
    .optional(),
  /** Days until it expires; 0 for a service token that does not expire. */
  days: whole(
    z.number("Give whole days.").int("Give whole days.").min(0).max(maxTokenDays, `Use at most ${maxTokenDays} days.`),
  ).default(90),
});

export type CreateToken = z.output<typeof createTokenInput>;

/** A service needs an administrator. One's own token needs scopes, so that a token cannot make another, wider one. */
export function mayCreateToken(actor: Actor, wanted: Pick<CreateToken, "kind" | "roles" | "scopes" | "days">): Verdict {
  if (wanted.kind === "service") {
    if (actor.kind !== "system" && !holds(actor, "tokens:manage"))
      return no("forbidden", "Only an administrator makes tokens for services.");
    if (wanted.roles?.includes("admin") && actor.kind === "service")
      return no("forbidden", "A service cannot make another administrator. Ask a person who is one.");
    return yes;
  }
  if (actor.kind !== "person")
    return no("forbidden", "Only people have tokens of their own. Ask an administrator for a service token.");
  if (actor.scopes !== null) return no("forbidden", "A token cannot make tokens. Sign in and make it under Account.");
  if (!wanted.scopes) return no("invalid", "scopes: choose the rights this token needs.");
  if (wanted.days === 0) return no("invalid", "days: a token of a person expires; give 1 to 366 days.");
  return yes;
}

/** One revokes one's own tokens; an administrator anyone's. */
export function mayRevokeToken(actor: Actor, token: { personId: string | null }): Verdict {
  if (actor.kind === "system" || holds(actor, "tokens:manage")) return yes;
  if (actor.kind === "person" && token.personId === actor.id) return yes;
  return no("forbidden", "You can revoke your own tokens only. Ask an administrator.");
}

/** The roles that a token of a kind carries itself; a person's token has those of its person at the time of each request. */
export function rolesOfToken(wanted: Pick<CreateToken, "kind" | "roles">): Role[] {
  if (wanted.kind === "agent") return ["agent"];
  if (wanted.kind === "person") return [];
  return wanted.roles && wanted.roles.length > 0 ? [...new Set(wanted.roles)] : ["service"];
}

/** The rights a set of roles can give, in the order of the rights table: what a scope can be chosen from. */
export const rightsWithin = (held: readonly Role[]): Right[] =>
  rights.filter((right) => held.some((role) => rightsOf[role].includes(right)));

export type TokenState = "active" | "expired" | "revoked";

/** The word for a token's state now. */
export function tokenState(token: { revokedAt: Date | null; expiresAt: Date | null }, now: Date): TokenState {
  if (token.revokedAt) return "revoked";
  return token.expiresAt && token.expiresAt <= now ? "expired" : "active";
}
