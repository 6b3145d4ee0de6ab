import "server-only";
import { eq, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Reader } from "@/db/client";
import { models, modelVersions, useCases } from "@/db/schema/models";
import { businessUnits, people } from "@/db/schema/org";
import type { Actor } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import type { ModelSubject } from "./model";
import { sees } from "./visible";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isUuid = (key: string): boolean => uuid.test(key);

const owner = alias(people, "owner");

export type FoundModel = ModelSubject & { id: string; revision: number; createdAt: Date; connectionId: string | null };

/** A model by name or id, as far as the actor may see it. */
export async function findModel(read: Reader, key: string, actor: Actor): Promise<FoundModel> {
  const [row] = await read
    .select({
      id: models.id,
      name: models.name,
      businessUnitId: models.businessUnitId,
      ownerId: models.ownerId,
      ownerName: owner.name,
      backupOwnerId: models.backupOwnerId,
      stage: models.stage,
      revision: models.revision,
      createdAt: models.createdAt,
      connectionId: models.connectionId,
    })
    .from(models)
    .leftJoin(owner, eq(owner.id, models.ownerId))
    .where(isUuid(key) ? or(eq(models.id, key), eq(models.name, key)) : eq(models.name, key));
  if (!row || !sees(actor, row.businessUnitId)) throw noModel(key);
  return row;
}

export const noModel = (key: string): Refusal =>
  new Refusal("not_found", `There is no model ${key} in the inventory. Check the name, or register it.`, [
    { field: "name", message: "Not in the inventory." },
  ]);

/** A version of a model by its registry name ("7"), or not_found. */
export async function findVersion(read: Reader, model: { id: string; name: string }, version: string) {
  const [row] = await read
    .select()
    .from(modelVersions)
    .where(sql`${modelVersions.modelId} = ${model.id} and ${modelVersions.version} = ${version}`);
  if (!row)
    throw new Refusal(
      "not_found",
      `${model.name} has no version ${version}. Register it, or sync the registry that holds it.`,
      [{ field: "version", message: "Not known." }],
    );
  return row;
}

/** A business unit by slug or id. */
export async function findUnit(read: Reader, key: string): Promise<{ id: string; slug: string; name: string }> {
  const [row] = await read
    .select({ id: businessUnits.id, slug: businessUnits.slug, name: businessUnits.name })
    .from(businessUnits)
    .where(isUuid(key) ? eq(businessUnits.id, key) : eq(businessUnits.slug, key));
  if (!row)
    throw new Refusal("invalid", `businessUnit: there is no business unit ${key}.`, [
      { field: "businessUnit", message: `There is no business unit ${key}.` },
    ]);
  return row;
}

/** An active person by e-mail address or id; `field` names the input that asked. */
export async function findPerson(read: Reader, key: string, field: string): Promise<{ id: string; name: string }> {
  const [row] = await read
    .select({ id: people.id, name: people.name, active: people.active })
    .from(people)
    .where(isUuid(key) ? eq(people.id, key) : eq(people.email, key.toLowerCase()));
  if (!row?.active) {
    const message = row ? `${row.name} has left.` : `Nobody here is called ${key}.`;
    throw new Refusal("invalid", `${field}: ${message}`, [{ field, message }]);
  }
  return { id: row.id, name: row.name };
}

/** A use case by reference (UC-0001), name or id. */
export async function findUseCase(read: Reader, key: string): Promise<{ id: string; ref: string; name: string }> {
  const [row] = await read
    .select({ id: useCases.id, ref: useCases.ref, name: useCases.name })
    .from(useCases)
    .where(isUuid(key) ? eq(useCases.id, key) : or(eq(useCases.ref, key), eq(useCases.name, key)));
  if (!row)
    throw new Refusal("invalid", `useCase: there is no use case ${key}.`, [
      { field: "useCase", message: `There is no use case ${key}.` },
    ]);
  return row;
}
