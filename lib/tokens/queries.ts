import "server-only";
import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { apiTokens, people } from "@/db/schema/org";
import { holds } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { rights, rightsOf, roleName, roles } from "@/lib/core/rights";
import { tokenState } from "./token";

/** Tokens, newest first: one's own, or everyone's for who manages tokens. Never the token itself. */
export const listTokens = query({
  name: "tokens.list",
  title: "List API tokens",
  http: { method: "GET", path: "/tokens" },
  input: z.strictObject({
    /** Id of a person; "me" for one's own. */
    person: z.union([z.literal("me"), z.uuid("Give the id of a person, or me.")]).optional(),
    after: z.uuid("Give the `next` of the page before.").optional(),
    limit: z.coerce.number().int().min(1).max(200, "Use at most 200.").default(50),
  }),
  run: async (read, input, actor, now) => {
    const all = actor.kind === "system" || holds(actor, "tokens:manage");
    const wanted = input.person === "me" ? actor.id : input.person;
    // Who may not see others' tokens gets an empty list for them, as if there were none.
    if (!all && wanted !== undefined && wanted !== actor.id) return { items: [], next: null };
    const owner = wanted ?? (all ? null : actor.id);
    if (owner !== null && actor.kind !== "person" && !all) return { items: [], next: null };
    const rows = await read
      .select({
        id: apiTokens.id,
        name: apiTokens.name,
        prefix: apiTokens.prefix,
        kind: apiTokens.actorKind,
        personId: apiTokens.personId,
        person: people.name,
        roles: apiTokens.roles,
        scopes: apiTokens.scopes,
        createdAt: apiTokens.createdAt,
        expiresAt: apiTokens.expiresAt,
        revokedAt: apiTokens.revokedAt,
        lastUsedAt: apiTokens.lastUsedAt,
      })
      .from(apiTokens)
      .leftJoin(people, eq(people.id, apiTokens.personId))
      .where(
        and(
          owner === null ? undefined : eq(apiTokens.personId, owner),
          input.after === undefined ? undefined : lt(apiTokens.id, input.after),
        ),
      )
      .orderBy(desc(apiTokens.id))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit).map((row) => ({ ...row, state: tokenState(row, now) }));
    return { items, next: rows.length > input.limit ? (items.at(-1)?.id ?? null) : null };
  },
});

/** The rights table: what each role may do. The same for everyone, and no secret. */
export const listRights = query({
  name: "rights.list",
  title: "The rights table",
  http: { method: "GET", path: "/rights" },
  input: z.strictObject({}),
  run: async () => ({ rights, roles: roles.map((role) => ({ role, name: roleName[role], rights: rightsOf[role] })) }),
});
