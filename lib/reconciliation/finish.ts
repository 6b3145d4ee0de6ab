import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { reconciliationActions } from "@/db/schema/reconciliation";
import type { Actor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import type { Before, ItemStatus } from "./reconciliation";
import type { Selected } from "./select";

/** Writes down a bulk action and gives its items their new state; of two who settle the same items, one gets a conflict. */
export async function finish(
  tx: Tx,
  done: { name: string; summary: string; items: readonly Selected[]; before: Before[]; actor: Actor; now: Date },
  to: { status: Exclude<ItemStatus, "open">; reason?: string; until?: Date },
): Promise<string> {
  const id = newId();
  const { actor, now, items } = done;
  await tx.insert(reconciliationActions).values({
    id,
    name: done.name,
    summary: done.summary,
    items: items.length,
    at: now,
    byId: actor.id,
    byName: actor.name,
    before: done.before,
  });
  const { rowCount } = await tx.execute(sql`
    update reconciliation_item set status = ${to.status}, reason = ${to.reason ?? ""}, action_id = ${id},
      ignored_until = ${to.until?.toISOString() ?? null}::timestamptz, settled_at = ${now.toISOString()}::timestamptz, settled_by = ${actor.id}
    where id = any(${`{${items.map((i) => i.id).join(",")}}`}::uuid[]) and status = 'open'`);
  if (rowCount !== items.length)
    throw new Refusal("conflict", "Someone else settled some of these a moment ago. Reload the list and select again.");
  return id;
}

/** Models of the items, each once. */
export const modelIds = (items: readonly Selected[]): string[] => [
  ...new Set(items.flatMap((i) => [i.model?.id, i.other?.id].filter((id): id is string => id !== undefined))),
];
