import { randomUUID } from "node:crypto";
import type { Db } from "@/db/client";
import { businessUnits, people } from "@/db/schema/org";
import type { Actor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import type { Right, Role } from "@/lib/core/rights";

/** A small organisation for tests: two business units below a group, and people with roles. */
export async function testOrg(db: Db) {
  const now = { at: new Date("2026-11-02T09:00:00Z") };
  const group = newId();
  const retail = newId();
  const claims = newId();
  await db.insert(businessUnits).values([
    { id: group, slug: "group", name: "Group" },
    { id: retail, slug: "retail", name: "Retail credit", parentId: group },
    { id: claims, slug: "claims", name: "Claims", parentId: group },
  ]);

  const ctxOf = (actor: Actor): Ctx => ({ db, actor, now: () => now.at, requestId: randomUUID() });

  /** A person with a role, everywhere or in some units, who acts at the organisation's time. */
  const person = async (name: string, role: Role, units: readonly string[] | null = null): Promise<Ctx> => {
    const id = newId();
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.com`;
    await db.insert(people).values({ id, name, email, createdAt: now.at });
    return ctxOf({ kind: "person", id, name, grants: [{ role, units }], scopes: null });
  };

  /** A service token, limited to some rights if given. */
  const service = (name: string, scopes: readonly Right[] | null = null): Ctx =>
    ctxOf({ kind: "service", id: newId(), name, grants: [{ role: "service", units: null }], scopes });

  return { units: { group, retail, claims }, person, service, ctxOf, now };
}
