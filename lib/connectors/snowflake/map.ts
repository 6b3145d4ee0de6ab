import type { ModelRef, SeenServing, SeenVersion } from "@/lib/connectors/registry";
import { clean, clip, digestOf, rawOf, seenModelOf } from "@/lib/connectors/text";
import type { ModelRow, ServiceRow, VersionRow } from "./shapes";

/** A model's full name: nothing in Snowflake outlives it. Parts are quoted where SQL would need it. */
export const refOf = (m: Pick<ModelRow, "database_name" | "schema_name" | "name">): ModelRef => {
  const full = clean(
    [m.database_name, m.schema_name, m.name].map((p) => (/^[A-Z_][A-Z0-9_$]*$/.test(p) ? p : quoted(p))).join("."),
  );
  return { id: full, name: full };
};

/** An identifier as SQL takes it whatever it holds. */
export const quoted = (...parts: readonly string[]): string =>
  parts.map((p) => `"${p.replaceAll('"', '""')}"`).join(".");

/** FIRST and LAST follow from the order of the versions; DEFAULT is set by someone. */
const positions = ["FIRST", "LAST"];

/** Aliases of a version, the default version's among them. */
function aliasesOf(v: VersionRow): string[] {
  const set = new Set((v.aliases ?? []).filter((a) => !positions.includes(a.toUpperCase())));
  if (v.is_default_version) set.add("DEFAULT");
  return [...set];
}

export const seenModel = (model: ModelRow, versions: readonly VersionRow[], raw: unknown) =>
  seenModelOf({
    ...refOf(model),
    description: model.comment,
    aliases: [...new Map(versions.flatMap((v) => aliasesOf(v).map((alias) => [alias, v.name] as const)))].map(
      ([alias, version]) => ({ alias, version }),
    ),
    tags: [],
    raw: without(raw, ["versions", "aliases", "default_version_name"]),
  });

export function seenVersion(model: ModelRef, v: VersionRow, raw: unknown): SeenVersion {
  const metrics = Object.entries(v.metadata?.metrics ?? {});
  const numbers = metrics.filter((m): m is [string, number] => typeof m[1] === "number" && Number.isFinite(m[1]));
  const texts = metrics.flatMap(([key, value]) => (typeof value === "string" ? [{ key, value }] : []));
  const digest = digestOf(texts);
  const facts: SeenVersion["facts"] = {};
  if (numbers.length > 0)
    facts["run.metrics"] = Object.fromEntries(numbers.slice(0, 500).map(([key, n]) => [clip(clean(key), 250), n]));
  return {
    model,
    version: clean(v.name),
    runId: null,
    source: clip(`snow://model/${model.id}/versions/${clean(v.name)}/`),
    // A version is listed once it can be called; Snowflake gives it no state of its own.
    status: "READY",
    registeredAt: v.created_on,
    changedAt: null,
    user: null,
    description: clip(clean(v.comment)),
    tags: {},
    digest: digest?.digest ?? null,
    digestTag: digest?.tag ?? null,
    commit: null,
    facts,
    inputs: [],
    raw: rawOf(without(raw, ["aliases", "is_default_version", "inference_services"])),
  };
}

/** What moves without the record itself changing lives elsewhere. */
function without(raw: unknown, columns: readonly string[]): unknown {
  if (typeof raw !== "object" || raw === null) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !columns.includes(key)));
}

export const noDigest =
  "unknown: Snowflake keeps no digest of a version's files; set one as the version's metric countersign.digest, as text";

/** `DB.SCHEMA.SERVICE` as the parts of it, quoted or not. */
export const partsOf = (name: string): string[] =>
  [...name.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map((m) =>
    m[1] === undefined ? (m[2] ?? "") : m[1].replaceAll('""', '"'),
  );

const serviceKey = (parts: readonly string[]): string => parts.join("\n").toUpperCase();

/**
 * The container services in which a version was deployed. `services` null: their states may not be seen. A service that builds an
 * image for another is none.
 */
export function seenServing(
  model: ModelRef,
  v: VersionRow,
  services: readonly ServiceRow[] | null,
  region: string | null,
): SeenServing[] {
  const known = new Map(
    (services ?? []).map((s) => [serviceKey([s.database_name, s.schema_name, s.name]), s] as const),
  );
  return (v.inference_services ?? [])
    .filter((name) => !name.toUpperCase().includes("MODEL_BUILD_"))
    .map((name) => {
      const service = known.get(serviceKey(partsOf(name)));
      return {
        id: clean(`${name}/${model.id}/${v.name}`),
        endpoint: clean(name),
        kind: "endpoint" as const,
        region,
        model: model.id,
        version: clean(v.name),
        traffic: null,
        state: clean(service?.status ?? "unknown"),
        url: null,
        changedAt: service?.updated_on ?? null,
        raw: rawOf({ service: name, model: model.id, version: v.name, status: service?.status ?? null }),
      };
    });
}
