import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { headOf } from "@/lib/campaigns/head";

/**
 * Takes a person who left out of the models that they own or deputise for, at once: each owned one is a difference to settle from
 * then on. Called inside the command that closes the account, which logs it. Answers with the models that have no owner now.
 */
export async function leaveModels(
  tx: Tx,
  person: { id: string; name: string },
  now: Date,
): Promise<{ id: string; name: string }[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update model set backup_owner_id = null, updated_at = ${at}, revision = revision + 1 where backup_owner_id = ${person.id}`,
  );
  const { rows } = await tx.execute<{ id: string; name: string }>(sql`
    update model set owner_id = null, updated_at = ${at}, revision = revision + 1
    where owner_id = ${person.id} and stage <> 'retired' returning id, name`);
  // A campaign that still waits on the person waits on the head of the unit from now on.
  await tx.execute(sql`
    update campaign_item i set owner_id = null, escalated_at = ${at}, escalated_to = ${headOf(sql`i.business_unit_id`)}
    where i.owner_id = ${person.id} and i.state = 'open'`);
  await tx.execute(sql`
    insert into reconciliation_item (id, kind, model_id, evidence, found_at, status)
    select gen_random_uuid(), 'ownerless', m.id, ${JSON.stringify({ formerOwner: person.name })}::jsonb, ${at}, 'open'
    from model m where m.id = any(${`{${rows.map((r) => r.id).join(",")}}`}::uuid[]) and m.stage <> 'unclaimed' and m.joined_to_id is null
    on conflict do nothing`);
  return rows;
}
