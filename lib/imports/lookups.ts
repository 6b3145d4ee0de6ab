import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { ModelKind, Platform, ServingType, Stage } from "@/lib/models/model";

/** A model as an import compares a row with it. */
export type PresentModel = {
  id: string;
  name: string;
  revision: number;
  description: string;
  kind: ModelKind | null;
  method: string;
  servingType: ServingType | null;
  platform: Platform;
  stage: Stage;
  team: string;
  sourceUrl: string | null;
  businessUnitId: string | null;
  unit: string | null;
  ownerId: string | null;
  ownerName: string | null;
  owner: string | null;
  backupOwnerId: string | null;
  backup: string | null;
  useCaseId: string | null;
  useCase: string | null;
};

type Named = { id: string; name: string };

/** Everything that the rows of a file may name, in five statements however many rows there are. */
export type Lookups = {
  models: ReadonlyMap<string, PresentModel>;
  units: ReadonlyMap<string, Named & { slug: string }>;
  people: ReadonlyMap<string, Named & { email: string; active: boolean }>;
  useCases: ReadonlyMap<string, Named & { ref: string }>;
  /** Names of models that a new name may belong to, and the key that two such names share. */
  near: ReadonlyMap<string, { key: string; names: readonly string[] }>;
};

const array = (values: Iterable<string>) => sql`${JSON.stringify([...new Set(values)])}::jsonb`;

export async function lookUp(
  read: Reader,
  asked: { names: string[]; units: string[]; people: string[]; useCases: string[] },
): Promise<Lookups> {
  const names = sql`select value from jsonb_array_elements_text(${array(asked.names)}) value`;
  const [models, units, people, useCases, near] = [
    await read.execute<PresentModel>(sql`
      select m.id, m.name, m.revision, m.description, m.kind, m.method, m.serving_type as "servingType", m.platform, m.stage, m.team,
        m.source_url as "sourceUrl", m.business_unit_id as "businessUnitId", u.slug as unit, m.owner_id as "ownerId", p.name as "ownerName",
        p.email as owner, m.backup_owner_id as "backupOwnerId", b.email as backup, m.use_case_id as "useCaseId", c.ref as "useCase"
      from model m left join business_unit u on u.id = m.business_unit_id left join person p on p.id = m.owner_id
        left join person b on b.id = m.backup_owner_id left join use_case c on c.id = m.use_case_id
      where m.name in (${names})`),
    await read.execute<Named & { slug: string; asked: string }>(sql`
      select a.value as asked, u.id, u.slug, u.name from jsonb_array_elements_text(${array(asked.units)}) a
      join business_unit u on a.value in (u.slug, u.id::text, u.name)`),
    await read.execute<Named & { email: string; active: boolean; asked: string }>(sql`
      select a.value as asked, p.id, p.name, p.email, p.active from jsonb_array_elements_text(${array(asked.people)}) a
      join person p on lower(a.value) = p.email or a.value = p.id::text`),
    await read.execute<Named & { ref: string; asked: string }>(sql`
      select a.value as asked, c.id, c.ref, c.name from jsonb_array_elements_text(${array(asked.useCases)}) a
      join use_case c on a.value in (c.ref, c.name, c.id::text)`),
    await read.execute<{ asked: string; key: string; names: string[] }>(sql`
      select n.value as asked, model_name_key(n.value) as key,
        coalesce((select json_agg(m.name order by m.name) from model m
          where model_name_key(coalesce(m.external_name, m.name)) = model_name_key(n.value) and m.name <> n.value
            and m.joined_to_id is null and m.stage <> 'retired'), '[]') as names
      from (${names}) n`),
  ];
  return {
    models: new Map(models.rows.map((r) => [r.name, r])),
    units: new Map(units.rows.map((r) => [r.asked, r])),
    people: new Map(people.rows.map((r) => [r.asked, r])),
    useCases: new Map(useCases.rows.map((r) => [r.asked, r])),
    near: new Map(near.rows.map((r) => [r.asked, r])),
  };
}
