import { z } from "zod";
import type { FactValue } from "@/lib/facts/fact";

const streams = ["models", "versions", "serving", "runs", "facts"] as const;

/** Where a sync stands; kept with the run, so that a killed one goes on from here. */
export const cursorShape = z.strictObject({
  phase: z.enum(["read", "runs", "digests", "done"]),
  /** The registry's page token; for runs and digests the last version id. */
  token: z.string().max(4000).nullable(),
  /** Whether everything is read, or only what changed since the watermark. */
  full: z.boolean(),
  /** Whether facts that age are written again although they did not change: once a day. */
  renew: z.boolean(),
  /** Only this model, by its id in the registry: a hint said that it changed. Such a run says nothing of what is missing. */
  only: z.string().max(1000).nullable(),
  /** Newest change of a version that an earlier, completed run has read; milliseconds. */
  since: z.number().nullable(),
  /** Newest change seen in this run: the next run's `since`. */
  watermark: z.number().nullable(),
  /** When this sweep began: what was last seen before then is missing. */
  sweep: z.iso.datetime(),
  /** A model's record could not even be told by its name, so that none may count as missing. */
  blind: z.boolean(),
  /** Models understood so far. */
  models: z.number().int(),
  /** Streams that could not be read, and why; what they held before stays. */
  unread: z.array(z.strictObject({ stream: z.enum(streams), why: z.string().max(500) })).max(10),
  /** The job at work and its last sign of life. */
  job: z.string().max(100),
  beat: z.iso.datetime(),
});
export type Cursor = z.output<typeof cursorShape>;

const tags = z.record(z.string(), z.string());
const factValue: z.ZodType<FactValue> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number(), z.boolean()])),
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
]);

const modelRef = z.strictObject({ id: z.string().min(1), name: z.string().min(1) });

export const batchInput = z.strictObject({
  runId: z.uuid(),
  /** Where the run stands once this batch is in; null while more batches of the page follow. */
  cursor: cursorShape.nullable(),
  seen: z.strictObject({
    models: z.number().int(),
    versions: z.number().int(),
    skipped: z.number().int(),
    facts: z.number().int().default(0),
  }),
  /** Also renew facts whose values did not change, because they age. */
  renew: z.boolean().default(false),
  /** Ids of models that a page held, changed or not. */
  present: z.array(z.string()).max(10_000).default([]),
  versions: z
    .array(
      z.strictObject({
        model: modelRef,
        version: z.string(),
        runId: z.string().nullable(),
        source: z.string().nullable(),
        status: z.string(),
        registeredAt: z.iso.datetime(),
        changedAt: z.iso.datetime().nullable(),
        user: z.string().nullable(),
        description: z.string(),
        tags,
        digest: z.string().nullable(),
        digestTag: z.string().nullable(),
        commit: z.string().nullable(),
        facts: z.record(z.string(), factValue),
        inputs: z.array(z.strictObject({ id: z.string(), name: z.string() })).max(500),
        raw: z.string(),
      }),
    )
    .max(10_000)
    .default([]),
  models: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        name: z.string().min(1),
        description: z.string(),
        aliases: z.array(z.strictObject({ alias: z.string(), version: z.string() })),
        tags,
        sha256: z.string(),
        raw: z.string(),
      }),
    )
    .max(10_000)
    .default([]),
  serving: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        endpoint: z.string(),
        kind: z.enum(["endpoint", "job"]),
        region: z.string().nullable(),
        model: z.string(),
        version: z.string(),
        traffic: z.number().min(0).max(100).nullable(),
        state: z.string(),
        url: z.string().nullable(),
        changedAt: z.iso.datetime().nullable(),
        raw: z.string(),
      }),
    )
    .max(10_000)
    .default([]),
  /** What a source of facts tells, subject by subject. */
  subjects: z
    .array(
      z.strictObject({
        subject: z.string().min(1).max(500),
        declared: z.string().max(500).nullable(),
        observations: z
          .array(
            z.strictObject({
              key: z.string(),
              value: factValue,
              effectiveAt: z.iso.datetime(),
              detail: z.string().max(4000),
            }),
          )
          .max(200),
      }),
    )
    .max(1000)
    .default([]),
  bad: z
    .array(z.strictObject({ stream: z.enum(streams), key: z.string().nullable(), reason: z.string(), raw: z.string() }))
    .max(10_000)
    .default([]),
  runs: z
    .array(
      z.strictObject({
        versionId: z.uuid(),
        runId: z.string(),
        name: z.string().nullable(),
        ended: z.boolean(),
        commit: z.string().nullable(),
        user: z.string().nullable(),
        facts: z.record(z.string(), factValue),
        datasets: z.array(z.strictObject({ name: z.string(), digest: z.string(), context: z.string().nullable() })),
      }),
    )
    .max(2000)
    .default([]),
  digests: z
    .array(
      z.strictObject({
        versionId: z.uuid(),
        digest: z.string().nullable(),
        source: z.string(),
        facts: z.record(z.string(), factValue),
      }),
    )
    .max(200)
    .default([]),
  /** Ids of models that two completed sweeps in a row did not see. */
  vanished: z.array(z.uuid()).max(2000).default([]),
});
export type Batch = z.output<typeof batchInput>;

/** One thing a batch changed, for the log. `modelId` null: a model that the inventory does not know. */
export type Change = {
  what: string;
  model: string;
  modelId: string | null;
  version?: string;
  [detail: string]: unknown;
};
