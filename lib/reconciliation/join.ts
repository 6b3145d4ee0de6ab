import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { endDeployment } from "@/lib/models/deployments";
import { finish, modelIds } from "./finish";
import { type Before, joinInput, maySettle } from "./reconciliation";
import { named, type Party, type Selected, selected } from "./select";

/**
 * Says that two records are one model. The second record stays, is synced as before and belongs to the first; a renamed model takes
 * over the registry name and the versions that are new under it.
 */
export const joinModels = command({
  name: "reconciliation.joined",
  title: "Join records of one model",
  http: { method: "POST", path: "/reconciliation/join" },
  input: joinInput,
  load: (tx, input, actor) => selected(tx, input.select, actor, ["duplicate", "renamed"], "joined"),
  may: maySettle,
  run: async (tx, { input, subject: items, actor, now }) => {
    const before: Before[] = [];
    for (const item of items) before.push(...(await joinPair(tx, item, now)));
    const [first] = items;
    const summary =
      items.length === 1 && first
        ? first.kind === "renamed"
          ? `${first.model?.name} goes on as ${first.other?.externalName ?? first.other?.name} in its registry`
          : `joined ${first.other?.name} to ${first.model?.name}`
        : `joined ${items.length} pairs of records`;
    const action = await finish(
      tx,
      { name: "reconciliation.joined", summary, items, before, actor, now },
      { status: "settled", reason: input.reason },
    );
    return {
      result: { action, joined: items.map((i) => ({ model: i.model?.name ?? "", record: i.other?.name ?? "" })) },
      entry: {
        subject: { kind: "reconciliation", id: action, ref: named(items, "pairs") },
        modelId: items.length === 1 ? first?.model?.id : null,
        concerns: modelIds(items),
        summary,
        body: {
          reason: input.reason,
          pairs: items.map((i) => ({ kind: i.kind, model: i.model?.name, record: i.other?.name })),
          before,
        },
      },
    };
  },
});

async function joinPair(tx: Tx, { kind, model, other }: Selected, now: Date): Promise<Before[]> {
  if (!model || !other) throw new Error("A pair without its two records.");
  const at = sql`${now.toISOString()}::timestamptz`;
  // What was joined to the second record belongs to the first as well: one level, never a chain.
  const { rowCount } = await tx.execute(sql`
    update model set joined_to_id = ${model.id}, updated_at = ${at}, revision = revision + 1
    where (id = ${other.id} and joined_to_id is null) or joined_to_id = ${other.id}`);
  const { rows: free } = await tx.execute(sql`select 1 from model where id = ${model.id} and joined_to_id is null`);
  if (!rowCount || free.length === 0)
    throw new Refusal(
      "conflict",
      `${model.name} or ${other.name} was joined to another a moment ago. Reload the list.`,
    );
  if (kind !== "renamed") return [{ modelId: other.id, name: other.name, joinedToId: null }];
  return takeOver(tx, model, other, now);
}

/** The registry's new name and the versions that only the new record has go to the model that had the old name. */
async function takeOver(tx: Tx, model: Party, other: Party, now: Date): Promise<Before[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows: open } = await tx.execute<{ id: string }>(
    sql`select id from deployment where model_id = ${other.id} and until is null`,
  );
  for (const { id } of open) await endDeployment(tx, id, now, `It goes on as ${model.name}, which was renamed.`);
  const { rows: moved } = await tx.execute<{ id: string }>(sql`
    update model_version v set model_id = ${model.id} where v.model_id = ${other.id}
      and not exists (select 1 from model_version w where w.model_id = ${model.id} and w.version = v.version)
      and not exists (select 1 from deployment d where d.version_id = v.id)
    returning v.id`);
  await tx.execute(
    sql`update model set connection_id = null, external_id = null, external_name = null where id = ${other.id}`,
  );
  await tx.execute(sql`
    update model set external_id = ${other.externalId}, external_name = ${other.externalName}, vanished_at = null, missed_sweeps = 0, last_seen_at = ${at},
      registry_sha256 = null, updated_at = ${at}, revision = revision + 1
    where id = ${model.id}`);
  return [
    {
      modelId: model.id,
      name: model.name,
      externalId: model.externalId,
      externalName: model.externalName,
      vanishedAt: model.vanishedAt,
    },
    {
      modelId: other.id,
      name: other.name,
      joinedToId: null,
      connectionId: other.connectionId,
      externalId: other.externalId,
      externalName: other.externalName,
      versions: moved.map((v) => v.id),
    },
  ];
}
