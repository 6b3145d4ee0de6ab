import "server-only";
import { desc, sql } from "drizzle-orm";
import { z } from "zod";
import { reconciliationActions } from "@/db/schema/reconciliation";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { findModel } from "@/lib/models/find";
import { mayRead } from "@/lib/models/visible";
import { itemJoins } from "./holds";
import { type Item, type ItemKind, itemFilter, mayUndo, undoWithinDays } from "./reconciliation";
import { itemsWhere } from "./select";

const record = (m: "m" | "o") => {
  const t = sql.raw(m);
  return sql`case when ${t}.id is null then null else jsonb_build_object('id', ${t}.id, 'name', ${t}.name, 'stage', ${t}.stage, 'tier', ${t}.tier,
    'businessUnitId', ${t}.business_unit_id, 'ownerId', ${t}.owner_id, 'backupOwnerId', ${t}.backup_owner_id, 'createdAt', ${t}.created_at,
    'unit', (select name from business_unit u where u.id = ${t}.business_unit_id), 'ownerName', (select name from person p where p.id = ${t}.owner_id),
    'source', (select name from connection c where c.id = ${t}.connection_id),
    'versions', (select count(*) from model_version v where v.model_id = ${t}.id)) end`;
};

/** Differences between what was observed and the inventory, newest first. */
export const reconciliationList = query({
  name: "reconciliation.listed",
  title: "List differences between inventory and reality",
  http: { method: "GET", path: "/reconciliation" },
  input: z.strictObject({
    ...itemFilter,
    /** `next` of the page before. */
    after: z
      .string()
      .regex(
        /^\d{1,17}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        "Not a cursor of this list. Start again without it.",
      )
      .optional(),
    limit: whole(z.number().int().min(1).max(200)).default(50),
  }),
  run: async (read, { after, limit, ...filter }, actor) => {
    insist(mayRead(actor));
    const where = await itemsWhere(read, filter, actor);
    const [micros, id] = after?.split("_") ?? [];
    const beyond = micros
      ? sql`and (i.found_at, i.id) < (timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond', ${id}::uuid)`
      : sql``;
    const [{ rows }, { rows: counted }] = await Promise.all([
      read.execute<Omit<Item, "since"> & { since: string; micros: string }>(sql`
        with i as materialized (
          select i.* ${itemJoins} where ${where} ${beyond} order by i.found_at desc, i.id desc limit ${limit + 1}
        )
        select i.id, i.kind, i.status, i.found_at as since, (extract(epoch from i.found_at) * 1000000)::bigint::text as micros, i.evidence,
          i.seen_name as "seenName", i.reason, i.ignored_until as "ignoredUntil",
          coalesce((select name from person p where p.id::text = i.settled_by), i.settled_by) as "settledBy",
          ${record("m")} as model, ${record("o")} as other
        from i left join model m on m.id = i.model_id left join model o on o.id = i.other_id
        order by i.found_at desc, i.id desc`),
      read.execute<{ n: number }>(sql`select count(*)::int as n ${itemJoins} where ${where}`),
    ]);
    const page = rows.slice(0, limit).map(({ micros: _, since, ignoredUntil, ...row }) => ({
      ...row,
      since: new Date(since).toISOString(),
      ignoredUntil: ignoredUntil ? new Date(ignoredUntil).toISOString() : null,
    }));
    const last = rows[page.length - 1];
    return {
      items: page,
      total: counted[0]?.n ?? 0,
      next: rows.length > limit && last ? `${last.micros}_${last.id}` : null,
    };
  },
});

/** How many differences of each kind are open, and when the inventory was last compared. */
export const reconciliationCounts = query({
  name: "reconciliation.counted",
  title: "Count differences by kind",
  http: { method: "GET", path: "/reconciliation/counts" },
  input: z.strictObject({}),
  run: async (read, _input, actor) => {
    insist(mayRead(actor));
    const where = await itemsWhere(read, {}, actor);
    const { rows } = await read.execute<{ kind: ItemKind; n: number }>(
      sql`select i.kind, count(*)::int as n ${itemJoins} where ${where} group by 1`,
    );
    return Object.fromEntries(rows.map((r) => [r.kind, r.n])) as Partial<Record<ItemKind, number>>;
  },
});

/** What was lately done to the worklist in one stroke, and whether the reader may take it back. */
export const reconciliationActionList = query({
  name: "reconciliation.actions.listed",
  title: "List bulk actions of the worklist",
  http: { method: "GET", path: "/reconciliation/actions" },
  input: z.strictObject({ limit: whole(z.number().int().min(1).max(50)).default(5) }),
  run: async (read, { limit }, actor, now) => {
    insist(mayRead(actor));
    const rows = await read
      .select()
      .from(reconciliationActions)
      .orderBy(desc(reconciliationActions.at), desc(reconciliationActions.id))
      .limit(limit);
    const from = now.getTime() - undoWithinDays * 86_400_000;
    return {
      items: rows.map(({ before: _, ...row }) => {
        const verdict = mayUndo(actor, row);
        return { ...row, canUndo: verdict.ok && row.undoneAt === null && row.at.getTime() >= from };
      }),
    };
  },
});

/** The records of other registries that belong to a model, and the model that this one belongs to. */
export const modelRecords = query({
  name: "model.records.listed",
  title: "List the registry records of a model",
  http: { method: "GET", path: "/models/{name}/records" },
  input: z.strictObject({ name: z.string().min(1).max(400) }),
  run: async (read, { name }, actor) => {
    const model = await findModel(read, name, actor);
    const { rows } = await read.execute<Joined>(sql`
      select r.id, r.name, r.external_name as "externalName", c.name as source, r.platform, r.last_seen_at as "lastSeenAt", r.vanished_at as "vanishedAt",
        (select count(*)::int from model_version v where v.model_id = r.id) as versions, r.id = s.joined_to_id as "isWhole"
      from model s join model r on r.joined_to_id = s.id or r.id = s.joined_to_id left join connection c on c.id = r.connection_id
      where s.id = ${model.id} order by r.name limit 100`);
    return { items: rows.filter((r) => !r.isWhole), partOf: rows.find((r) => r.isWhole)?.name ?? null };
  },
});

type Joined = {
  id: string;
  name: string;
  externalName: string | null;
  source: string | null;
  platform: string;
  lastSeenAt: string | null;
  vanishedAt: string | null;
  versions: number;
  isWhole: boolean;
};
