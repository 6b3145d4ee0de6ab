import { z } from "zod";

/**
 * What MLflow answers (mlflow/protos/model_registry.proto, service.proto). Tolerant where servers differ (int64 as number or
 * string, absent lists, unknown fields), strict where a wrong shape would be read as "nothing there".
 */
const int64 = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^-?\d+$/, "a whole number")
    .transform(Number),
]);

/** Milliseconds since 1970. */
const millis = int64.pipe(z.number().int().min(0).max(8_640_000_000_000));

/** Proto3 JSON writes what JSON numbers cannot hold as strings. */
const metricValue = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((v): z.output<T>[] => v ?? []);

const tag = z.object({
  key: z.string(),
  value: z
    .string()
    .nullish()
    .transform((v) => v ?? ""),
});
const alias = z.object({
  alias: z.string().min(1),
  version: z.union([z.string(), z.number().int()]).transform(String),
});
const pageToken = z
  .string()
  .nullish()
  .transform((v) => v || null);

export const registeredModelShape = z.looseObject({
  name: z.string().min(1),
  creation_timestamp: millis.nullish(),
  last_updated_timestamp: millis.nullish(),
  description: z.string().nullish(),
  user_id: z.string().nullish(),
  tags: list(tag),
  aliases: list(alias),
});
export type RegisteredModel = z.output<typeof registeredModelShape>;

export const modelVersionShape = z.looseObject({
  name: z.string().min(1),
  version: z.union([z.string().min(1), z.number().int()]).transform(String),
  creation_timestamp: millis,
  last_updated_timestamp: millis.nullish(),
  user_id: z.string().nullish(),
  description: z.string().nullish(),
  source: z.string().nullish(),
  run_id: z.string().nullish(),
  status: z.string().default("READY"),
  tags: list(tag),
  model_id: z.string().nullish(),
});
export type ModelVersion = z.output<typeof modelVersionShape>;

/** Records one by one (sift.ts): a bad one is kept apart and the rest is read. */
export const modelsPage = z.object({ registered_models: list(z.unknown()), next_page_token: pageToken });
export const versionsPage = z.object({ model_versions: list(z.unknown()), next_page_token: pageToken });

export const runShape = z.object({
  info: z.object({
    run_id: z.string().min(1),
    run_name: z.string().nullish(),
    experiment_id: z.union([z.string(), z.number()]).transform(String),
    user_id: z.string().nullish(),
    status: z.string(),
    start_time: millis.nullish(),
    end_time: millis.nullish(),
    artifact_uri: z.string().nullish(),
  }),
  data: z
    .object({
      metrics: list(z.object({ key: z.string(), value: metricValue })),
      params: list(tag),
      tags: list(tag),
    })
    .nullish()
    .transform((v) => v ?? { metrics: [], params: [], tags: [] }),
  inputs: z
    .object({
      dataset_inputs: list(
        z.object({
          dataset: z.object({
            name: z.string(),
            digest: z.string(),
            source_type: z.string().nullish(),
            source: z.string().nullish(),
          }),
          tags: list(tag),
        }),
      ),
    })
    .nullish()
    .transform((v) => v ?? { dataset_inputs: [] }),
});
export type Run = z.output<typeof runShape>;

export const runsPage = z.object({ runs: list(z.unknown()), next_page_token: pageToken });
export const experimentsPage = z.object({
  experiments: list(z.object({ experiment_id: z.union([z.string(), z.number()]).transform(String), name: z.string() })),
  next_page_token: pageToken,
});
export const downloadUri = z.object({ artifact_uri: z.string() });

export const runAnswer = z.object({ run: runShape });
export const modelAnswer = z.object({ registered_model: z.unknown() });
export const versionAnswer = z.object({ model_version: modelVersionShape });

export const artifactList = z.object({
  root_uri: z.string().nullish(),
  files: list(z.object({ path: z.string(), is_dir: z.boolean().nullish(), file_size: int64.nullish() })),
  next_page_token: pageToken,
});

export const empty = z.object({});
