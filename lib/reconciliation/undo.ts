import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { reconciliationActions } from "@/db/schema/reconciliation";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { type Before, mayUndo, undoWithinDays } from "./reconciliation";

/**
 * Takes a bulk action back: every model that is still as the action left it gets what it had before; one that somebody changed
 * since stays, and is named.
 */
export const undoAction = command({
  name: "reconciliation.undone",
  title: "Take a bulk action back",
  http: { method: "POST", path: "/reconciliation/actions/{action}/undo" },
  input: z.strictObject({ action: z.uuid("The id of an action, as the list of actions gives it.") }),
  load: async (tx, { action }) => {
    const [row] = await tx
      .select()
      .from(reconciliationActions)
      .where(eq(reconciliationActions.id, action))
      .for("update");
    if (!row) throw new Refusal("not_found", "There is no such action.");
    return row;
  },
  may: mayUndo,
  run: async (tx, { subject: action, now }) => {
    if (now.getTime() - action.at.getTime() > undoWithinDays * 86_400_000)
      throw new Refusal(
        "conflict",
        `An action can be taken back within ${undoWithinDays} days. Change the models themselves instead.`,
      );
    const [open] = await tx
      .update(reconciliationActions)
      .set({ undoneAt: now })
      .where(and(eq(reconciliationActions.id, action.id), isNull(reconciliationActions.undoneAt)))
      .returning({ id: reconciliationActions.id });
    if (!open) throw new Refusal("conflict", "This action was taken back already.");
    const restored = await restore(tx, action, now);
    const kept = action.before.filter((b) => !restored.includes(b.modelId));
    // Differences found again meanwhile stand; the old rows stay settled then.
    const { rowCount } = await tx.execute(sql`
      update reconciliation_item i set status = 'open', settled_at = null, settled_by = null, ignored_until = null, reason = '', action_id = null
      where i.action_id = ${action.id} and (i.model_id is null or i.model_id <> all(${uuids(kept.map((b) => b.modelId))}))
        and not exists (select 1 from reconciliation_item x where x.status <> 'settled' and x.id <> i.id and x.kind = i.kind
          and x.model_id is not distinct from i.model_id and x.other_id is not distinct from i.other_id and x.seen_name = i.seen_name)`);
    return {
      result: { action: action.id, reopened: rowCount ?? 0, kept: kept.map((b) => b.name) },
      entry: {
        subject: { kind: "reconciliation", id: action.id, ref: `${action.items} items` },
        concerns: restored,
        summary: `took back: ${action.summary}${kept.length > 0 ? `; ${kept.length} changed since and stay` : ""}`,
        body: {
          action: action.id,
          name: action.name,
          restored: action.before.filter((b) => restored.includes(b.modelId)),
          kept: kept.map((b) => b.name),
        },
      },
    };
  },
});

const uuids = (ids: readonly string[]) => sql`${`{${ids.join(",")}}`}::uuid[]`;

/** Ids of the models that got back what they had. */
async function restore(tx: Tx, action: { name: string; at: Date; before: Before[] }, now: Date): Promise<string[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const told = sql`jsonb_to_recordset(${JSON.stringify(action.before)}::jsonb) as x("modelId" uuid, "ownerId" uuid, "backupOwnerId" uuid,
    "businessUnitId" uuid, stage text, "claimedAt" timestamptz, team text, "connectionId" uuid, "externalName" text, "vanishedAt" timestamptz,
    versions uuid[])`;
  if (action.name === "reconciliation.assigned") {
    const { rows } = await tx.execute<{ id: string }>(sql`
      update model m set owner_id = x."ownerId", backup_owner_id = x."backupOwnerId", business_unit_id = x."businessUnitId",
        stage = x.stage, claimed_at = x."claimedAt", team = x.team, updated_at = ${at}, revision = m.revision + 1
      from ${told} where m.id = x."modelId" and m.claimed_at = ${action.at.toISOString()}::timestamptz
        and m.stage in (x.stage, 'development') returning m.id`);
    return rows.map((r) => r.id);
  }
  if (action.name === "reconciliation.retired") {
    const { rows } = await tx.execute<{ id: string }>(sql`
      update model m set stage = x.stage, updated_at = ${at}, revision = m.revision + 1
      from ${told} where m.id = x."modelId" and m.stage = 'retired' and m.updated_at = ${action.at.toISOString()}::timestamptz returning m.id`);
    return rows.map((r) => r.id);
  }
  if (action.name === "reconciliation.joined") return separate(tx, action.before, now);
  return [];
}

async function separate(tx: Tx, before: readonly Before[], now: Date): Promise<string[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const done: string[] = [];
  for (const b of before.filter((b) => b.joinedToId === undefined)) {
    await tx.execute(sql`
      update model set external_id = ${b.externalId ?? b.externalName ?? null}, external_name = ${b.externalName ?? null}, vanished_at = ${b.vanishedAt ?? null}::timestamptz, missed_sweeps = 2,
        updated_at = ${at}, revision = revision + 1 where id = ${b.modelId}`);
    done.push(b.modelId);
  }
  for (const b of before.filter((b) => b.joinedToId !== undefined)) {
    if (b.versions && b.versions.length > 0)
      await tx.execute(sql`update model_version set model_id = ${b.modelId} where id = any(${uuids(b.versions)})`);
    const { rowCount } = await tx.execute(sql`
      update model set joined_to_id = null, ${b.externalName === undefined ? sql`` : sql`connection_id = ${b.connectionId ?? null}, external_id = ${b.externalId ?? b.externalName}, external_name = ${b.externalName},`}
        updated_at = ${at}, revision = revision + 1 where id = ${b.modelId} and joined_to_id is not null`);
    if (rowCount === 1) done.push(b.modelId);
  }
  return done;
}
