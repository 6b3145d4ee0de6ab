import { z } from "zod";
import { type Actor, hasRole } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";
import { type Role, roles } from "@/lib/core/rights";
import { mayManageOrganisation } from "@/lib/units/unit";

/** Roles that people hold. `service` and `agent` belong to tokens. */
export const personRoles = roles.filter((role): role is PersonRole => role !== "service" && role !== "agent");
export type PersonRole = Exclude<Role, "service" | "agent">;

const email = z
  .email("Give an e-mail address, like priya.raman@example.com.")
  .max(200, "Use at most 200 characters.")
  .transform((value) => value.toLowerCase());

/** Id or e-mail address. */
const personKey = z.string().min(1, "Name the person by id or e-mail address.").max(200);

export const inviteInput = z.strictObject({
  name: z.string().trim().min(1, "Give the person's name.").max(120, "Use at most 120 characters."),
  email,
  title: z.string().trim().max(120, "Use at most 120 characters.").default(""),
  /** Id or slug of the unit the person belongs to. */
  unit: z.string().max(60).optional(),
  /** A demo persona: offered for one-click sign-in in demo mode. Only the portal itself makes these. */
  persona: z.boolean().default(false),
});

export const personInput = z.strictObject({ person: personKey });

export const grantInput = z.strictObject({
  person: personKey,
  role: z.enum(personRoles as [PersonRole, ...PersonRole[]], `Choose one of ${personRoles.join(", ")}.`),
  /** Id or slug of the unit below which the role holds; left out for everywhere. */
  unit: z.string().max(60).optional(),
});

export const revokeGrantInput = z.strictObject({ person: personKey, grant: z.uuid("Give the id of the grant.") });

/** A role as lists show it. `unit` null: everywhere. `source` "oidc": kept in step with the provider's groups. */
export type PersonGrant = {
  id: string;
  personId: string;
  role: Role;
  unitId: string | null;
  unit: string | null;
  source: "portal" | "oidc";
  grantedBy: string;
  grantedAt: Date;
};

/** What rules need to know of a person. */
export type PersonSubject = { id: string; name: string; active: boolean };

export function mayInvite(actor: Actor, wanted: { persona: boolean }): Verdict {
  if (wanted.persona && actor.kind !== "system")
    return no("forbidden", "Demo personas are made by the portal only. Invite the person without `persona`.");
  return mayManageOrganisation(actor);
}

/** No one gives themselves a role, not even an administrator. */
export function mayGrant(actor: Actor, person: PersonSubject): Verdict {
  const verdict = mayManageOrganisation(actor);
  if (!verdict.ok) return verdict;
  if (isSelf(actor, person)) return no("forbidden", "You cannot give yourself a role. Ask another administrator.");
  if (!person.active) return no("conflict", `${person.name} is deactivated. Reactivate the account first.`);
  return yes;
}

export function mayRevokeGrant(actor: Actor, subject: { person: PersonSubject; role: Role }): Verdict {
  const verdict = mayManageOrganisation(actor);
  if (!verdict.ok) return verdict;
  if (isSelf(actor, subject.person) && subject.role === "admin")
    return no("forbidden", "You cannot take the administrator role from yourself. Ask another administrator.");
  return yes;
}

export function mayDeactivate(actor: Actor, person: PersonSubject): Verdict {
  const verdict = mayManageOrganisation(actor);
  if (!verdict.ok) return verdict;
  if (isSelf(actor, person)) return no("forbidden", "You cannot deactivate your own account.");
  return yes;
}

export const mayReactivate = (actor: Actor, person: PersonSubject): Verdict => mayDeactivate(actor, person);

/** The list of people is for administrators; colleagues meet names where they work together. */
export function maySeePeople(actor: Actor): Verdict {
  if (hasRole(actor, "auditor")) return yes;
  return mayManageOrganisation(actor);
}

const isSelf = (actor: Actor, person: { id: string }): boolean => actor.kind === "person" && actor.id === person.id;
