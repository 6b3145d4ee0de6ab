import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { holds, itemJoins } from "./holds";
import type { ItemKind } from "./reconciliation";

export type Detected = { id: string; kind: ItemKind; modelId: string | null; name: string };
export type Swept = { found: Detected[]; settled: Detected[]; reopened: Detected[] };

/** Of two records of one model the one that stays: owned before unowned, then the older. */
const stays = (a: SQL, b: SQL) =>
  sql`(${a}.owner_id is null, ${a}.vanished_at is not null, ${a}.created_at, ${a}.id) < (${b}.owner_id is null, ${b}.vanished_at is not null, ${b}.created_at, ${b}.id)`;

const alive = (m: SQL) => sql`${m}.joined_to_id is null and ${m}.stage <> 'retired'`;

/** One statement per kind; each gives model_id, other_id, finding_id, evidence and since when. */
const finders: Readonly<Record<Exclude<ItemKind, "unlisted">, SQL>> = {
  renamed: sql`
    select a.id as model_id, b.id as other_id, null::uuid as finding_id, a.vanished_at as since,
      jsonb_build_object('source', c.name, 'shared', x.shared, 'by', x.by, 'lastSeen', a.last_seen_at) as evidence
    from (
      select va.model_id as a, vb.model_id as b, count(*)::int as shared,
        case when bool_or(va.digest = vb.digest) then 'digest' else 'run' end as by
      from model gone join model_version va on va.model_id = gone.id
      join model_version vb on vb.model_id <> va.model_id and (vb.digest = va.digest or vb.run_id = va.run_id)
      where gone.vanished_at is not null and ${alive(sql`gone`)}
      group by 1, 2
    ) x join model a on a.id = x.a join model b on b.id = x.b join connection c on c.id = a.connection_id
    where b.connection_id = a.connection_id and b.vanished_at is null and b.created_at > a.created_at and ${alive(sql`b`)}`,
  duplicate: sql`
    select a.id as model_id, b.id as other_id, null::uuid as finding_id, greatest(a.created_at, b.created_at) as since,
      jsonb_build_object('by', x.by, 'shared', x.shared, 'source', c.name) as evidence
    from (
      select model_a, model_b, min(by) as by, max(shared)::int as shared from (
        select p.model_id as model_a, q.model_id as model_b, 'digest' as by, count(*) as shared
        from model_version p join model_version q on q.digest = p.digest and q.model_id <> p.model_id
        where p.digest in (select digest from model_version where digest is not null group by digest having count(distinct model_id) > 1)
        group by 1, 2
        union all
        select p.id, q.id, case when exists (
            select 1 from model_version v join model_version w on w.run_id = v.run_id where v.model_id = p.id and w.model_id = q.id
          ) then 'run' else 'name' end, 0
        from model p join model q on model_name_key(coalesce(q.external_name, q.name)) = model_name_key(coalesce(p.external_name, p.name)) and q.id <> p.id
      ) y group by 1, 2
    ) x join model a on a.id = x.model_a join model b on b.id = x.model_b left join connection c on c.id = b.connection_id
    where ${alive(sql`a`)} and ${alive(sql`b`)} and ${stays(sql`a`, sql`b`)}
      and not exists (select 1 from reconciliation_item r where r.kind = 'renamed' and r.status <> 'settled'
        and least(r.model_id, r.other_id) = least(a.id, b.id) and greatest(r.model_id, r.other_id) = greatest(a.id, b.id))`,
  vanished: sql`
    select m.id as model_id, null::uuid as other_id, null::uuid as finding_id, m.vanished_at as since,
      jsonb_build_object('source', c.name, 'lastSeen', m.last_seen_at) as evidence
    from model m left join connection c on c.id = m.connection_id
    where m.vanished_at is not null and ${alive(sql`m`)}
      and not exists (select 1 from reconciliation_item r where r.kind = 'renamed' and r.model_id = m.id and r.status in ('open', 'ignored'))`,
  unclaimed: sql`
    select m.id as model_id, null::uuid as other_id, null::uuid as finding_id, m.created_at as since,
      jsonb_build_object('source', c.name, 'lastSeen', m.last_seen_at) as evidence
    from model m left join connection c on c.id = m.connection_id
    where m.owner_id is null and m.stage = 'unclaimed' and m.vanished_at is null and m.joined_to_id is null`,
  ownerless: sql`
    select m.id as model_id, null::uuid as other_id, null::uuid as finding_id, m.updated_at as since, '{}'::jsonb as evidence
    from model m where m.owner_id is null and m.stage not in ('unclaimed', 'retired') and m.joined_to_id is null`,
  bypass: sql`
    select f.model_id, null::uuid as other_id, f.id as finding_id, f.raised_at as since,
      jsonb_build_object('finding', f.ref, 'source', f.title) as evidence
    from finding f where f.source = 'gate_bypass' and f.status = 'open' and f.model_id is not null`,
};

/**
 * Compares what was observed with the inventory: enters what is new, settles what is no longer so, opens again what was ignored until
 * now. One statement per kind whatever the size of the inventory.
 */
export async function detect(tx: Tx, now: Date): Promise<Swept> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const settled = await tx.execute<Raw>(sql`
    update reconciliation_item u set status = 'settled', settled_at = ${at}, settled_by = null
    from (select i.id, coalesce(m.name, i.seen_name) as name ${itemJoins} where i.status in ('open', 'ignored') and not (${holds})) x
    where u.id = x.id returning u.id, u.kind, u.model_id, x.name`);
  const reopened = await tx.execute<Raw>(sql`
    update reconciliation_item u set status = 'open'
    from (select i.id, coalesce(m.name, i.seen_name) as name ${itemJoins} where i.status = 'ignored' and i.ignored_until <= ${at}) x
    where u.id = x.id returning u.id, u.kind, u.model_id, x.name`);
  const found: Detected[] = [];
  for (const [kind, finder] of Object.entries(finders)) {
    const { rows } = await tx.execute<Raw>(sql`
      with x as (${finder}), n as (
        insert into reconciliation_item (id, kind, model_id, other_id, finding_id, evidence, found_at, status)
        select gen_random_uuid(), ${kind}, x.model_id, x.other_id, x.finding_id, x.evidence, x.since, 'open' from x
        on conflict do nothing returning id, kind, model_id)
      select n.id, n.kind, n.model_id, m.name from n join model m on m.id = n.model_id`);
    found.push(...rows.map(detected));
  }
  return { found, settled: settled.rows.map(detected), reopened: reopened.rows.map(detected) };
}

type Raw = { id: string; kind: ItemKind; model_id: string | null; name: string };
const detected = ({ id, kind, model_id, name }: Raw): Detected => ({ id, kind, modelId: model_id, name });
