import { randomUUID } from "node:crypto";
import pg from "pg";

type Answer = [status: number, body: unknown];

export type Warehouse = {
  /** Answers the Statement Execution API. */
  answer: (method: string, path: string, text: string) => Promise<Answer>;
  /** Runs SQL on the database behind it, to fill it. */
  fill: (statement: string) => Promise<void>;
  /** Rows in a chunk. */
  chunkRows: number;
  /** Polls that a statement stays PENDING for. */
  pendingFor: number;
  /** Statements that were cancelled. */
  cancelled: string[];
  stop: () => Promise<void>;
};

type Result = {
  columns: { name: string; type_name: string; position: number }[];
  rows: (string | null)[][];
  error: string | null;
};

const types: Readonly<Record<number, string>> = {
  16: "BOOLEAN",
  20: "LONG",
  23: "INT",
  701: "DOUBLE",
  1082: "DATE",
  1114: "TIMESTAMP",
  1184: "TIMESTAMP",
  1700: "DECIMAL",
};

/**
 * The Statement Execution API in front of a real PostgreSQL: what a statement answers is what a database answers, not what a test
 * wrote down. Catalog `system` is left out of names; named parameters become positions.
 */
export async function warehouse(url: string): Promise<Warehouse> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // Text as it is: every value of a JSON_ARRAY result is a string.
  const raw = { getTypeParser: () => (value: string) => value };
  const running = new Map<string, { result: Result; polls: number }>();

  const run = async (text: string): Promise<Result> => {
    const asked = JSON.parse(text);
    const names: string[] = [];
    const statement = String(asked.statement)
      .replaceAll("system.", "")
      .replace(/(?<!:):([a-z_]+)/g, (_, name: string) => {
        if (!names.includes(name)) names.push(name);
        return `$${names.indexOf(name) + 1}`;
      });
    const values = names.map((name) => asked.parameters.find((p: { name: string }) => p.name === name)?.value ?? null);
    try {
      const { fields, rows } = await pool.query({ text: statement, values, rowMode: "array", types: raw as never });
      return {
        columns: fields.map((f, position) => ({ name: f.name, type_name: types[f.dataTypeID] ?? "STRING", position })),
        rows: rows.slice(0, asked.row_limit),
        error: null,
      };
    } catch (error) {
      return { columns: [], rows: [], error: error instanceof Error ? error.message : String(error) };
    }
  };

  const told = (id: string, state: string): Answer => {
    const held = running.get(id);
    if (!held) return [404, { error_code: "NOT_FOUND", message: `statement ${id}` }];
    const { columns, rows, error } = held.result;
    if (state !== "SUCCEEDED") return [200, { statement_id: id, status: { state } }];
    if (error)
      return [
        200,
        {
          statement_id: id,
          status: {
            state: "FAILED",
            error: {
              error_code: "BAD_REQUEST",
              message: /does not exist/.test(error) ? `[TABLE_OR_VIEW_NOT_FOUND] ${error}` : error,
            },
          },
        },
      ];
    return [
      200,
      {
        statement_id: id,
        status: { state },
        manifest: {
          format: "JSON_ARRAY",
          schema: { column_count: columns.length, columns },
          total_row_count: rows.length,
          truncated: false,
        },
        result: chunk(rows, 0),
      },
    ];
  };

  const chunk = (rows: Result["rows"], index: number) => {
    const from = index * house.chunkRows;
    return {
      chunk_index: index,
      row_offset: from,
      data_array: rows.slice(from, from + house.chunkRows),
      ...(from + house.chunkRows < rows.length ? { next_chunk_index: index + 1 } : {}),
    };
  };

  const house: Warehouse = {
    chunkRows: 1000,
    pendingFor: 0,
    cancelled: [],
    fill: async (statement) => void (await pool.query(statement)),
    stop: () => pool.end(),
    answer: async (method, path, text) => {
      const [, id = "", rest = ""] = /^\/api\/2\.0\/sql\/statements(?:\/([^/]+))?(.*)$/.exec(path) ?? [];
      if (method === "POST" && id === "") {
        const made = randomUUID();
        running.set(made, { result: await run(text), polls: 0 });
        return told(made, house.pendingFor > 0 ? "PENDING" : "SUCCEEDED");
      }
      const held = running.get(id);
      if (!held) return told(id, "SUCCEEDED");
      if (method === "POST" && rest === "/cancel") {
        house.cancelled.push(id);
        return [200, {}];
      }
      const part = /^\/result\/chunks\/(\d+)$/.exec(rest)?.[1];
      if (part) return [200, chunk(held.result.rows, Number(part))];
      held.polls += 1;
      return told(id, held.polls >= house.pendingFor ? "SUCCEEDED" : "RUNNING");
    },
  };
  return house;
}
