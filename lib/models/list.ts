import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { isUuid } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import type { ModelList, ModelOrder } from "./list-input";
import { type ModelRow, modelRow, type RawModelRow } from "./row";
import { seenModels } from "./visible";

export type ModelFilter = Omit<ModelList, "order" | "after" | "limit">;

const descending: Record<ModelOrder, boolean> = { tier: false, name: false, stage: false, released: true };

/** The sort key beside the name, as migration 0060 indexes it; null where the name alone is the order. */
const keyOf: Record<ModelOrder, SQL | null> = {
  tier: sql`coalesce(m.tier, 9)`,
  name: null,
  stage: sql`m.stage`,
  released: sql`coalesce(m.last_release_at, '-infinity'::timestamptz)`,
};

const castOf: Record<ModelOrder, SQL> = {
  tier: sql`::int`,
  name: sql``,
  stage: sql`::text`,
  released: sql`::timestamptz`,
};

/**
 * One page of models in one statement: the page is cut by an index first, names are joined to the rows that are left, and the
 * total is counted beside it.
 */
export async function listModels(read: Reader, input: ModelList, actor: Actor) {
  const { order, after, limit, ...filter } = input;
  const where = await filterOf(read, filter, actor);
  const rows = await pageOf(read, where, order, after, limit + 1, true);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const total = rows[0]?.total ?? (await count(read, where));
  return {
    models: page.map(modelRow),
    total: Number(total),
    next: rows.length > limit && last ? cursorOf(last) : null,
  };
}

/** All models that match, in keyset steps, so that an export of any length holds one step in memory. */
export async function* everyModel(
  read: Reader,
  filter: ModelFilter,
  order: ModelOrder,
  actor: Actor,
): AsyncGenerator<ModelRow[]> {
  const where = await filterOf(read, filter, actor);
  let after: string | undefined;
  for (;;) {
    const rows = await pageOf(read, where, order, after, 1000, false);
    if (rows.length > 0) yield rows.map(modelRow);
    const last = rows.at(-1);
    if (rows.length < 1000 || !last) return;
    after = cursorOf(last);
  }
}

async function pageOf(
  read: Reader,
  where: SQL,
  order: ModelOrder,
  after: string | undefined,
  take: number,
  withTotal: boolean,
): Promise<RawModelRow[]> {
  const key = keyOf[order];
  const down = descending[order];
  const cursor = after === undefined ? null : parseCursor(after, order);
  const beyond = !cursor
    ? sql`true`
    : key
      ? sql`(${key}, m.name) ${down ? sql`<` : sql`>`} (${cursor.key}${castOf[order]}, ${cursor.name})`
      : sql`m.name > ${cursor.name}`;
  const direction = down ? sql`desc` : sql`asc`;
  const by = key ? sql`${key} ${direction}, m.name ${direction}` : sql`m.name`;
  const { rows } = await read.execute<RawModelRow>(sql`
    with m as materialized (
      select m.*, ${key ? sql`(${key})::text` : sql`''`} as sort_key
      from model m where ${where} and ${beyond} order by ${by} limit ${take}
    )
    select m.id, m.name, m.description, m.kind, m.method, m.serving_type, m.platform, m.stage, m.tier, m.tier_provisional,
      m.tier_driver, m.legal_class, m.team, m.readiness_pass, m.readiness_fail, m.readiness_unknown, m.readiness_waived,
      m.readiness_total, m.last_release_at, m.gate_decision, m.gate_reasons, m.vanished_at, m.revision, m.sort_key,
      u.slug as unit_slug, u.name as unit_name, p.id as owner_id, p.name as owner_name, p.email as owner_email, b.email as backup_email, uc.ref as use_case_ref, m.source_url, c.name as source_name,
      ${withTotal ? sql`(select count(*) from model m where ${where})` : sql`null`} as total
    from m
    left join business_unit u on u.id = m.business_unit_id
    left join person p on p.id = m.owner_id
    left join person b on b.id = m.backup_owner_id
    left join use_case uc on uc.id = m.use_case_id
    left join connection c on c.id = m.connection_id
    order by ${by}`);
  return rows;
}

async function count(read: Reader, where: SQL): Promise<number> {
  const { rows } = await read.execute<{ n: string }>(sql`select count(*) as n from model m where ${where}`);
  return Number(rows[0]?.n ?? 0);
}

/** The filter as a condition on `model m`, scoped to what the actor may see. */
export async function filterOf(read: Reader, filter: ModelFilter, actor: Actor): Promise<SQL> {
  // A record that was joined to a model is part of that one's row.
  const all: SQL[] = [sql`m.joined_to_id is null`, seenModels(actor)];
  if (filter.unit) {
    const named = filter.unit.filter((u) => u !== "none");
    const none = filter.unit.includes("none") ? sql`m.business_unit_id is null` : sql`false`;
    all.push(sql`(m.business_unit_id = any(${uuidArray(await subtrees(read, named))}) or ${none})`);
  }
  if (filter.tier) {
    const numbers = filter.tier.filter((t) => t !== "none").map(Number);
    const none = filter.tier.includes("none") ? sql`m.tier is null` : sql`false`;
    all.push(sql`(m.tier = any(${intArray(numbers)}) or ${none})`);
  }
  if (filter.stage) all.push(sql`m.stage = any(${textArray(filter.stage)})`);
  if (filter.platform) all.push(sql`m.platform = any(${textArray(filter.platform)})`);
  if (filter.kind) all.push(sql`m.kind = any(${textArray(filter.kind)})`);
  if (filter.legalClass) {
    const known = filter.legalClass.filter((c) => c !== "none");
    const none = filter.legalClass.includes("none") ? sql`m.legal_class is null` : sql`false`;
    all.push(sql`(m.legal_class = any(${textArray(known)}) or ${none})`);
  }
  if (filter.ends) all.push(filter.ends === "yes" ? sql`m.end_of_life is not null` : sql`m.end_of_life is null`);
  if (filter.enteredSince) all.push(sql`m.created_at >= ${filter.enteredSince}::date`);
  if (filter.movedSince) all.push(sql`m.stage_since >= ${filter.movedSince}::date`);
  if (filter.notMovedSince) all.push(sql`m.stage_since < ${filter.notMovedSince}::date`);
  if (filter.tierMark === "rescore") all.push(sql`m.rescore_since is not null and m.stage <> 'retired'`);
  if (filter.tierMark === "overridden")
    all.push(sql`exists (select 1 from tier_override o where o.model_id = m.id and o.ended_at is null)`);
  if (filter.serving) all.push(sql`m.serving_type = any(${textArray(filter.serving)})`);
  if (filter.owner === "none") all.push(sql`m.owner_id is null`);
  else if (filter.owner && isUuid(filter.owner)) all.push(sql`m.owner_id = ${filter.owner}`);
  else if (filter.owner)
    all.push(sql`m.owner_id = (select id from person where email = ${filter.owner.toLowerCase()})`);
  if (filter.source === "manual") all.push(sql`m.connection_id is null`);
  else if (filter.source && isUuid(filter.source)) all.push(sql`m.connection_id = ${filter.source}`);
  else if (filter.source) all.push(sql`m.connection_id = (select id from connection where name = ${filter.source})`);
  if (filter.team) all.push(sql`m.team = ${filter.team} and m.team <> ''`);
  if (filter.useCase) {
    const of = isUuid(filter.useCase)
      ? sql`${filter.useCase}::uuid`
      : sql`(select id from use_case where ref = ${filter.useCase})`;
    all.push(
      sql`(m.use_case_id = ${of} or exists (select 1 from model_use_case l where l.model_id = m.id and l.use_case_id = ${of}))`,
    );
  }
  if (filter.readiness) {
    all.push(
      sql`(${sql.join(
        filter.readiness.map((r) => readinessIs[r]),
        sql` or `,
      )})`,
    );
  }
  if (filter.gate) {
    const known = filter.gate.filter((g) => g !== "none");
    const none = filter.gate.includes("none") ? sql`m.gate_decision is null` : sql`false`;
    all.push(sql`(m.gate_decision = any(${textArray(known)}) or ${none})`);
  }
  if (filter.ids) all.push(sql`m.name = any(${textArray(filter.ids)})`);
  if (filter.q) all.push(await wordsOf(read, filter.q));
  return sql.join(all, sql` and `);
}

/**
 * Models with the text in their name or its words in name or description, the last word from its beginning on. If there is none,
 * models whose name looks like it: a list that is wrong by a letter is better than an empty one.
 */
async function wordsOf(read: Reader, text: string): Promise<SQL> {
  const part = `%${text.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const ask = words.map((w, i) => (i === words.length - 1 ? `${w}:*` : w)).join(" & ");
  const found = ask
    ? sql`(m.name ilike ${part} or to_tsvector('english', m.name || ' ' || m.description) @@ to_tsquery('english', ${ask}))`
    : sql`m.name ilike ${part}`;
  if (text.length < 3) return found;
  const { rows } = await read.execute(sql`select 1 from model m where ${found} limit 1`);
  return rows.length > 0 ? found : sql`m.id in (select l.id from models_like(${text}) l)`;
}

const readinessIs: Record<NonNullable<ModelFilter["readiness"]>[number], SQL> = {
  fail: sql`m.readiness_fail > 0`,
  unknown: sql`m.readiness_unknown > 0`,
  ready: sql`(m.readiness_fail = 0 and m.readiness_unknown = 0)`,
  none: sql`m.readiness_total is null`,
};

/** Business units and everything below them; refuses one that does not exist. */
export async function subtrees(read: Reader, units: readonly string[]): Promise<string[]> {
  if (units.length === 0) return [];
  const { rows } = await read.execute<{ id: string; named: string | null }>(sql`
    with recursive below as (
      select id, slug as named from business_unit where slug = any(${textArray(units)}) or id::text = any(${textArray(units)})
      union
      select u.id, null from business_unit u join below b on u.parent_id = b.id
    ) select id, named from below`);
  const missing = units.find((u) => !rows.some((r) => r.id === u || r.named === u));
  if (missing !== undefined)
    throw new Refusal("invalid", `unit: there is no business unit ${missing}.`, [
      { field: "unit", message: `There is no business unit ${missing}.` },
    ]);
  return rows.map((r) => r.id);
}

// One parameter per array keeps the statement's text, and so its plan, the same whatever the number of values.
const literal = (values: readonly (string | number)[]) => `{${values.map((v) => JSON.stringify(String(v))).join(",")}}`;
const uuidArray = (values: readonly string[]): SQL => sql`${literal(values)}::uuid[]`;
const textArray = (values: readonly string[]): SQL => sql`${literal(values)}::text[]`;
const intArray = (values: readonly number[]): SQL => sql`${literal(values)}::int[]`;

const cursorOf = (row: RawModelRow): string =>
  Buffer.from(JSON.stringify([row.sort_key, row.name])).toString("base64url");

function parseCursor(text: string, order: ModelOrder): { key: string; name: string } {
  const bad = new Refusal("invalid", "after: not a cursor of this list. Start again without it.", [
    { field: "after", message: "Not a cursor of this list." },
  ]);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch (cause) {
    throw new Refusal("invalid", bad.message, bad.faults, { cause });
  }
  if (!Array.isArray(value) || value.length !== 2) throw bad;
  const [key, name]: unknown[] = value;
  if (typeof key !== "string" || typeof name !== "string" || name.includes("\0") || key.includes("\0")) throw bad;
  if (order === "tier" && !/^\d$/.test(key)) throw bad;
  if (order === "released" && key !== "-infinity" && Number.isNaN(Date.parse(key))) throw bad;
  return { key, name };
}
