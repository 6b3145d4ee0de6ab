import "server-only";
import { sql } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { endDeployment, recordDeployment } from "@/lib/models/deployments";
import type { Change } from "./batch-input";
import type { Connection } from "./find";

type Aliased = { id: string; aliases: readonly { alias: string; version: string }[] };

type Mismatch = {
  model_id: string;
  model: string;
  external_id: string;
  version_id: string | null;
  version: string | null;
  digest: string | null;
  registered_at: string | null;
  deployment_id: string | null;
};

/** What a deployment that was read from an alias is said to come from. */
export const aliasSource = (c: Pick<Connection, "name" | "prodAlias">): string => `${c.name}: alias ${c.prodAlias}`;

/**
 * Models among these whose production alias and whose recorded deployment disagree: the alias stands on another version, was taken
 * away, or a release covers now what none covered before. One statement for a whole page.
 */
export async function mismatches(read: Reader, c: Connection, seen: readonly Aliased[]): Promise<Mismatch[]> {
  const rows = seen.map((m) => ({
    id: m.id,
    version: m.aliases.find((a) => a.alias === c.prodAlias)?.version ?? null,
  }));
  const { rows: out } = await read.execute<Mismatch>(sql`
    select m.id as model_id, m.name as model, m.external_id, v.id as version_id, v.version, v.digest, v.registered_at, d.id as deployment_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id text, version text)
    join model m on m.connection_id = ${c.id} and m.external_id = x.id
    left join model_version v on v.model_id = m.id and v.version = x.version
    left join deployment d on d.model_id = m.id and d.environment = 'prod' and d.until is null
    where case
      when x.version is null then d.source like '%: alias %'
      when v.id is null then false
      when d.id is null or d.version_id <> v.id then true
      else d.release_id is null and exists (
        select 1 from release r where r.version_id = v.id and r.environment = 'prod' and r.status in ('allowed', 'released')
          and (d.digest is null or d.digest = r.digest))
    end`);
  return out;
}

/** Brings the recorded deployments into line with the aliases, raising and resolving gate bypasses (lib/models/deployments.ts). */
export async function reconcile(tx: Tx, c: Connection, seen: readonly Aliased[], now: Date): Promise<Change[]> {
  const changes: Change[] = [];
  for (const m of await mismatches(tx, c, seen)) {
    const model = { id: m.model_id, name: m.model };
    if (!m.version_id || !m.version || !m.registered_at) {
      const ended = await endDeployment(tx, m.deployment_id, now, `The alias ${c.prodAlias} was removed.`);
      changes.push({ what: "alias removed", model: m.model, modelId: m.model_id, alias: c.prodAlias, resolved: ended });
      continue;
    }
    const recorded = await recordDeployment(
      tx,
      {
        model,
        version: { id: m.version_id, version: m.version, digest: m.digest, registeredAt: new Date(m.registered_at) },
        environment: "prod",
        digest: m.digest,
        since: now,
        source: aliasSource(c),
        // Nothing was read from this registry before, so what stands there may predate the gate.
        baseline: c.lastCompletedAt === null,
        raisedBy: `connector:${c.id}`,
      },
      now,
    );
    if (recorded.changed)
      changes.push({
        what: recorded.raised ? "serves without a release" : "serves",
        model: m.model,
        modelId: m.model_id,
        version: m.version,
        alias: c.prodAlias,
        kind: recorded.kind,
        release: recorded.releaseRef,
        finding: recorded.raised,
        resolved: recorded.resolved,
      });
  }
  return changes;
}
