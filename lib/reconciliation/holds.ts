import "server-only";
import { sql } from "drizzle-orm";

/**
 * Whether a difference is still there, over `reconciliation_item i` with its models `m` and `o`. The list asks it too, so that a
 * model claimed a moment ago is gone before the next sweep.
 */
export const holds = sql`case i.kind
  when 'unclaimed' then m.owner_id is null and m.stage = 'unclaimed' and m.vanished_at is null and m.joined_to_id is null
  when 'ownerless' then m.owner_id is null and m.stage not in ('unclaimed', 'retired') and m.joined_to_id is null
  when 'vanished' then m.vanished_at is not null and m.stage <> 'retired' and m.joined_to_id is null
  when 'renamed' then m.vanished_at is not null and m.stage <> 'retired' and m.joined_to_id is null and o.joined_to_id is null
  when 'duplicate' then m.joined_to_id is null and o.joined_to_id is null and m.stage <> 'retired' and o.stage <> 'retired'
  when 'bypass' then exists (select 1 from finding f where f.id = i.finding_id and f.status = 'open')
  else not exists (
    select 1 from model s join model_version v on v.model_id = s.id
    where (s.name = i.seen_name or s.external_name = i.seen_name)
      and (i.evidence ->> 'version' is null or v.version = i.evidence ->> 'version')
    union all
    select 1 from model_version v where v.digest = i.evidence ->> 'digest')
end`;

export const itemJoins = sql`from reconciliation_item i
  left join model m on m.id = i.model_id left join model o on o.id = i.other_id`;
