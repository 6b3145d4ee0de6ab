import { z } from "zod";

/**
 * What Azure Machine Learning answers through Azure Resource Manager (learn.microsoft.com/rest/api/azureml, api-version 2025-09-01).
 * Unknown fields stay in the raw record.
 */
const instant = z.iso.datetime({ offset: true }).transform((t) => new Date(t).toISOString());
const text = z.string().nullish();
const strings = z
  .record(z.string(), z.string().nullable())
  .nullish()
  .transform((r) => Object.fromEntries(Object.entries(r ?? {}).map(([key, value]) => [key, value ?? ""])));
const system = z.looseObject({ createdAt: instant, createdBy: text, lastModifiedAt: instant.nullish() });

export const containerShape = z.looseObject({
  id: z.string().min(1),
  name: z.string().min(1),
  properties: z.looseObject({ description: text, tags: strings, isArchived: z.boolean().nullish() }),
});
export type Container = z.output<typeof containerShape>;

export const versionShape = z.looseObject({
  id: z.string().min(1),
  name: z.string().min(1),
  properties: z.looseObject({
    description: text,
    tags: strings,
    properties: strings,
    isArchived: z.boolean().nullish(),
    modelType: text,
    modelUri: text,
    stage: text,
    jobName: text,
    provisioningState: text,
    flavors: z.record(z.string(), z.unknown()).nullish(),
  }),
  systemData: system,
});
export type Version = z.output<typeof versionShape>;

export const endpointShape = z.looseObject({
  id: z.string().min(1),
  name: z.string().min(1),
  location: text,
  properties: z.looseObject({
    scoringUri: text,
    traffic: z.record(z.string(), z.number()).nullish(),
    mirrorTraffic: z.record(z.string(), z.number()).nullish(),
    provisioningState: text,
  }),
});
export type Endpoint = z.output<typeof endpointShape>;

export const deploymentShape = z.looseObject({
  id: z.string().min(1),
  name: z.string().min(1),
  location: text,
  properties: z.looseObject({ model: text, provisioningState: text }),
  systemData: z.looseObject({ lastModifiedAt: instant.nullish(), createdAt: instant.nullish() }).nullish(),
});
export type Deployment = z.output<typeof deploymentShape>;

/** Lists whose records are checked one by one, so that one bad record does not hide the others. */
export const list = z.looseObject({
  value: z.array(z.unknown()),
  nextLink: z
    .string()
    .nullish()
    .transform((v) => v || null),
});
