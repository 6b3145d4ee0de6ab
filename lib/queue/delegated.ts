import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { reachesUnit, rolesWith, unitsAbove } from "@/lib/core/in-reach";

/** The member in whose seat a delegate votes on a review, by the review's reference. */
export type Delegated = ReadonlyMap<string, { name: string }>;

/** Reviews on which someone may vote for an absent member who has not voted and is free of the review. Nobody stands in for two at once (lib/board/delegate.ts). */
export async function delegatedTo(read: Reader, delegateId: string, now: Date): Promise<Delegated> {
  const { rows } = await read.execute<{ ref: string; name: string }>(sql`
    with recursive ${unitsAbove}
    select r.ref, p.name from board_delegate d join person p on p.id = d.member_id and p.active
      cross join review r join model m on m.id = r.model_id
    where d.delegate_id = ${delegateId}::uuid and d.ended_at is null and ${now.toISOString().slice(0, 10)}::date between d.from_on and d.until_on
      and r.status = 'in_review' and r.lane <> 'self_service'
      and exists (select from role_grant g where g.person_id = d.member_id and g.role = any(${rolesWith("reviews:vote")}::text[])
        and ${reachesUnit(sql`m.business_unit_id`)})
      and d.member_id is distinct from r.created_by
      and not exists (select from review_model y join model n on n.id = y.model_id
        where y.review_id = r.id and y.round = r.round and d.member_id in (n.owner_id, n.backup_owner_id))
      and not exists (select from recusal c where c.review_id = r.id and c.person_id = d.member_id)
      and not exists (select from vote v where v.review_id = r.id and v.round = r.round and v.superseded_at is null
        and d.member_id in (v.person_id, v.for_id))
    order by r.ref, p.name limit 300`);
  return new Map(rows.map(({ ref, name }) => [ref, { name }]));
}
