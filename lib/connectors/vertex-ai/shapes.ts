import { z } from "zod";

/**
 * What Vertex AI answers (cloud.google.com/vertex-ai/docs/reference/rest/v1, projects.locations.models and .endpoints). Proto3 JSON:
 * what is empty is left out, int64 is a string. Unknown fields stay in the raw record.
 */
const instant = z.iso.datetime({ offset: true }).transform((t) => new Date(t).toISOString());
const text = z.string().nullish();
const labels = z.record(z.string(), z.string()).nullish();
/** The last part is the id; a version may follow it after an @. */
const resource = z.string().regex(/^projects\/[^/]+\/locations\/[^/]+\/models\/[^/]+$/, "a model's resource name");

export const modelShape = z.looseObject({
  name: resource,
  displayName: text,
  description: text,
  labels,
});
export type Model = z.output<typeof modelShape>;

export const versionShape = z.looseObject({
  name: resource,
  versionId: z.string().min(1),
  versionAliases: z.array(z.string()).nullish(),
  versionDescription: text,
  versionCreateTime: instant,
  versionUpdateTime: instant.nullish(),
  artifactUri: text,
  labels,
  containerSpec: z.looseObject({ imageUri: text }).nullish(),
  trainingPipeline: text,
  pipelineJob: text,
  modelSourceInfo: z.looseObject({ sourceType: text }).nullish(),
  supportedExportFormats: z.array(z.looseObject({ id: text })).nullish(),
});
export type Version = z.output<typeof versionShape>;

export const endpointShape = z.looseObject({
  name: z.string().regex(/^projects\/[^/]+\/locations\/[^/]+\/endpoints\/[^/]+$/, "an endpoint's resource name"),
  displayName: text,
  updateTime: instant.nullish(),
  trafficSplit: z.record(z.string(), z.coerce.number()).nullish(),
  deployedModels: z
    .array(
      z.looseObject({
        id: z.string().min(1),
        model: z.string().min(1),
        modelVersionId: text,
        createTime: instant.nullish(),
      }),
    )
    .nullish(),
});
export type Endpoint = z.output<typeof endpointShape>;

const nextPageToken = z
  .string()
  .nullish()
  .transform((v) => v || null);
const records = z
  .array(z.unknown())
  .nullish()
  .transform((v) => v ?? []);
/** Lists whose records are checked one by one, so that one bad record does not hide the others. */
export const modelsPage = z.looseObject({ models: records, nextPageToken });
export const endpointsPage = z.looseObject({ endpoints: records, nextPageToken });

/** The part of a service account's key file that is used. */
export const serviceAccount = z.looseObject({
  client_email: z.string().min(3),
  private_key: z.string().includes("PRIVATE KEY", { message: "holds no private key" }),
  private_key_id: text,
  token_uri: z.url({ protocol: /^https?$/ }).default("https://oauth2.googleapis.com/token"),
});
export type ServiceAccount = z.output<typeof serviceAccount>;
