import "server-only";
import { and, eq } from "drizzle-orm";
import type { Adapter, AdapterUser } from "next-auth/adapters";
import type { Db } from "@/db/client";
import { accounts, people } from "@/db/schema/org";
import { newId } from "@/lib/core/ids";
import { startSession } from "@/lib/sessions/start";
import { hashSecret } from "./hash";

/**
 * next-auth's storage over our tables. It only looks people up and starts sessions, through the command; accounts, links and
 * roles are the business of `admit`, which has run before (lib/auth/next-auth.ts). A session at hand is never continued: each
 * sign-in makes a new cookie.
 */
export function adapter(db: Db, userAgent: string, now: () => Date): Adapter {
  const user = async (where: ReturnType<typeof eq>): Promise<AdapterUser | null> => {
    const [row] = await db
      .select({ id: people.id, name: people.name, email: people.email, emailVerified: people.emailVerified })
      .from(people)
      .where(and(where, eq(people.active, true)));
    return row ?? null;
  };
  return {
    getUser: (id) => user(eq(people.id, id)),
    getUserByEmail: (email) => user(eq(people.email, email)),
    getUserByAccount: async ({ provider, providerAccountId }) => {
      const [row] = await db
        .select({ userId: accounts.userId })
        .from(accounts)
        .where(and(eq(accounts.provider, provider), eq(accounts.providerAccountId, providerAccountId)));
      return row ? user(eq(people.id, row.userId)) : null;
    },
    createSession: async (session) => {
      const person = await user(eq(people.id, session.userId));
      if (!person) throw new Error("A session was asked for a person who is not there.");
      const actor = { kind: "person" as const, id: person.id, name: person.name ?? "", grants: [], scopes: null };
      await startSession(
        { db, actor, now, requestId: newId() },
        {
          personId: person.id,
          tokenHash: hashSecret(session.sessionToken).toString("hex"),
          expires: session.expires,
          userAgent: userAgent.slice(0, 400),
          method: "oidc",
        },
      );
      return session;
    },
    getSessionAndUser: async () => null,
    updateSession: async () => null,
    deleteSession: async () => undefined,
    createUser: () => Promise.reject(new Error("People are made by the command `admit` only.")),
    updateUser: () => Promise.reject(new Error("People are changed by commands only.")),
    linkAccount: async () => {
      throw new Error("Identities are linked by the command `admit` only.");
    },
  };
}
