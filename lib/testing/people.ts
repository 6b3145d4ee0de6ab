import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { hashSecret } from "@/lib/auth/hash";
import { bySession } from "@/lib/auth/identify";
import { type Actor, systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { grantRole } from "@/lib/people/grant";
import { invite } from "@/lib/people/invite";
import type { PersonRole } from "@/lib/people/person";

/** A context for tests, as the portal unless told otherwise, at a fixed time. */
export const testCtx = (db: Db, extra: Partial<Ctx> = {}): Ctx => ({
  db,
  actor: systemActor,
  now: () => new Date("2026-11-20T10:00:00Z"),
  requestId: newId(),
  ...extra,
});

/** Invites a person with roles through the commands; `unit` limits them all. The actor is what a request of theirs gets. */
export async function testPerson(
  db: Db,
  name: string,
  granted: readonly PersonRole[] = [],
  unit?: string,
): Promise<{ id: string; email: string; actor: Actor; ctx: Ctx; cookie: string }> {
  const made = await invite(testCtx(db), { name, email: `${name.toLowerCase().replaceAll(" ", ".")}@halden.example` });
  for (const role of granted) await grantRole(testCtx(db), { person: made.id, role, ...(unit ? { unit } : {}) });
  const cookie = newId();
  await db.execute(sql`
    insert into session (session_token, id, user_id, expires, created_at)
    values (${hashSecret(cookie).toString("hex")}, ${newId()}::uuid, ${made.id}::uuid, '2026-11-20T22:00:00Z', '2026-11-20T10:00:00Z')`);
  const session = await bySession(db, cookie, new Date("2026-11-20T10:00:00Z"));
  if (!session) throw new Error("The test's own session was not found.");
  return { id: made.id, email: made.email, actor: session.actor, ctx: testCtx(db, { actor: session.actor }), cookie };
}
