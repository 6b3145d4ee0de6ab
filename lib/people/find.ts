import "server-only";
import { eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { people } from "@/db/schema/org";
import type { Actor } from "@/lib/core/actor";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { maySeePeople } from "./person";

type Person = typeof people.$inferSelect;

async function personOf(read: Pick<Reader, "select">, key: string): Promise<Person | undefined> {
  const [person] = await read
    .select()
    .from(people)
    .where(isUuid(key) ? eq(people.id, key) : eq(people.email, key.toLowerCase()));
  return person;
}

/** The person that an id or e-mail address means; refuses with not_found. */
export async function findPerson(read: Pick<Reader, "select">, key: string): Promise<Person> {
  const person = await personOf(read, key);
  if (!person)
    throw new Refusal("not_found", `There is no person "${key}". Use an id or e-mail address from the list of people.`);
  return person;
}

/** The active person that a field of an input names by id or e-mail address; refuses the field. */
export async function givenPerson(read: Pick<Reader, "select">, key: string, field: string): Promise<Person> {
  const person = await personOf(read, key);
  if (person?.active) return person;
  const message = person
    ? `${person.name} is no longer active. Choose someone else.`
    : `There is no person ${key}. Use an id or an e-mail address.`;
  throw new Refusal("invalid", `${field}: ${message}`, [{ field, message }]);
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
