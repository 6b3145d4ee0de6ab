import "server-only";
import { z } from "zod";
import { UpstreamFault } from "@/lib/connectors/fault";
import type { HttpClient } from "@/lib/connectors/http";

/** A named parameter of a statement; Databricks knows no positions. */
export type Param = { name: string; value: string | null; type?: "STRING" | "BIGINT" | "DATE" | "TIMESTAMP" };

const token = z.object({
  statement_id: z.string().min(1),
  status: z.object({
    state: z.enum(["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED", "CLOSED"]),
    error: z.looseObject({ error_code: z.string().nullish(), message: z.string().nullish() }).nullish(),
  }),
  manifest: z
    .looseObject({
      schema: z.looseObject({
        columns: z.array(z.looseObject({ name: z.string(), type_name: z.string() })).default([]),
      }),
      truncated: z.boolean().default(false),
    })
    .nullish(),
  result: z
    .looseObject({
      data_array: z.array(z.array(z.string().nullable())).nullish(),
      next_chunk_index: z.number().int().nullish(),
    })
    .nullish(),
});
const chunk = z.looseObject({
  data_array: z.array(z.array(z.string().nullable())).nullish(),
  next_chunk_index: z.number().int().nullish(),
});

export type StatementLimits = {
  /** From submitting to the last chunk, ms; a cold warehouse takes minutes to start. */
  budgetMs: number;
  /** First pause between polls; it doubles up to ten times that. */
  pollMs: number;
  /** Rows that one statement may bring home: what is more belongs into an aggregate. */
  maxRows: number;
};
export const statementLimits: StatementLimits = { budgetMs: 8 * 60_000, pollMs: 500, maxRows: 100_000 };

/** A row by column name; whole and real numbers as numbers, everything else as the text it comes as. */
export type Row = Record<string, string | number | boolean | null>;

const path = "/api/2.0/sql/statements";

/**
 * Runs a statement on a SQL warehouse through the Statement Execution API: submits, polls, reads every chunk. A statement that takes
 * longer than the budget is cancelled there, so that it costs no more. A truncated result is a fault, not an answer.
 */
export async function runStatement(
  http: HttpClient,
  {
    warehouse,
    statement,
    parameters,
    permission,
  }: { warehouse: string; statement: string; parameters: readonly Param[]; permission: string },
  limits: Partial<StatementLimits> = {},
): Promise<Row[]> {
  const within = { ...statementLimits, ...limits };
  const until = performance.now() + within.budgetMs;
  let answer = await http.json(
    {
      method: "POST",
      path,
      permission: `CAN USE on the SQL warehouse ${warehouse}`,
      body: {
        warehouse_id: warehouse,
        statement,
        parameters,
        wait_timeout: "10s",
        on_wait_timeout: "CONTINUE",
        disposition: "INLINE",
        format: "JSON_ARRAY",
        row_limit: within.maxRows,
        query_tags: [{ key: "application", value: "countersign" }],
      },
    },
    token,
  );
  const at = `${path}/${encodeURIComponent(answer.statement_id)}`;
  for (let pause = within.pollMs; !done(answer.status.state); pause = Math.min(pause * 2, within.pollMs * 10)) {
    if (performance.now() + pause > until) {
      await http.json({ method: "POST", path: `${at}/cancel`, body: {}, repeatable: true }, z.unknown());
      throw new UpstreamFault(
        "timeout",
        `The SQL warehouse ${warehouse} did not finish within ${Math.round(within.budgetMs / 1000)} s; the statement was cancelled. Is the warehouse too small, or starting?`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    answer = await http.json({ method: "GET", path: at }, token);
  }
  if (answer.status.state !== "SUCCEEDED") throw failed(warehouse, permission, answer.status);
  const columns = answer.manifest?.schema.columns ?? [];
  if (answer.manifest?.truncated)
    throw new UpstreamFault("too_large", `A statement brought more than ${within.maxRows} rows, which were cut off.`);
  const rows = (answer.result?.data_array ?? []).map((r) => rowOf(columns, r));
  let next = answer.result?.next_chunk_index ?? null;
  for (let last = 0; next !== null; ) {
    if (next <= last) throw new UpstreamFault("shape", "The SQL warehouse repeats a chunk, so its result has no end.");
    last = next;
    const part: z.output<typeof chunk> = await http.json({ method: "GET", path: `${at}/result/chunks/${next}` }, chunk);
    rows.push(...(part.data_array ?? []).map((r) => rowOf(columns, r)));
    next = part.next_chunk_index ?? null;
  }
  return rows;
}

const done = (state: string): boolean => state !== "PENDING" && state !== "RUNNING";

function failed(
  warehouse: string,
  permission: string,
  { state, error }: z.output<typeof token>["status"],
): UpstreamFault {
  const said = (error?.message ?? "").split("\n")[0]?.slice(0, 200) ?? "";
  const code = error?.error_code ?? null;
  const denied = /PERMISSION_DENIED|INSUFFICIENT_PERMISSIONS|TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND/.test(
    `${code} ${said}`,
  );
  return new UpstreamFault(
    denied ? "forbidden" : "rejected",
    denied
      ? `The statement may not read what it needs. Enable the system schema and grant ${permission}. It says: "${said}"`
      : `The SQL warehouse ${warehouse} ended the statement as ${state}. It says: "${said}"`,
    null,
    code,
    undefined,
    denied ? permission : null,
  );
}

/** Every value comes as text; the manifest says what it is. */
function rowOf(columns: readonly { name: string; type_name: string }[], values: readonly (string | null)[]): Row {
  return Object.fromEntries(
    columns.map(({ name, type_name }, i) => {
      const value = values[i] ?? null;
      if (value === null) return [name, null];
      // A decimal stays text: money is never a float.
      if (["BYTE", "SHORT", "INT", "FLOAT", "DOUBLE"].includes(type_name)) return [name, Number(value)];
      if (type_name === "LONG" && Number.isSafeInteger(Number(value))) return [name, Number(value)];
      return [name, type_name === "BOOLEAN" ? value === "true" : value];
    }),
  );
}
