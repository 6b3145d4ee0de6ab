import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { sha256Hex } from "@/lib/connectors/text";
import { newId } from "@/lib/core/ids";
import { noteUnlisted } from "@/lib/reconciliation/unlisted";
import type { Batch, Change } from "./batch-input";
import type { Connection } from "./find";

type Written = {
  external_model: string;
  version: string;
  endpoint: string;
  traffic: number | null;
  model_id: string | null;
  version_id: string | null;
  model: string | null;
};

/**
 * Writes what endpoints and jobs serve. A version that the inventory does not know is kept too: that it is served and unknown is the
 * point, and a difference to settle. What is seen again unchanged only moves its date.
 */
export async function putServing(tx: Tx, c: Connection, batch: Batch, now: Date): Promise<Change[]> {
  const rows = [...new Map(batch.serving.map((s) => [s.id, s])).values()];
  if (rows.length === 0) return [];
  const values = JSON.stringify(rows.map((r) => ({ ...r, key: r.id, id: newId(), sha: sha256Hex(r.raw) })));
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows: written } = await tx.execute<Written>(sql`
    with told as (
      select x.*, m.id as model_id, v.id as version_id
      from jsonb_to_recordset(${values}::jsonb) as x(id uuid, key text, endpoint text, kind text, region text, model text, version text,
        traffic real, state text, url text, "changedAt" timestamptz, raw text, sha text)
      left join lateral (
        select id from model where connection_id = ${c.id} and (external_id = x.model or external_name = x.model)
        order by external_id = x.model desc limit 1
      ) m on true
      left join model_version v on v.model_id = m.id and v.version = x.version
    ), seen as (
      update served_version s set last_seen_at = ${at}, missed_sweeps = 0 from told
      where s.connection_id = ${c.id} and s.external_id = told.key and s.gone_at is null
        and s.raw_sha256 = decode(told.sha, 'hex') and s.version_id is not distinct from told.version_id
      returning s.external_id
    ), put as (
      insert into served_version (id, connection_id, external_id, endpoint, kind, region, external_model, version, model_id, version_id,
        traffic, state, url, changed_at, first_seen_at, last_seen_at, raw, raw_sha256)
      select id, ${c.id}, key, endpoint, kind, region, model, version, model_id, version_id, traffic, state, url, "changedAt", ${at}, ${at},
        convert_to(raw, 'UTF8'), decode(sha, 'hex') from told where key not in (select external_id from seen)
      on conflict (connection_id, external_id) do update set endpoint = excluded.endpoint, kind = excluded.kind, region = excluded.region,
        external_model = excluded.external_model, version = excluded.version, model_id = excluded.model_id, version_id = excluded.version_id,
        traffic = excluded.traffic, state = excluded.state, url = excluded.url, changed_at = excluded.changed_at,
        last_seen_at = excluded.last_seen_at, missed_sweeps = 0, gone_at = null, raw = excluded.raw, raw_sha256 = excluded.raw_sha256
      returning external_model, version, endpoint, traffic, model_id, version_id
    )
    select put.*, m.name as model from put left join model m on m.id = put.model_id`);
  await noteUnlisted(
    tx,
    written
      .filter((w) => w.version_id === null)
      .map((w) => ({
        seenName: w.external_model,
        evidence: {
          source: c.name,
          version: w.version,
          digest: null,
          endpoint: w.endpoint,
          lastSeen: now.toISOString(),
        },
      })),
    now,
  );
  return written.map((w) => ({
    what: "served",
    model: w.model ?? w.external_model,
    modelId: w.model_id,
    version: w.version,
    endpoint: w.endpoint,
    traffic: w.traffic,
    known: w.version_id !== null,
  }));
}
