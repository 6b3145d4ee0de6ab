import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { factKey } from "@/lib/facts/catalogue";
import type { Fact } from "@/lib/facts/fact";
import { isStale } from "@/lib/facts/fact";
import { currentFacts } from "@/lib/facts/queries";
import type { ModelKind, ServingType } from "@/lib/models/model";
import { eachGiven } from "@/lib/readiness/given";
import { isOwnFact, ownFacts } from "@/lib/readiness/own-facts";
import { itemTypeOf } from "@/lib/readiness/readiness";
import type { Candidate } from "./scope";

type Row = {
  id: string;
  name: string;
  tier: number | null;
  kind: ModelKind | null;
  serving: ServingType | null;
  stage: string;
  platform: string;
  unit: string | null;
  team: string;
  pattern: string | null;
};

/** Every model that a check may be about: not retired, still in its registry, and one of its own. Two statements. */
export async function candidates(read: Reader): Promise<Candidate[]> {
  const [{ rows }, { rows: units }] = await Promise.all([
    read.execute<Row>(sql`
      select m.id, m.name, m.tier, m.kind, m.serving_type as serving, m.stage, m.platform, m.business_unit_id as unit, m.team,
        a.pattern_id as pattern
      from model m left join pattern_adoption a on a.model_id = m.id and a.ended_at is null
      where m.stage <> 'retired' and m.vanished_at is null and m.joined_to_id is null order by m.name`),
    read.execute<{ id: string; name: string; parent_id: string | null }>(
      sql`select id, name, parent_id from business_unit`,
    ),
  ]);
  const byId = new Map(units.map((u) => [u.id, u]));
  const above = (id: string | null): string[] => {
    const names: string[] = [];
    let unit = id ? byId.get(id) : undefined;
    while (unit && names.length < 50) {
      names.push(unit.name);
      unit = unit.parent_id ? byId.get(unit.parent_id) : undefined;
    }
    return names;
  };
  return rows.map(({ id, unit, ...row }) => {
    const type = itemTypeOf({ kind: row.kind, servingType: row.serving });
    const units = above(unit);
    return {
      id,
      attributes: {
        name: row.name,
        stage: row.stage,
        platform: row.platform,
        team: row.team,
        unit: units[0] ?? "",
        units,
        pattern: row.pattern ?? "",
        ...(row.tier === null ? {} : { tier: row.tier }),
        ...(row.kind === null ? {} : { kind: row.kind }),
        ...(row.serving === null ? {} : { serving: row.serving }),
        ...(type === null ? {} : { type }),
      },
    };
  });
}

/** The same models with the tags that their registry last told, unless it has not been read for too long. */
export async function withTags(read: Reader, models: readonly Candidate[], now: Date): Promise<Candidate[]> {
  const facts = await currentFacts(
    read,
    models.map((m) => m.id),
    ["registry"],
  );
  const tags = new Map(
    facts
      .filter((f) => f.key === "registry.tags" && !isStale(f, factKey(f.key)?.maxAgeDays ?? null, now))
      .map((f) => [f.subjectId, f.value]),
  );
  return models.map((model) => {
    const found = tags.get(model.id);
    return found === undefined ? model : { ...model, attributes: { ...model.attributes, tags: found } };
  });
}

const familyOf = (key: string): string => key.slice(0, key.indexOf("."));

/**
 * The facts in force about some models and their newest versions, as far as the families of `keys` go. What the portal knows of
 * itself is computed (lib/readiness/own-facts.ts), only where a key asks for it.
 */
export async function factsOfModels(
  read: Reader,
  modelIds: readonly string[],
  keys: readonly string[],
  now: Date,
): Promise<(modelId: string) => readonly Fact[]> {
  const found = new Map<string, Fact[]>();
  const none: readonly Fact[] = [];
  if (modelIds.length === 0 || keys.length === 0) return () => none;
  const families = [...new Set(keys.map(familyOf))];
  if (keys.some(isOwnFact)) {
    await eachGiven(read, modelIds, now, (all) => {
      const facts = [...all.facts, ...ownFacts(all, now)].filter((fact) => families.includes(familyOf(fact.key)));
      found.set(all.model.id, facts);
    });
    return (id) => found.get(id) ?? none;
  }
  const { rows } = await read.execute<{ model_id: string; version_id: string }>(sql`
    select distinct on (v.model_id) v.model_id, v.id as version_id from model_version v
    where v.model_id = any(${`{${modelIds.join(",")}}`}::uuid[]) order by v.model_id, v.registered_at desc, v.id desc`);
  const modelOf = new Map([
    ...modelIds.map((id) => [id, id] as const),
    ...rows.map((row) => [row.version_id, row.model_id] as const),
  ]);
  for (const fact of await currentFacts(read, [...modelOf.keys()], families)) {
    const model = modelOf.get(fact.subjectId);
    if (model === undefined) continue;
    const before = found.get(model);
    if (before) before.push(fact);
    else found.set(model, [fact]);
  }
  return (id) => found.get(id) ?? none;
}
