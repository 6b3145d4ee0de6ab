import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { z } from "zod";
import type { Reader } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/refusal";
import { subtrees } from "@/lib/models/list";
import type { ModelSubject } from "@/lib/models/model";
import { seenModels } from "@/lib/models/visible";
import { holds, itemJoins } from "./holds";
import { type ItemKind, type ItemSubject, type itemFilter, itemKindName, type Select } from "./reconciliation";

type Filter = z.output<z.ZodObject<typeof itemFilter>>;

const array = (values: readonly string[]) => `{${values.map((v) => JSON.stringify(v)).join(",")}}`;

/** The filter as a condition on item `i`, models `m` and `o`, scoped to what the actor may see. */
export async function itemsWhere(read: Reader, filter: Filter, actor: Actor): Promise<SQL> {
  const status = filter.status ?? "open";
  const all: SQL[] = [sql`i.status = ${status}`, seenModels(actor)];
  if (status === "open" || status === "ignored") all.push(sql`(${holds})`);
  if (filter.kind) all.push(sql`i.kind = any(${array(filter.kind)}::text[])`);
  if (filter.unit) {
    const named = await subtrees(
      read,
      filter.unit.filter((u) => u !== "none"),
    );
    const none = filter.unit.includes("none") ? sql`m.business_unit_id is null` : sql`false`;
    all.push(sql`(m.business_unit_id = any(${array(named)}::uuid[]) or ${none})`);
  }
  if (filter.source === "manual") all.push(sql`m.connection_id is null`);
  else if (filter.source) all.push(sql`m.connection_id = (select id from connection where name = ${filter.source})`);
  if (filter.q) {
    const like = `%${filter.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
    all.push(sql`(m.name ilike ${like} or o.name ilike ${like} or i.seen_name ilike ${like})`);
  }
  return sql.join(all, sql` and `);
}

export type Party = ModelSubject & {
  id: string;
  connectionId: string | null;
  externalId: string | null;
  externalName: string | null;
  vanishedAt: string | null;
  claimedAt: string | null;
  team: string;
};
export type Selected = ItemSubject & { id: string; model: Party | null; other: Party | null; seenName: string };

const party = (
  m: SQL,
) => sql`case when ${m}.id is null then null else jsonb_build_object('id', ${m}.id, 'name', ${m}.name,
  'businessUnitId', ${m}.business_unit_id, 'ownerId', ${m}.owner_id, 'backupOwnerId', ${m}.backup_owner_id, 'stage', ${m}.stage,
  'connectionId', ${m}.connection_id, 'externalId', ${m}.external_id, 'externalName', ${m}.external_name, 'vanishedAt', ${m}.vanished_at,
  'claimedAt', ${m}.claimed_at, 'team', ${m}.team, 'ownerName', (select name from person p where p.id = ${m}.owner_id)) end`;

/** The most that one action settles. */
export const most = 20_000;

/** The open items that are meant, locked until the command ends; refuses kinds that the action does not fit. */
export async function selected(
  tx: Reader,
  select: Select,
  actor: Actor,
  fits: readonly ItemKind[],
  verb: string,
): Promise<Selected[]> {
  const where =
    "ids" in select
      ? sql`i.id = any(${array(select.ids)}::uuid[]) and ${await itemsWhere(tx, {}, actor)}`
      : await itemsWhere(tx, { ...select.filter, status: "open" }, actor);
  const { rows } = await tx.execute<{
    id: string;
    kind: ItemKind;
    seen_name: string;
    model: Party | null;
    other: Party | null;
  }>(sql`
    select i.id, i.kind, i.seen_name, ${party(sql`m`)} as model, ${party(sql`o`)} as other ${itemJoins}
    where ${where} order by i.id limit ${most} for update of i`);
  if (rows.length === 0)
    throw new Refusal(
      "not_found",
      "None of these differences is open any more: someone settled them, or they settled themselves. Reload the list.",
      [{ field: "select", message: "Nothing open is selected." }],
    );
  const odd = rows.find((r) => !fits.includes(r.kind));
  if (odd)
    throw new Refusal(
      "invalid",
      `select: ${odd.model?.name ?? odd.seen_name} is "${itemKindName[odd.kind]}", which cannot be ${verb}. Choose among ${fits.map((k) => `"${itemKindName[k]}"`).join(", ")}.`,
      [{ field: "select", message: `Holds a kind that cannot be ${verb}.` }],
    );
  return rows.map((r) => ({
    id: r.id,
    kind: r.kind,
    seenName: r.seen_name,
    model: r.model,
    other: r.other,
    models: [r.model, r.other].filter((m): m is Party => m !== null),
  }));
}

/** How an action names what it was about: the model, or how many. */
export const named = (items: readonly Selected[], noun = "models"): string =>
  items.length === 1 ? (items[0]?.model?.name ?? items[0]?.seenName ?? "one") : `${items.length} ${noun}`;
