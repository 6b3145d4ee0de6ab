import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import type { Upgrade } from "./campaign";
import { attestedNow } from "./items";

type Waiting = { id: string; ref: string; upgrade: Upgrade };

/**
 * A model was pinned: open upgrade campaigns that ask about it hear of it, whichever way it was done. `reaches` tells whether the
 * pinned text is the one asked for or a later one. Answers the campaigns' references.
 */
export async function hearOfPin(
  tx: Tx,
  modelId: string,
  pin: { id: string; version: number; digest: string },
  reaches: (digest: string) => boolean,
  actor: Actor,
  now: Date,
): Promise<string[]> {
  const { rows } = await tx.execute<Waiting>(sql`
    select i.id, c.ref, c.upgrade from campaign_item i join campaign c on c.id = i.campaign_id
    where i.model_id = ${modelId} and c.upgrade is not null and c.closed_at is null and i.state in ('open', 'deferred') for update of i`);
  const heard: string[] = [];
  for (const { id, ref, upgrade } of rows) {
    const state = upgrade.pattern !== pin.id ? "left" : reaches(upgrade.digest) ? "upgraded" : null;
    if (state === null) continue;
    heard.push(ref);
    await tx.execute(sql`
      update campaign_item i set state = ${state}, answered_at = ${now.toISOString()}::timestamptz, answered_by = ${actor.id},
        attested = (select ${attestedNow} || ${JSON.stringify({ pattern: pin.id, version: pin.version, digest: pin.digest })}::jsonb from model m where m.id = i.model_id)
      where i.id = ${id}`);
  }
  return heard;
}
