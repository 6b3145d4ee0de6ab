import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { isUuid } from "@/lib/core/ids";
import { inReach } from "@/lib/core/in-reach";
import { Refusal } from "@/lib/core/refusal";
import type { SourceKind } from "./backlog";

/** Where something comes from, as its reference or id says it; its model, where it is about one. */
export type FoundSource = { kind: SourceKind; ref: string; modelId: string | null };

const byPrefix: Readonly<Record<string, { kind: SourceKind; from: SQL }>> = {
  FND: { kind: "finding", from: sql`finding s` },
  WVR: { kind: "exception", from: sql`waiver s` },
  PIR: { kind: "incident_review", from: sql`incident_review s` },
  INC: { kind: "incident", from: sql`incident s` },
};

/** Finds what the sources of an item name; refuses what the actor cannot see or is not there. */
export async function foundSources(read: Reader, given: readonly string[], actor: Actor): Promise<FoundSource[]> {
  const found: FoundSource[] = [];
  for (const text of new Set(given.map((g) => g.trim()))) {
    const one = isUuid(text) ? await byId(read, text, actor) : await named(read, text.toUpperCase(), actor);
    if (!one) {
      const message = `${text} is no finding, exception, incident, deviation or gap that you can see.`;
      throw new Refusal("invalid", `sources: ${message}`, [{ field: "sources", message }]);
    }
    found.push(one);
  }
  return found;
}

const seen = (actor: Actor): SQL => inReach(actor, "inventory:read", sql`m.business_unit_id`);

async function named(read: Reader, ref: string, actor: Actor): Promise<FoundSource | null> {
  const source = byPrefix[ref.slice(0, 3)];
  if (!source) return null;
  const { rows } = await read.execute<{ modelId: string }>(
    sql`select s.model_id as "modelId" from ${source.from} join model m on m.id = s.model_id where s.ref = ${ref} and ${seen(actor)}`,
  );
  return rows[0] ? { kind: source.kind, ref, modelId: rows[0].modelId } : null;
}

async function byId(read: Reader, id: string, actor: Actor): Promise<FoundSource | null> {
  const { rows } = await read.execute<{ kind: SourceKind; modelId: string | null }>(sql`
    select s.kind, s.model_id as "modelId" from (
      select 'deviation' as kind, model_id, use_case_id from pattern_deviation where id = ${id}
      union all select 'gap', model_id, use_case_id from pattern_gap where id = ${id}) s
    left join model on model.id = s.model_id left join use_case u on u.id = s.use_case_id,
    lateral (select coalesce(model.business_unit_id, u.business_unit_id) as business_unit_id) m
    where ${seen(actor)}`);
  return rows[0] ? { ...rows[0], ref: id } : null;
}
