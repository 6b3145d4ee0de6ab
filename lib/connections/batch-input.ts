import { z } from "zod";
import type { FactValue } from "@/lib/facts/fact";

/** Where a sync stands; kept with the run, so that a killed one goes on from here. */
export const cursorShape = z.strictObject({
  phase: z.enum(["versions", "models", "runs", "digests", "done"]),
  /** Page token within the phase; for runs and digests the last version id. */
  token: z.string().max(4000).nullable(),
  /** Whether every version is read, or only those that changed since the watermark. */
  full: z.boolean(),
  /** Newest change of a version that an earlier, completed run has read; milliseconds. */
  since: z.number().nullable(),
  /** Newest change seen in this run: the next run's `since`. */
  watermark: z.number().nullable(),
  /** When this sweep began: what was last seen before then is missing. */
  sweep: z.iso.datetime(),
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

export const batchInput = z.strictObject({
  runId: z.uuid(),
  /** Where the run stands once this batch is in; null while more batches of the page follow. */
  cursor: cursorShape.nullable(),
  seen: z.strictObject({ models: z.number().int(), versions: z.number().int(), skipped: z.number().int() }),
  /** Also renew facts whose values did not change, because they age. */
  renew: z.boolean().default(false),
  /** Names of models that a page held, changed or not. */
  present: z.array(z.string()).max(2000).default([]),
  versions: z
    .array(
      z.strictObject({
        model: z.string(),
        version: z.string(),
        runId: z.string().nullable(),
        source: z.string().nullable(),
        status: z.string(),
        registeredAt: z.iso.datetime(),
        user: z.string().nullable(),
        description: z.string(),
        tags,
        digest: z.string().nullable(),
        digestTag: z.string().nullable(),
        raw: z.string(),
      }),
    )
    .max(2000)
    .default([]),
  models: z
    .array(
      z.strictObject({
        name: z.string(),
        description: z.string(),
        aliases: z.array(z.strictObject({ alias: z.string(), version: z.string() })),
        tags,
        sha256: z.string(),
      }),
    )
    .max(2000)
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

/** One thing a batch changed, for the log. */
export type Change = {
  what: string;
  model: string;
  modelId: string;
  version?: string;
  [detail: string]: unknown;
};
