import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { headOf } from "@/lib/campaigns/head";
import type { Standing } from "./risk-acceptance";

type Row = {
  id: string;
  unit: string | null;
  owner: string | null;
  backup: string | null;
  lead: string | null;
  head: string | null;
  builders: string[];
  reviewers: string[];
};

/** How people stand to some models, by model id. One statement. */
export async function standings(read: Reader, modelIds: readonly string[]): Promise<Map<string, Standing>> {
  if (modelIds.length === 0) return new Map();
  const { rows } = await read.execute<Row>(sql`
    select m.id, m.business_unit_id as unit, m.owner_id as owner, m.backup_owner_id as backup,
      (select t.lead_id from team t where t.name = m.team and m.team <> '') as lead, ${headOf(sql`m.business_unit_id`)} as head,
      array(select p.id::text from (select v.trained_by from model_version v where v.model_id = m.id
        order by v.registered_at desc, v.id desc limit 1) v join person p on p.email = v.trained_by or p.name = v.trained_by) as builders,
      array(select x.person_id::text from vote x join review r on r.id = x.review_id
        where r.id in (select y.review_id from review_model y where y.model_id = m.id and y.round = r.round) and r.status = 'in_review' and x.round = r.round and x.superseded_at is null) as reviewers
    from model m where m.id = any(${`{${modelIds.join(",")}}`}::uuid[])`);
  return new Map(
    rows.map((r) => [
      r.id,
      {
        businessUnitId: r.unit,
        ownerId: r.owner,
        backupOwnerId: r.backup,
        teamLeadId: r.lead,
        headId: r.head,
        builderIds: r.builders,
        reviewerIds: r.reviewers,
      },
    ]),
  );
}

export async function standingOf(read: Reader, modelId: string): Promise<Standing> {
  const found = (await standings(read, [modelId])).get(modelId);
  if (!found) throw new Error(`There is no model ${modelId}.`);
  return found;
}
