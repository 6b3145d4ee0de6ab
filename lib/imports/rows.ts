import { Refusal } from "@/lib/core/refusal";
import { derivedColumns, type ImportColumn, importColumns, maxImportRows } from "./import";
import { parseCsv } from "./parse-csv";

/** A row of the file: its cells by column; a column that the file lacks is missing, an empty cell is "". */
export type FileRow = { line: number; cells: Partial<Record<ImportColumn, string>>; fault: string | null };

const isColumn = (name: string): name is ImportColumn => importColumns.some((c) => c === name);

/** What an export put before a cell that a spreadsheet would have run as a formula is taken off again. */
const plain = (cell: string): string => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell).trim();

const bad = (message: string): Refusal => new Refusal("invalid", message, [{ field: "file", message }]);

/** The rows of a file of models. The header says which column is which; a header that nobody knows is refused, not passed over. */
export function fileRows(text: string): { rows: FileRow[]; passedOver: string[] } {
  const { records } = parseCsv(text);
  const [head, ...body] = records;
  if (!head)
    throw bad("The file is empty. Its first line names the columns: name, business_unit, kind, serving, platform.");
  const names = head.cells.map((c) => c.trim().toLowerCase().replaceAll(/[ -]+/g, "_"));
  const unknown = names.filter((n) => !isColumn(n) && !derivedColumns.some((d) => d === n));
  if (unknown.length > 0)
    throw bad(
      `The header has ${unknown
        .slice(0, 5)
        .map((n) => `"${n.slice(0, 40)}"`)
        .join(", ")}, which is no column of models. Known are ${importColumns.join(", ")}.`,
    );
  const twice = names.find((n, i) => names.indexOf(n) !== i);
  if (twice) throw bad(`The header names ${twice} twice. Keep one of the two.`);
  if (!names.includes("name")) throw bad("The header has no column name. Every row needs the name of its model.");
  if (body.length > maxImportRows)
    throw bad(`The file has ${body.length} rows; at most ${maxImportRows} fit in one import. Split it.`);
  const rows = body.map(({ line, cells }): FileRow => {
    const out: Partial<Record<ImportColumn, string>> = {};
    for (const [i, name] of names.entries()) if (isColumn(name)) out[name] = plain(cells[i] ?? "");
    const fault =
      cells.length > names.length
        ? `The row has ${cells.length} cells, the header ${names.length}. Put quotes around text that holds the separator.`
        : null;
    return { line, cells: out, fault };
  });
  return { rows, passedOver: names.filter((n) => !isColumn(n)) };
}
