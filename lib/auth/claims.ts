import { z } from "zod";
import type { PersonRole } from "@/lib/people/person";

/** What is believed of an identity provider's answer. */
const claimsShape = z.object({
  sub: z.string().min(1).max(255),
  email: z.email().max(200).optional(),
  email_verified: z.union([z.boolean(), z.enum(["true", "false"]).transform((v) => v === "true")]).optional(),
  name: z.string().max(200).optional(),
  preferred_username: z.string().max(200).optional(),
});

export type Identity = {
  subject: string;
  email: string | null;
  /** False only if the provider says so: many do not send the claim for their own people. */
  emailRefuted: boolean;
  name: string;
  groups: readonly string[];
};

/**
 * The identity in a provider's claims (ID token and userinfo, merged). Throws if they are malformed.
 * A missing groups claim means no groups, so that a provider that stops sending them takes roles away instead of keeping them.
 */
export function identityOf(claims: Readonly<Record<string, unknown>>, roleClaim: string): Identity {
  const known = claimsShape.parse(claims);
  return {
    subject: known.sub,
    email: known.email?.toLowerCase() ?? null,
    emailRefuted: known.email_verified === false,
    name: (known.name?.trim() || known.preferred_username || known.email || known.sub).slice(0, 120),
    groups: z
      .union([z.array(z.string()), z.string().transform((one) => [one])])
      .catch([])
      .parse(claims[roleClaim]),
  };
}

type Mapping = { group: string; role: PersonRole; unit: string | null };

/** The roles that a person's groups stand for, each once. */
export function rolesOfGroups(groups: readonly string[], map: readonly Mapping[]): Omit<Mapping, "group">[] {
  const out = new Map<string, Omit<Mapping, "group">>();
  for (const { group, role, unit } of map) if (groups.includes(group)) out.set(`${role}@${unit ?? ""}`, { role, unit });
  return [...out.values()];
}
