import "server-only";
import { and, asc, eq, ilike, inArray, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { businessUnits, people, roleGrants } from "@/db/schema/org";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { roles } from "@/lib/core/rights";
import { findPersonFor } from "./find";
import { maySeePeople, type PersonGrant } from "./person";

const listInput = z.strictObject({
  /** Part of a name or e-mail address. */
  q: z.string().trim().max(100, "Use at most 100 characters.").optional(),
  role: z.enum(roles, "There is no such role.").optional(),
  active: z.enum(["true", "false"], "Use true or false.").optional(),
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200, "Use at most 200.").default(50),
});

/** People by name. For administrators and auditors; for everyone else there is no such list. */
export const listPeople = query({
  name: "people.list",
  title: "List people",
  http: { method: "GET", path: "/people" },
  input: listInput,
  run: async (read, input, actor) => {
    if (!maySeePeople(actor).ok)
      throw new Refusal("not_found", "There is no list of people for you to see. Ask an administrator.");
    const after = input.after === undefined ? null : cursorOf(input.after);
    const rows = await read
      .select({
        id: people.id,
        name: people.name,
        email: people.email,
        title: people.title,
        unitId: people.businessUnitId,
        unit: businessUnits.name,
        active: people.active,
        persona: people.persona,
        createdAt: people.createdAt,
      })
      .from(people)
      .leftJoin(businessUnits, eq(businessUnits.id, people.businessUnitId))
      .where(
        and(
          input.q ? or(ilike(people.name, like(input.q)), ilike(people.email, like(input.q))) : undefined,
          input.active ? eq(people.active, input.active === "true") : undefined,
          input.role
            ? sql`exists (select 1 from role_grant g where g.person_id = ${people.id} and g.role = ${input.role})`
            : undefined,
          after ? sql`(${people.name}, ${people.id}) > (${after.name}, ${after.id}::uuid)` : undefined,
        ),
      )
      .orderBy(asc(people.name), asc(people.id))
      .limit(input.limit + 1);
    const page = rows.slice(0, input.limit);
    const grants = await grantsOf(
      read,
      page.map((p) => p.id),
    );
    const items = page.map((p) => ({ ...p, grants: grants.filter((g) => g.personId === p.id) }));
    const last = items.at(-1);
    return { items, next: rows.length > input.limit && last ? cursor(last) : null };
  },
});

/** One person with their grants. Oneself, or anyone for administrators and auditors. */
export const getPerson = query({
  name: "people.get",
  title: "Read a person",
  http: { method: "GET", path: "/people/{person}" },
  input: z.strictObject({ person: z.string().min(1).max(200) }),
  run: async (read, input, actor) => {
    const person = await findPersonFor(read, input.person, actor);
    const [unit] = person.businessUnitId
      ? await read.select().from(businessUnits).where(eq(businessUnits.id, person.businessUnitId))
      : [];
    const { emailVerified: _e, image: _i, ...shown } = person;
    return { ...shown, unit: unit?.name ?? null, grants: await grantsOf(read, [person.id]) };
  },
});

async function grantsOf(read: Reader, ids: readonly string[]): Promise<PersonGrant[]> {
  if (ids.length === 0) return [];
  return await read
    .select({
      id: roleGrants.id,
      personId: roleGrants.personId,
      role: roleGrants.role,
      unitId: roleGrants.businessUnitId,
      unit: businessUnits.name,
      source: roleGrants.source,
      grantedBy: roleGrants.grantedBy,
      grantedAt: roleGrants.grantedAt,
    })
    .from(roleGrants)
    .leftJoin(businessUnits, eq(businessUnits.id, roleGrants.businessUnitId))
    .where(inArray(roleGrants.personId, [...ids]))
    .orderBy(asc(roleGrants.id));
}

const like = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

const cursor = (row: { id: string; name: string }): string => `${row.id}.${row.name}`;

function cursorOf(text: string): { id: string; name: string } {
  const match = /^([0-9a-f-]{36})\.(.*)$/s.exec(text);
  if (!match?.[1] || match[2] === undefined || !z.uuid().safeParse(match[1]).success)
    throw new Refusal("invalid", "after: give the `next` of the page before.", [
      { field: "after", message: "Not a cursor." },
    ]);
  return { id: match[1], name: match[2] };
}
