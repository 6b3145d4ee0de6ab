import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { campaigns } from "@/db/schema/campaigns";
import type { Actor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import type { Raise, Scope, Upgrade } from "./campaign";
import { headOf } from "./head";

type Given = {
  title: string;
  dueOn: string;
  remindDays: readonly number[];
  scope: Scope;
  upgrade: Upgrade | null;
  raise?: Raise;
};

/**
 * Writes a campaign and one item for each model `m` that the condition picks; refuses when none is. A model that nobody owns is
 * asked of the head of its unit from the start.
 */
export async function begin(
  tx: Tx,
  { title, dueOn, remindDays, scope, upgrade, raise }: Given,
  picks: SQL,
  by: Actor,
  now: Date,
) {
  if (dueOn <= now.toISOString().slice(0, 10))
    throw new Refusal("invalid", "dueOn: give owners at least a day.", [
      { field: "dueOn", message: "Must lie ahead." },
    ]);
  const id = newId();
  const ref = await nextRef(tx, "cmp");
  await tx.insert(campaigns).values({
    id,
    ref,
    title,
    scope,
    upgrade,
    raise: raise ?? null,
    dueOn,
    remindDays: [...new Set(remindDays)].sort((a, b) => b - a),
    openedAt: now,
    openedBy: by.id,
    openedByName: by.name,
  });
  const { rows } = await tx.execute<{ model_id: string; owner_id: string | null }>(sql`
    insert into campaign_item (id, campaign_id, model_id, model_name, business_unit_id, owner_id, state, escalated_at, escalated_to)
    select gen_random_uuid(), ${id}, m.id, m.name, m.business_unit_id, m.owner_id, 'open',
      case when m.owner_id is null then ${now.toISOString()}::timestamptz end, case when m.owner_id is null then ${headOf(sql`m.business_unit_id`)} end
    from model m where m.stage not in ('unclaimed', 'retired') and m.joined_to_id is null and ${picks}
    returning model_id, owner_id`);
  if (rows.length === 0)
    throw new Refusal("conflict", "No model is in this scope. Widen the units, tiers, stages or versions.", [
      { field: "units", message: "No model is in scope." },
    ]);
  const owners = new Set(rows.map((r) => r.owner_id).filter((o) => o !== null)).size;
  return { id, ref, concerns: rows.map((r) => r.model_id), models: rows.length, owners };
}
