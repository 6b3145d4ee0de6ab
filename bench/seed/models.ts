import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { newId } from "@/lib/core/ids";

/** Rows for measuring: models with versions, units, owners and a service token. Written by SQL, for benchmarks only. */
export async function seedModels(db: Db, count: number, versionsEach: number): Promise<{ token: string }> {
  const token = `cs_bench_${newId()}`;
  await db.execute(
    sql`insert into business_unit (id, slug, name) select gen_random_uuid(), 'unit-' || i, 'Unit ' || i from generate_series(1, 40) i`,
  );
  await db.execute(sql`
    insert into person (id, name, email, created_at) select gen_random_uuid(), 'Person ' || i, 'p' || i || '@example.com', now() from generate_series(1, 200) i`);
  await db.execute(sql`
    insert into model (id, name, description, kind, serving_type, platform, stage, business_unit_id, owner_id, tier, tier_driver,
      readiness_pass, readiness_fail, readiness_unknown, readiness_waived, readiness_total, last_release_at, gate_decision, gate_reasons, created_at, updated_at)
    select gen_random_uuid(), 'model-' || lpad(i::text, 6, '0'), 'Predicts something useful for purpose ' || i, 'classical', 'online',
      (array['databricks','mlflow','on_prem','azure_ml'])[i % 4 + 1], (array['development','review','pilot','live','live','live'])[i % 6 + 1],
      u.id, p.id, i % 4 + 1, 'Autonomy', 30, 1, 4, 1, 36, now() - i * interval '1 hour', 'deny', 2, now(), now()
    from generate_series(1, ${count}) i
    join (select id, row_number() over () as n from business_unit) u on u.n = i % 40 + 1
    join (select id, row_number() over () as n from person) p on p.n = i % 200 + 1`);
  await db.execute(sql`
    insert into model_version (id, model_id, version, digest, registered_at)
    select gen_random_uuid(), m.id, v::text, md5(m.name || v) || md5(v || m.name), now() - v * interval '1 day'
    from model m, generate_series(1, ${versionsEach}) v`);
  await db.execute(sql`
    insert into api_token (id, name, hash, prefix, actor_kind, roles, created_by, created_at)
    values (${newId()}, 'bench', ${createHash("sha256").update(token).digest()}, 'cs_bench', 'service', '{service}', 'bench', now())`);
  await db.execute(sql`vacuum analyze`);
  return { token };
}
