import { z } from "zod";

/**
 * What Snowflake's SQL API answers (docs.snowflake.com/developer-guide/sql-api/reference) and the columns of SHOW MODELS, SHOW VERSIONS
 * IN MODEL and SHOW SERVICES. Every value is a string or null; columns that we do not know stay in the raw record.
 */
export const columnsShape = z
  .array(z.looseObject({ name: z.string() }))
  .transform((columns) => columns.map((c) => c.name.toLowerCase()));
const rows = z.array(z.array(z.string().nullable()));

/** A finished statement with its first partition, or one that still runs. */
export const statementAnswer = z.union([
  z
    .looseObject({
      statementHandle: z.string().min(1),
      resultSetMetaData: z.looseObject({
        rowType: columnsShape,
        partitionInfo: z.array(z.looseObject({ rowCount: z.number().int() })).default([]),
      }),
      data: rows,
    })
    .transform((v) => ({ ...v, done: true as const })),
  z
    .looseObject({ statementHandle: z.string().min(1), statementStatusUrl: z.string() })
    .transform((v) => ({ ...v, done: false as const })),
]);
export type Statement = z.output<typeof statementAnswer>;

/** A later partition, which comes without a description of its columns. */
export const partitionAnswer = z.looseObject({ data: rows });

/** Seconds since 1970 with nine decimals, `nanoseconds minutes-of-offset`, or ISO 8601. */
export const instant = z.string().transform((value, ctx) => {
  const zoned = /^(\d{16,}) \d+$/.exec(value);
  const ms = zoned?.[1]
    ? Number(zoned[1].slice(0, -6))
    : /^-?\d+(\.\d+)?( \d+)?$/.test(value)
      ? Number(value.split(" ")[0]) * 1000
      : Date.parse(value);
  if (Number.isFinite(ms) && Math.abs(ms) < 8.64e15) return new Date(Math.round(ms)).toISOString();
  ctx.addIssue({ code: "custom", message: "expected an instant" });
  return z.NEVER;
});

const text = z.string().nullish();
/** JSON as text; null where the column is empty or absent. */
const json = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .nullish()
    .transform((value, ctx): z.output<S> | null => {
      if (value === null || value === undefined || value.trim() === "") return null;
      try {
        const parsed = schema.safeParse(JSON.parse(value));
        if (parsed.success) return parsed.data;
      } catch {
        // Said below: it is no JSON.
      }
      ctx.addIssue({ code: "custom", message: "expected other JSON" });
      return z.NEVER;
    });

export const modelRow = z.looseObject({
  created_on: instant,
  name: z.string().min(1),
  database_name: z.string().min(1),
  schema_name: z.string().min(1),
  comment: text,
  owner: text,
  model_type: text,
});
export type ModelRow = z.output<typeof modelRow>;

export const versionRow = z.looseObject({
  created_on: instant,
  name: z.string().min(1),
  comment: text,
  aliases: json(z.array(z.string())),
  is_default_version: z
    .string()
    .nullish()
    .transform((v) => v?.toLowerCase() === "true"),
  metadata: json(z.looseObject({ metrics: z.record(z.string(), z.unknown()).nullish() })),
  inference_services: json(z.array(z.string())),
});
export type VersionRow = z.output<typeof versionRow>;

export const serviceRow = z.looseObject({
  name: z.string().min(1),
  database_name: z.string(),
  schema_name: z.string(),
  status: text,
  updated_on: z.union([instant, z.null()]).nullish(),
  dns_name: text,
});
export type ServiceRow = z.output<typeof serviceRow>;

export const sessionRow = z.looseObject({ user: z.string(), role: text, region: text, version: text });
