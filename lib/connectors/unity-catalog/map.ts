import type { ModelRef, SeenModel, SeenServing, SeenVersion } from "@/lib/connectors/registry";
import { clean, clip, rawOf, seenModelOf } from "@/lib/connectors/text";
import type { Endpoint, Model, Version } from "./shapes";

/** A model's full name, which the open-source server leaves out of lists. */
export const fullName = (m: Pick<Model, "full_name" | "catalog_name" | "schema_name" | "name">): string =>
  clean(m.full_name || `${m.catalog_name}.${m.schema_name}.${m.name}`);

export const refOf = (m: Model): ModelRef => ({ id: clean(m.id) || fullName(m), name: fullName(m) });

export const seenModel = (m: Model, raw: unknown): SeenModel =>
  seenModelOf({
    ...refOf(m),
    description: m.comment,
    aliases: m.aliases.map((a) => ({ alias: a.alias_name, version: String(a.version_num) })),
    tags: m.owner ? [{ key: "owner", value: m.owner }] : [],
    raw,
  });

export function seenVersion(model: ModelRef, v: Version, raw: unknown): SeenVersion {
  const tables = (v.model_version_dependencies?.dependencies ?? []).flatMap((d) => d.table?.table_full_name ?? []);
  return {
    model,
    version: clean(v.version),
    runId: clean(v.run_id) || null,
    source: clip(clean(v.source)) || null,
    status: clean(v.status),
    registeredAt: new Date(v.created_at).toISOString(),
    changedAt: new Date(v.updated_at ?? v.created_at).toISOString(),
    user: clip(clean(v.created_by), 254) || null,
    description: clip(clean(v.comment)),
    tags: {},
    digest: null,
    digestTag: null,
    commit: null,
    facts: {},
    inputs: [...new Set(tables)].slice(0, 500).map((name) => ({ id: clean(name), name: clean(name) })),
    raw: rawOf(typeof raw === "object" ? { ...raw, aliases: undefined } : raw),
  };
}

/** Each version that an endpoint serves, with its share of the traffic. Foundation and external models are none of ours. */
export function seenServing(e: Endpoint, raw: unknown, baseUrl: string): SeenServing[] {
  const shares = new Map(
    (e.config?.traffic_config?.routes ?? []).map((r) => [
      r.served_entity_name ?? r.served_model_name ?? "",
      r.traffic_percentage,
    ]),
  );
  return (e.config?.served_entities ?? []).flatMap((s): SeenServing[] => {
    if (!s.entity_name || !s.entity_version) return [];
    return [
      {
        id: clip(clean(`${e.name}/${s.name}`), 500),
        endpoint: clean(e.name),
        kind: "endpoint",
        region: null,
        model: clean(s.entity_name),
        version: clean(s.entity_version),
        traffic: shares.get(s.name) ?? null,
        state: clean(e.state?.ready ?? "UNKNOWN"),
        url: `${baseUrl}/ml/endpoints/${encodeURIComponent(e.name)}`,
        changedAt: e.last_updated_timestamp ? new Date(e.last_updated_timestamp).toISOString() : null,
        raw: rawOf({ endpoint: raw, entity: s.name }),
      },
    ];
  });
}
