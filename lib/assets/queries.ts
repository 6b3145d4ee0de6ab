import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { findModel } from "@/lib/models/find";
import { modelKey } from "@/lib/models/inputs";
import { seenModels } from "@/lib/models/visible";
import { type AssetRow, assetGetInput, assetKinds, dataClasses } from "./asset";
import { findAsset } from "./find";

const columns = sql`a.id, a.kind, a.name, a.description, a.data_class as "dataClass", a.platform, a.location, a.business_unit_id as "businessUnitId",
  a.retired_at as "retiredAt", a.revision, u.slug as unit, u.name as "unitName",
  case when p.id is not null then json_build_object('name', p.name, 'email', p.email) end as owner,
  (select count(distinct l.model_id)::int from asset_link l where l.asset_id = a.id) as models`;
const from = sql`asset a join business_unit u on u.id = a.business_unit_id left join person p on p.id = a.owner_id`;

/** Datasets, features and pipelines by name. */
export const assetList = query({
  name: "assets.listed",
  title: "List assets",
  http: { method: "GET", path: "/assets" },
  input: z.strictObject({
    kind: z.enum(assetKinds).optional(),
    dataClass: z.enum([...dataClasses, "none"]).optional(),
    unit: z.string().max(120).optional(),
    /** E-mail address, or "none". */
    owner: z.string().max(254).optional(),
    q: z.string().trim().max(200).optional(),
    retired: z.enum(["yes", "no"]).optional(),
    after: z.string().max(900).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  run: async (read, input, actor) => {
    const all: SQL[] = [seenModels(actor, sql`a.business_unit_id`)];
    if (input.kind) all.push(sql`a.kind = ${input.kind}`);
    if (input.dataClass)
      all.push(input.dataClass === "none" ? sql`a.data_class is null` : sql`a.data_class = ${input.dataClass}`);
    if (input.unit)
      all.push(sql`a.business_unit_id in (with recursive below as (
        select id from business_unit where slug = ${input.unit} or id::text = ${input.unit}
        union select b.id from business_unit b join below on b.parent_id = below.id) select id from below)`);
    if (input.owner)
      all.push(input.owner === "none" ? sql`a.owner_id is null` : sql`p.email = ${input.owner.toLowerCase()}`);
    if (input.retired) all.push(input.retired === "yes" ? sql`a.retired_at is not null` : sql`a.retired_at is null`);
    if (input.q) {
      const like = `%${input.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
      all.push(sql`(a.name ilike ${like} or a.description ilike ${like} or a.location ilike ${like})`);
    }
    if (input.after) {
      const [name, id] = cursor(input.after);
      all.push(sql`(a.name, a.id) > (${name}, ${id}::uuid)`);
    }
    const { rows } = await read.execute<AssetRow>(sql`select ${columns} from ${from}
      where ${sql.join(all, sql` and `)} order by a.name, a.id limit ${input.limit + 1}`);
    const page = rows.slice(0, input.limit);
    const last = page.at(-1);
    return {
      assets: page,
      next:
        rows.length > input.limit && last
          ? Buffer.from(JSON.stringify([last.name, last.id])).toString("base64url")
          : null,
    };
  },
});

const cursorShape = z.tuple([
  z
    .string()
    .max(200)
    .refine((s) => !s.includes("\0")),
  z.uuid(),
]);

function cursor(text: string): [string, string] {
  let value: unknown = null;
  try {
    value = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    // Refused below, like every text that is no cursor.
  }
  const parsed = cursorShape.safeParse(value);
  if (!parsed.success)
    throw new Refusal("invalid", "after: not a cursor of this list. Start again without it.", [
      { field: "after", message: "Not a cursor of this list." },
    ]);
  return parsed.data;
}

export type AssetUse = { model: string; version: string | null; assetVersion: string; since: string };

/** One asset with the models that are made from it, as far as the reader may see them. */
export const assetGet = query({
  name: "asset.read",
  title: "Read an asset",
  http: { method: "GET", path: "/assets/{asset}" },
  input: assetGetInput,
  run: async (read, input, actor) => {
    const found = await findAsset(read, input.asset, actor);
    const [{ rows }, { rows: uses }] = await Promise.all([
      read.execute<AssetRow>(sql`select ${columns} from ${from} where a.id = ${found.id}`),
      read.execute<AssetUse>(sql`
        select m.name as model, v.version, l.asset_version as "assetVersion", l.since
        from asset_link l join model m on m.id = l.model_id left join model_version v on v.id = l.version_id
        where l.asset_id = ${found.id} and ${seenModels(actor)} order by m.name, v.registered_at desc nulls first limit 200`),
    ]);
    const [row] = rows;
    if (!row) throw new Error(`asset ${found.id} has no business unit`);
    return { ...row, createdAt: found.createdAt, uses };
  },
});

/** What a model, and each of its versions, is made from. */
export const modelAssets = query({
  name: "model.assets.listed",
  title: "List what a model is made from",
  http: { method: "GET", path: "/models/{name}/assets" },
  input: z.strictObject({ name: modelKey }),
  run: async (read, input, actor) => {
    const model = await findModel(read, input.name, actor);
    const { rows } = await read.execute<AssetRow & { version: string | null; assetVersion: string }>(sql`
      select ${columns}, v.version, l.asset_version as "assetVersion"
      from ${from} join asset_link l on l.asset_id = a.id left join model_version v on v.id = l.version_id
      where l.model_id = ${model.id} order by a.kind, a.name, v.registered_at desc nulls first limit 200`);
    return { assets: rows };
  },
});
