import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { currentFacts } from "@/lib/facts/queries";
import { findModel, findVersion } from "@/lib/models/find";
import type { BomSubject } from "./ml-bom";

type About = Omit<BomSubject, "serial" | "at"> & { modelId: string; versionId: string | null };

/**
 * What the inventory knows of a model and one version of it: the newest one if none is named, null if there is none yet. Datasets are
 * those of the version and those that the whole model is made from.
 */
export async function aboutVersion(
  read: Reader,
  key: string,
  wanted: string | undefined,
  actor: Actor,
): Promise<About> {
  const model = await findModel(read, key, actor);
  const { rows: newest } = wanted
    ? { rows: [{ version: wanted }] }
    : await read.execute<{ version: string }>(
        sql`select version from model_version where model_id = ${model.id} order by registered_at desc, id desc limit 1`,
      );
  const named = newest[0]?.version;
  const version = named === undefined ? null : await findVersion(read, model, named);
  const { rows } = await read.execute<BomSubject["model"]>(sql`
    select m.name, m.description, m.kind, m.method, u.name as unit, m.tier, m.legal_class as "legalClass", m.source_url as "sourceUrl",
      case when p.id is not null then json_build_object('name', p.name, 'email', p.email) end as owner,
      coalesce((select json_agg(json_build_object('ref', c.ref, 'name', c.name) order by c.id = m.use_case_id desc, c.ref) from use_case c
        where c.id = m.use_case_id or exists (select 1 from model_use_case l where l.model_id = m.id and l.use_case_id = c.id)), '[]') as "useCases"
    from model m left join business_unit u on u.id = m.business_unit_id left join person p on p.id = m.owner_id
    where m.id = ${model.id}`);
  const { rows: datasets } = await read.execute<BomSubject["datasets"][number]>(sql`
    select distinct on (a.name, a.id) a.id, a.name, a.description, l.asset_version as "assetVersion", a.data_class as "dataClass",
      case when p.id is not null then json_build_object('name', p.name, 'email', p.email) end as owner
    from asset_link l join asset a on a.id = l.asset_id left join person p on p.id = a.owner_id
    where l.model_id = ${model.id} and a.kind = 'dataset' and (l.version_id is null or l.version_id = ${version?.id ?? null}::uuid)
    order by a.name, a.id, l.version_id nulls last`);
  const facts = version ? await currentFacts(read, [version.id]) : [];
  const logged = facts.findLast((f) => f.key === "run.metrics")?.value;
  const metrics = Object.fromEntries(
    Object.entries(typeof logged === "object" && logged !== null ? logged : {}).filter(
      (e): e is [string, number] => typeof e[1] === "number",
    ),
  );
  const [row] = rows;
  if (!row) throw new Error(`model ${model.id} was read and is gone`);
  return { model: row, version, datasets, metrics, modelId: model.id, versionId: version?.id ?? null };
}
