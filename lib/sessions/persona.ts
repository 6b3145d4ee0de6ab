import "server-only";
import { randomBytes } from "node:crypto";
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Db } from "@/db/client";
import { businessUnits, people, roleGrants } from "@/db/schema/org";
import { hashSecret } from "@/lib/auth/hash";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import type { Role } from "@/lib/core/rights";
import { startSession } from "./start";

export type Persona = { id: string; name: string; title: string; unit: string | null; roles: Role[] };

/** The personas to offer on the sign-in page. Asked before anyone is signed in, so it is no query of an actor. */
export async function listPersonas(db: Db): Promise<Persona[]> {
  const rows = await db
    .select({ id: people.id, name: people.name, title: people.title, unit: businessUnits.name })
    .from(people)
    .leftJoin(businessUnits, eq(businessUnits.id, people.businessUnitId))
    .where(and(eq(people.persona, true), eq(people.active, true)))
    .orderBy(asc(people.createdAt), asc(people.id))
    .limit(20);
  if (rows.length === 0) return [];
  const grants = await db
    .select({ personId: roleGrants.personId, role: roleGrants.role })
    .from(roleGrants)
    .where(
      inArray(
        roleGrants.personId,
        rows.map((r) => r.id),
      ),
    )
    .orderBy(asc(roleGrants.id));
  return rows.map((row) => ({ ...row, roles: grants.filter((g) => g.personId === row.id).map((g) => g.role) }));
}

/** Starts a session for a persona and returns the cookie's value, which is kept nowhere. */
export async function signInPersona(
  db: Db,
  personId: string,
  userAgent: string,
  hours: number,
  now: () => Date,
): Promise<{ cookie: string; expires: Date }> {
  const persona = (await listPersonas(db)).find((p) => p.id === personId);
  if (!persona) throw new Refusal("not_found", "There is no such persona.");
  const cookie = randomBytes(32).toString("base64url");
  const expires = new Date(now().getTime() + hours * 3_600_000);
  const actor = { kind: "person" as const, id: persona.id, name: persona.name, grants: [], scopes: null };
  await startSession(
    { db, actor, now, requestId: newId() },
    {
      personId,
      tokenHash: hashSecret(cookie).toString("hex"),
      expires,
      userAgent: userAgent.slice(0, 400),
      method: "persona",
    },
  );
  return { cookie, expires };
}
