import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Pending, SeenModel, SeenVersion } from "@/lib/connectors/registry";
import { sha256Hex } from "@/lib/connectors/text";

/** Which of these versions are new or differ from what is stored. */
export async function changedVersions(
  read: Reader,
  connectionId: string,
  rows: readonly SeenVersion[],
): Promise<SeenVersion[]> {
  const keys = rows.map((r) => ({ m: r.model.id, v: r.version, s: sha256Hex(r.raw) }));
  const { rows: same } = await read.execute<{ m: string; v: string }>(sql`
    select x.m, x.v from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as x(m text, v text, s text)
    join model on model.connection_id = ${connectionId} and model.external_id = x.m
    join model_version mv on mv.model_id = model.id and mv.version = x.v and mv.raw_sha256 = decode(x.s, 'hex')`);
  const known = new Set(same.map((r) => `${r.m}\n${r.v}`));
  return rows.filter((r) => !known.has(`${r.model.id}\n${r.version}`));
}

/** Which of these models are new, differ from what is stored, or had vanished. */
export async function changedModels(
  read: Reader,
  connectionId: string,
  rows: readonly SeenModel[],
): Promise<SeenModel[]> {
  const keys = rows.map((r) => ({ m: r.id, s: r.sha256 }));
  const { rows: same } = await read.execute<{ m: string }>(sql`
    select x.m from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as x(m text, s text)
    join model on model.connection_id = ${connectionId} and model.external_id = x.m
      and model.registry_sha256 = decode(x.s, 'hex') and model.vanished_at is null`);
  const known = new Set(same.map((r) => r.m));
  return rows.filter((r) => !known.has(r.id));
}

type Row = { id: string; external_id: string; external_name: string; version: string; run_id: string | null };
const pendingOf = (r: Row): Pending => ({
  id: r.id,
  model: { id: r.external_id, name: r.external_name },
  version: r.version,
  runId: r.run_id,
});

export async function unreadRuns(
  read: Reader,
  connectionId: string,
  only: string | null,
  after: string | null,
  limit: number,
): Promise<Pending[]> {
  const { rows } = await read.execute<Row>(sql`
    select v.id, m.external_id, m.external_name, v.version, v.run_id from model_version v join model m on m.id = v.model_id
    where v.run_read_at is null and v.run_id is not null and m.connection_id = ${connectionId}
      and ${only === null ? sql`true` : sql`m.external_id = ${only}`} and ${after ? sql`v.id > ${after}` : sql`true`}
    order by v.id limit ${limit}`);
  return rows.map(pendingOf);
}

/** Newest first, because those are released next. */
export async function unreadDigests(
  read: Reader,
  connectionId: string,
  only: string | null,
  before: string | null,
  limit: number,
): Promise<Pending[]> {
  const { rows } = await read.execute<Row>(sql`
    select v.id, m.external_id, m.external_name, v.version, v.run_id from model_version v join model m on m.id = v.model_id
    where v.digest is null and v.digest_source is null and m.connection_id = ${connectionId} and m.vanished_at is null
      and ${only === null ? sql`true` : sql`m.external_id = ${only}`} and ${before ? sql`v.id < ${before}` : sql`true`}
    order by v.id desc limit ${limit}`);
  return rows.map(pendingOf);
}

/** Models that this sweep did not see and that the completed sweep before had not seen either. */
export async function missingTwice(read: Reader, connectionId: string, sweep: string): Promise<string[]> {
  const { rows } = await read.execute<{ id: string }>(sql`
    select id from model where connection_id = ${connectionId} and vanished_at is null and missed_sweeps >= 1
      and (last_seen_at is null or last_seen_at < ${sweep}::timestamptz) limit 2000`);
  return rows.map((r) => r.id);
}
