import { z } from "zod";

/** What Unity Catalog answers (Databricks SDK service/catalog, service/serving; unitycatalog api/all.yaml). */
const int = z.union([z.number().int(), z.string().regex(/^\d+$/, "a whole number").transform(Number)]);
/** Milliseconds since 1970. */
const millis = int.pipe(z.number().int().min(0).max(8_640_000_000_000));
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((v): z.output<T>[] => v ?? []);
const token = z
  .string()
  .nullish()
  .transform((v) => v || null);
const text = z.string().nullish();

export const modelShape = z.looseObject({
  /** The open-source server's own id; Databricks knows models by their full name. */
  id: text,
  name: z.string().min(1),
  catalog_name: z.string().min(1),
  schema_name: z.string().min(1),
  full_name: text,
  owner: text,
  comment: text,
  aliases: list(z.object({ alias_name: z.string().min(1), version_num: int })),
  created_at: millis.nullish(),
  updated_at: millis.nullish(),
});
export type Model = z.output<typeof modelShape>;

export const versionShape = z.looseObject({
  version: int.transform(String),
  status: z.string().default("READY"),
  source: text,
  run_id: text,
  comment: text,
  created_by: text,
  created_at: millis,
  updated_at: millis.nullish(),
  model_version_dependencies: z
    .object({
      dependencies: list(z.looseObject({ table: z.object({ table_full_name: z.string().min(1) }).nullish() })),
    })
    .nullish(),
});
export type Version = z.output<typeof versionShape>;

export const modelsPage = z.object({ registered_models: list(z.unknown()), next_page_token: token });
export const versionsPage = z.object({ model_versions: list(z.unknown()), next_page_token: token });
export const anyRecord = z.looseObject({});
export const me = z.looseObject({ userName: text, displayName: text });

export const endpointShape = z.looseObject({
  name: z.string().min(1),
  last_updated_timestamp: millis.nullish(),
  state: z.looseObject({ ready: text }).nullish(),
  config: z
    .looseObject({
      served_entities: list(z.looseObject({ name: z.string().min(1), entity_name: text, entity_version: text })),
      traffic_config: z
        .looseObject({
          routes: list(z.looseObject({ served_model_name: text, served_entity_name: text, traffic_percentage: int })),
        })
        .nullish(),
    })
    .nullish(),
});
export type Endpoint = z.output<typeof endpointShape>;
export const endpointsAnswer = z.object({ endpoints: list(z.unknown()) });
export const empty = z.looseObject({});
