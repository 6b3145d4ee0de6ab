import { spdxOf } from "./licence";

/** What a bill of materials says of one version of a model. Null is what nobody said; it is left out, never guessed. */
export type BomSubject = {
  /** RFC 4122 UUID of the document. */
  serial: string;
  at: Date;
  model: {
    name: string;
    description: string;
    kind: string | null;
    method: string;
    unit: string | null;
    owner: { name: string; email: string } | null;
    tier: number | null;
    legalClass: string | null;
    sourceUrl: string | null;
    useCases: readonly { ref: string; name: string }[];
  };
  version: {
    version: string;
    /** SHA-256, hex. */
    digest: string | null;
    commit: string | null;
    runId: string | null;
    licence: string | null;
    baseModel: string | null;
    runtime: string | null;
    sourceUri: string | null;
  } | null;
  datasets: readonly {
    id: string;
    name: string;
    description: string;
    assetVersion: string;
    dataClass: string | null;
    owner: { name: string; email: string } | null;
  }[];
  metrics: Readonly<Record<string, number>>;
};

type Json = Record<string, unknown>;

/** Leaves out what is null, undefined or empty, so that the document says only what is known. */
const known = (value: Json): Json =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([, v]) => v !== null && v !== undefined && v !== "" && !(Array.isArray(v) && v.length === 0),
    ),
  );

const property = (name: string, value: string | number | null): Json[] =>
  value === null || value === "" ? [] : [{ name: `countersign:${name}`, value: String(value) }];

const licences = (licence: string | null): Json[] => {
  if (!licence) return [];
  const id = spdxOf(licence);
  return [{ license: id ? { id } : { name: licence } }];
};

/** CycloneDX 1.7 as JSON (ECMA-424): the model as a machine-learning-model component with its model card, data and base model. */
export function mlBom({ serial, at, model, version, datasets, metrics }: BomSubject): Json {
  const ref = `model:${model.name}@${version?.version ?? "unversioned"}`;
  const base = version?.baseModel ? `base:${version.baseModel}` : null;
  const data = datasets.map((d) => ({ ...d, ref: `data:${d.id}` }));
  const component = known({
    type: "machine-learning-model",
    "bom-ref": ref,
    name: model.name,
    version: version?.version,
    description: model.description,
    ...(model.unit ? { group: model.unit } : {}),
    ...(model.owner ? { authors: [{ name: model.owner.name, email: model.owner.email }] } : {}),
    hashes: version?.digest ? [{ alg: "SHA-256", content: version.digest }] : [],
    licenses: licences(version?.licence ?? null),
    ...(base && version?.baseModel
      ? { pedigree: { ancestors: [{ type: "machine-learning-model", name: version.baseModel }] } }
      : {}),
    externalReferences: [
      ...(model.sourceUrl ? [{ type: "website", url: model.sourceUrl }] : []),
      ...(version?.sourceUri && /^[a-z][a-z0-9+.-]*:\S+$/i.test(version.sourceUri)
        ? [{ type: "distribution", url: version.sourceUri }]
        : []),
    ],
    modelCard: known({
      modelParameters: known({
        architectureFamily: model.method,
        datasets: data.map((d) => ({ ref: d.ref })),
      }),
      ...(Object.keys(metrics).length > 0
        ? {
            quantitativeAnalysis: {
              performanceMetrics: Object.entries(metrics)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([type, value]) => ({ type, value: String(value) })),
            },
          }
        : {}),
      ...(model.useCases.length > 0
        ? { considerations: { useCases: model.useCases.map((c) => `${c.name} (${c.ref})`) } }
        : {}),
    }),
    properties: [
      ...property("kind", model.kind),
      ...property("tier", model.tier),
      ...property("eu_ai_act_class", model.legalClass),
      ...property("commit", version?.commit ?? null),
      ...property("run", version?.runId ?? null),
      ...property("runtime", version?.runtime ?? null),
    ],
  });
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.7.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.7",
    serialNumber: `urn:uuid:${serial}`,
    version: 1,
    metadata: {
      timestamp: at.toISOString(),
      tools: { components: [{ type: "application", name: "Countersign" }] },
      component,
    },
    components: [
      ...data.map((d) =>
        known({
          type: "data",
          "bom-ref": d.ref,
          name: d.name,
          version: d.assetVersion,
          description: d.description,
          data: [
            known({
              type: "dataset",
              name: d.name,
              classification: d.dataClass,
              ...(d.owner
                ? { governance: { owners: [{ contact: { name: d.owner.name, email: d.owner.email } }] } }
                : {}),
            }),
          ],
        }),
      ),
      ...(base && version?.baseModel
        ? [{ type: "machine-learning-model", "bom-ref": base, name: version.baseModel }]
        : []),
    ],
    dependencies: [
      { ref, dependsOn: [...data.map((d) => d.ref), ...(base ? [base] : [])] },
      ...data.map((d) => ({ ref: d.ref })),
      ...(base ? [{ ref: base }] : []),
    ],
  };
}
