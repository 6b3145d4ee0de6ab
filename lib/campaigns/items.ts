import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { campaigns } from "@/db/schema/campaigns";
import type { Actor } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import type { ItemState } from "./campaign";

type Campaign = typeof campaigns.$inferSelect;

export type Open = {
  id: string;
  modelId: string;
  modelName: string;
  ownerId: string | null;
  deputyId: string | null;
  escalatedTo: string | null;
};

/** What the inventory says of model `m` at this moment. */
export const attestedNow = sql`jsonb_build_object('name', m.name, 'owner', (select email from person p where p.id = m.owner_id),
  'deputy', (select email from person p where p.id = m.backup_owner_id), 'unit', (select slug from business_unit u where u.id = m.business_unit_id),
  'team', m.team, 'tier', m.tier, 'stage', m.stage, 'kind', m.kind)`;

/** Items of a campaign that may be answered, locked: those that are named, or all that wait on the actor. */
export async function waiting(
  tx: Tx,
  campaign: Campaign,
  models: readonly string[] | undefined,
  actor: Actor,
  states: readonly ItemState[],
): Promise<Open[]> {
  const chosen = models
    ? sql`i.model_name = any(${`{${models.map((m) => JSON.stringify(m)).join(",")}}`}::text[])`
    : sql`(i.owner_id::text = ${actor.id} or i.escalated_to::text = ${actor.id})`;
  const { rows } = await tx.execute<Open>(sql`
    select i.id, i.model_id as "modelId", i.model_name as "modelName", i.owner_id as "ownerId", m.backup_owner_id as "deputyId", i.escalated_to as "escalatedTo"
    from campaign_item i join model m on m.id = i.model_id
    where i.campaign_id = ${campaign.id} and i.state = any(${`{${states.join(",")}}`}::text[]) and ${chosen} order by i.model_name for update of i`);
  return rows;
}

export function mustWait(campaign: Campaign, items: readonly Open[]): void {
  if (campaign.closedAt) throw new Refusal("conflict", `${campaign.ref} is closed; what was answered is frozen.`);
  if (items.length === 0)
    throw new Refusal("conflict", "None of these waits for an answer. Reload the page to see what does.", [
      { field: "models", message: "Answered already, or not in this campaign." },
    ]);
}

/** Writes an answer to items that still stand in one of the states; a conflict when one does not. */
export async function settle(
  tx: Tx,
  items: readonly Open[],
  set: SQL,
  states: readonly ItemState[] = ["open"],
): Promise<void> {
  const { rowCount } = await tx.execute(sql`
    update campaign_item i set ${set} where i.id = any(${`{${items.map((i) => i.id).join(",")}}`}::uuid[]) and i.state = any(${`{${states.join(",")}}`}::text[])`);
  if (rowCount !== items.length)
    throw new Refusal("conflict", "Some of these were answered a moment ago. Reload the page.");
}
