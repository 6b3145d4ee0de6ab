import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { accounts, businessUnits, people, roleGrants } from "@/db/schema/org";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import { roleName } from "@/lib/core/rights";
import { type PersonRole, personRoles } from "@/lib/people/person";

const input = z.strictObject({
  provider: z.string().min(1).max(60),
  subject: z.string().min(1).max(255),
  email: z.email().max(200).nullable(),
  emailRefuted: z.boolean(),
  name: z.string().min(1).max(120),
  /** Roles that the person's groups stand for; unit by slug, null for everywhere. */
  roles: z.array(z.strictObject({ role: z.enum(personRoles), unit: z.string().max(60).nullable() })).max(200),
  /** Whether someone who was not invited gets an account. */
  signUp: z.boolean(),
});

type Admitted = { personId: string; name: string };

/**
 * Lets in whom the identity provider vouches for: finds the person by identity, then by address, or makes an account; and
 * brings the roles that come from groups in step. Runs before each session of single sign-on.
 */
export const admit = command({
  name: "person.admitted",
  title: "Admit a person from the identity provider",
  http: null,
  input,
  load: async (tx, input) => {
    const known = await byIdentity(tx, input.provider, input.subject);
    const invited = known || !input.email ? undefined : await byEmail(tx, input.email);
    const linked = invited ? await hasIdentity(tx, invited.id, input.provider) : false;
    return { input, known, invited, linked };
  },
  may: (actor, { input, known, invited, linked }) => {
    if (actor.kind !== "system") return no("forbidden", "Only sign-in admits people.");
    if (known) return known.active ? yes : no("forbidden", "inactive");
    if (!input.email) return no("forbidden", "no-email");
    // An address that its provider has not verified may belong to someone else.
    if (input.emailRefuted) return no("forbidden", "email-unverified");
    if (linked) return no("forbidden", "other-identity");
    if (invited) return invited.active ? yes : no("forbidden", "inactive");
    return input.signUp ? yes : no("forbidden", "not-invited");
  },
  run: async (tx, { input, subject: { known, invited }, now }): Promise<Done<Admitted> | Unchanged<Admitted>> => {
    let person = known ?? invited;
    if (!person) {
      const row = { id: newId(), name: input.name, email: input.email ?? "", createdAt: now, emailVerified: now };
      [person] = await tx.insert(people).values(row).returning();
    }
    if (!person) throw new Error("The new person was not returned by the database.");
    if (!known) {
      await tx.insert(accounts).values({
        userId: person.id,
        type: "oidc",
        provider: input.provider,
        providerAccountId: input.subject,
      });
    }
    const roles = await syncRoles(tx, person.id, input.roles, now);
    const result = { personId: person.id, name: person.name };
    if (known && roles.added.length === 0 && roles.removed.length === 0) return { unchanged: result };
    const said = [
      known ? null : invited ? "linked the invited account" : "made an account",
      roles.added.length > 0 ? `gave ${roles.added.join(", ")}` : null,
      roles.removed.length > 0 ? `took ${roles.removed.join(", ")}` : null,
    ].filter((s) => s !== null);
    return {
      result,
      entry: {
        subject: { kind: "person", id: person.id, ref: person.email },
        summary: `admitted ${person.name} from the identity provider: ${said.join("; ")}`,
        body: { provider: input.provider, subject: input.subject, created: !known && !invited, ...roles },
      },
    };
  },
});

async function byIdentity(tx: Tx, provider: string, subject: string) {
  const [row] = await tx
    .select({ person: people })
    .from(accounts)
    .innerJoin(people, eq(people.id, accounts.userId))
    .where(and(eq(accounts.provider, provider), eq(accounts.providerAccountId, subject)));
  return row?.person;
}

async function byEmail(tx: Tx, email: string) {
  const [person] = await tx.select().from(people).where(eq(people.email, email));
  return person;
}

async function hasIdentity(tx: Tx, personId: string, provider: string): Promise<boolean> {
  const rows = await tx
    .select({ userId: accounts.userId })
    .from(accounts)
    .where(and(eq(accounts.userId, personId), eq(accounts.provider, provider)));
  return rows.length > 0;
}

/** Adds and takes back the grants that come from groups; what an administrator granted here stays untouched. */
async function syncRoles(
  tx: Tx,
  personId: string,
  wanted: z.output<typeof input>["roles"],
  now: Date,
): Promise<{ added: string[]; removed: string[]; unknownUnits: string[] }> {
  const slugs = [...new Set(wanted.flatMap((w) => w.unit ?? []))];
  const units = slugs.length > 0 ? await tx.select().from(businessUnits).where(inArray(businessUnits.slug, slugs)) : [];
  const unknownUnits = slugs.filter((slug) => !units.some((u) => u.slug === slug));
  const want = wanted.flatMap(({ role, unit }): { role: PersonRole; unitId: string | null; words: string }[] => {
    if (unit === null) return [{ role, unitId: null, words: roleName[role] }];
    const found = units.find((u) => u.slug === unit);
    return found ? [{ role, unitId: found.id, words: `${roleName[role]} in ${found.name}` }] : [];
  });
  const held = await tx.select().from(roleGrants).where(eq(roleGrants.personId, personId));
  const same = (g: { role: string; businessUnitId: string | null }, w: (typeof want)[number]) =>
    g.role === w.role && g.businessUnitId === w.unitId;
  const missing = want.filter((w) => !held.some((g) => same(g, w)));
  const surplus = held.filter((g) => g.source === "oidc" && !want.some((w) => same(g, w)));
  if (missing.length > 0) {
    await tx.insert(roleGrants).values(
      missing.map((w) => ({
        personId,
        role: w.role,
        businessUnitId: w.unitId,
        grantedBy: "system:system",
        grantedAt: now,
        source: "oidc" as const,
      })),
    );
  }
  if (surplus.length > 0) {
    await tx.delete(roleGrants).where(
      inArray(
        roleGrants.id,
        surplus.map((g) => g.id),
      ),
    );
  }
  return { added: missing.map((w) => w.words), removed: surplus.map((g) => roleName[g.role]), unknownUnits };
}
