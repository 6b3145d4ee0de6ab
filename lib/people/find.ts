import "server-only";
import { eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { people } from "@/db/schema/org";
import type { Actor } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import { maySeePeople } from "./person";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The person that an id or e-mail address means; refuses with not_found. */
export async function findPerson(read: Pick<Reader, "select">, key: string): Promise<typeof people.$inferSelect> {
  const [person] = await read
    .select()
    .from(people)
    .where(uuid.test(key) ? eq(people.id, key) : eq(people.email, key.toLowerCase()));
  if (!person)
    throw new Refusal("not_found", `There is no person "${key}". Use an id or e-mail address from the list of people.`);
  return person;
}

/**
 * The same on someone's behalf: who may not see people learns of nobody but themselves, so that addresses cannot be tried out.
 */
export async function findPersonFor(
  read: Pick<Reader, "select">,
  key: string,
  actor: Actor,
): Promise<typeof people.$inferSelect> {
  const self = actor.kind === "person" && (key === "me" || key === actor.id);
  if (!self && !maySeePeople(actor).ok)
    throw new Refusal("not_found", `There is no person "${key}" for you to see. Ask an administrator.`);
  return findPerson(read, key === "me" && actor.kind === "person" ? actor.id : key);
}
