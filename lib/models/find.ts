import "server-only";
import { eq, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Reader } from "@/db/client";
import { models, modelVersions, useCases } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import type { Actor } from "@/lib/core/actor";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import type { ModelSubject } from "./model";
import { sees } from "./visible";

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
