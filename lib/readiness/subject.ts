import "server-only";
import { eq, or } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { models } from "@/db/schema/models";
import type { ChecklistItem } from "@/lib/content/schemas";
import { type Actor, holds } from "@/lib/core/actor";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { checklistInForce } from "./assess";
import type { ModelSubject } from "./readiness";

/** A model by inventory name or id; what the actor may not see is not found. */
export async function modelSubject(read: Reader, name: string, actor: Actor): Promise<ModelSubject> {
  const [row] = await read
    .select({
      id: models.id,
      name: models.name,
      tier: models.tier,
      businessUnitId: models.businessUnitId,
      ownerId: models.ownerId,
      backupOwnerId: models.backupOwnerId,
    })
    .from(models)
    .where(isUuid(name) ? or(eq(models.id, name), eq(models.name, name)) : eq(models.name, name))
    .limit(1);
  if (!row || (actor.kind !== "system" && !holds(actor, "inventory:read", row.businessUnitId)))
    throw new Refusal("not_found", `There is no model ${name} in the inventory.`, [
      { field: "name", message: "No such model. Check the name under Models." },
    ]);
  const tier = row.tier === 1 || row.tier === 2 || row.tier === 3 || row.tier === 4 ? row.tier : null;
  return { ...row, tier };
}

/** The checklist in force and one of its items; refuses an id it does not have. */
export function checklistItem(id: string): { item: ChecklistItem; digest: string } {
  const checklist = checklistInForce();
  const item = checklist.items.find((i) => i.id === id);
  if (!item)
    throw new Refusal("invalid", `The readiness checklist has no item "${id}".`, [
      { field: "item", message: `No such item. It has ${checklist.items.map((i) => i.id).join(", ")}.` },
    ]);
  return { item, digest: checklist.digest };
}
