import { z } from "zod";
import { Refusal } from "@/lib/core/refusal";
import { maxExpectations, maxUnmet, maxValidations, type Validation } from "./validation";

const text = z.string().max(2000);
const loose = <T extends z.ZodRawShape>(shape: T) => z.looseObject(shape);
const count = z.number().int().min(0).max(1_000_000);
const kwargs = loose({
  column: text.optional(),
  column_A: text.optional(),
  column_list: z.array(text).max(2000).optional(),
});

/** An expectation's result: `type` since 1.0, `expectation_type` before. */
const expectation = loose({
  success: z.boolean().nullable(),
  expectation_config: loose({
    type: text.optional(),
    expectation_type: text.optional(),
    kwargs: kwargs.optional(),
  }).nullish(),
});
const runId = z.union([text, loose({ run_name: text.nullish(), run_time: text.nullish() })]).nullish();
const batch = loose({ data_asset_name: text.nullish() }).nullish();
const validation = loose({
  success: z.boolean(),
  statistics: loose({ evaluated_expectations: count, unsuccessful_expectations: count }),
  results: z.array(expectation).max(maxExpectations).optional(),
  suite_name: text.nullish(),
  meta: loose({
    run_id: runId,
    expectation_suite_name: text.nullish(),
    validation_time: text.nullish(),
    active_batch_definition: batch,
    batch_kwargs: batch,
    checkpoint_name: text.nullish(),
  }).nullish(),
});
type Raw = z.output<typeof validation>;
/** Before 1.0 each of a checkpoint's results is wrapped with what its actions did. */
const wrapped = loose({ validation_result: validation }).transform((r) => r.validation_result);
const checkpoint = loose({
  run_id: runId,
  run_results: z.record(z.string().max(4000), z.union([wrapped, validation])),
});

/**
 * The validations in a result of Great Expectations: of one suite (ExpectationSuiteValidationResult) or of a checkpoint
 * (a list of them, or a CheckpointResult), of 0.15 to 1.x. Throws `invalid` with the place of what is wrong; what evaluated nothing is no result.
 */
export function validationsOf(value: unknown): Validation[] {
  const raws = parts(value);
  if (raws.length === 0) throw new Refusal("invalid", "The checkpoint ran no validation.");
  if (raws.length > maxValidations)
    throw new Refusal("too_large", `${raws.length} validations: at most ${maxValidations} in one result.`);
  const found = raws.map(({ raw, run }) => validationOf(raw, run));
  const empty = found.find((v) => v.evaluated === 0);
  if (empty)
    throw new Refusal(
      "invalid",
      `The suite ${empty.suite} evaluated no expectation, so it says nothing about the data. Give it expectations, or take it out of the checkpoint.`,
    );
  return merged(found);
}

function parts(value: unknown): { raw: Raw; run: z.output<typeof runId> }[] {
  const has = (key: string) => typeof value === "object" && value !== null && key in value;
  if (has("validation_results"))
    throw new Refusal(
      "invalid",
      "A checkpoint's description leaves out which suites ran, and when. Send [r.to_json_dict() for r in result.run_results.values()].",
    );
  if (has("run_results")) {
    const { run_results, run_id: run } = parsed(checkpoint, value);
    return Object.values(run_results).map((raw) => ({ raw, run }));
  }
  return (Array.isArray(value) ? parsed(z.array(validation), value) : [parsed(validation, value)]).map((raw) => ({
    raw,
    run: null,
  }));
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues);
  const at = issue.path.join(".");
  throw new Refusal(
    "invalid",
    `This is no result of Great Expectations: ${at ? `${at}: ` : ""}${issue.message}. Send result.to_json_dict() of a validation or a checkpoint.`,
    [{ field: at, message: issue.message }],
  );
}

/** The fault inside a choice of shapes, rather than "Invalid input". */
function deepest(issues: readonly z.core.$ZodIssue[]): { path: PropertyKey[]; message: string } {
  const [issue] = issues;
  if (issue?.code !== "invalid_union") return { path: issue?.path ?? [], message: issue?.message ?? "not understood" };
  const inner = deepest(issue.errors.at(-1) ?? []);
  return { path: [...issue.path, ...inner.path], message: inner.message };
}

function validationOf(raw: Raw, run: z.output<typeof runId>): Validation {
  const { meta, statistics } = raw;
  const results = raw.results ?? [];
  const unmet = results.filter((r) => r.success === false);
  // The count and the list should agree; where they do not, the worse is believed.
  const failed = Math.max(statistics.unsuccessful_expectations, unmet.length);
  const suite = raw.suite_name || meta?.expectation_suite_name;
  if (!suite)
    throw new Refusal(
      "invalid",
      "A validation does not name its suite: neither suite_name nor meta.expectation_suite_name.",
    );
  return {
    suite: clip(suite),
    asset: clip(meta?.active_batch_definition?.data_asset_name || meta?.batch_kwargs?.data_asset_name || ""),
    ranAt: ranAt(meta?.run_id) ?? instantOf(meta?.validation_time) ?? ranAt(run),
    success: raw.success && failed === 0,
    evaluated: Math.max(statistics.evaluated_expectations, results.length),
    failed,
    unmet: unmet.slice(0, maxUnmet).map(inWords),
  };
}

function inWords(r: z.output<typeof expectation>): string {
  const given = r.expectation_config?.kwargs;
  const type = r.expectation_config?.type ?? r.expectation_config?.expectation_type;
  const column = given?.column ?? given?.column_A ?? given?.column_list?.join(", ");
  return clip(`${type ?? "an expectation"}${column ? ` of ${column}` : ""}`);
}

/** Parts of one suite on one asset, as the batches of a table are: the worst stands, and the oldest. */
function merged(found: readonly Validation[]): Validation[] {
  const out = new Map<string, Validation>();
  for (const v of found) {
    const key = JSON.stringify([v.suite, v.asset]);
    const before = out.get(key);
    out.set(
      key,
      before
        ? {
            ...before,
            ranAt: before.ranAt && v.ranAt && v.ranAt < before.ranAt ? v.ranAt : before.ranAt,
            success: before.success && v.success,
            evaluated: before.evaluated + v.evaluated,
            failed: before.failed + v.failed,
            unmet: [...new Set([...before.unmet, ...v.unmet])].slice(0, maxUnmet),
          }
        : v,
    );
  }
  return [...out.values()];
}

const ranAt = (run: z.output<typeof runId>): Date | null =>
  typeof run === "object" && run !== null ? instantOf(run.run_time) : null;

/** With an offset, or as in 20261120T090000.000000Z; null where it is neither. A time without a zone is UTC. */
function instantOf(said: string | null | undefined): Date | null {
  if (!said) return null;
  const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\.\d+)?Z?$/.exec(said);
  const iso = compact ? `${compact.slice(1, 4).join("-")}T${compact.slice(4, 7).join(":")}Z` : said.replace(" ", "T");
  const at = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** PostgreSQL text holds no NUL. */
const clip = (said: string): string => said.replaceAll("\0", "").slice(0, 250);
