import { Refusal } from "@/lib/core/refusal";

/** A record of a CSV file and the line that it begins on. */
export type CsvRecord = { line: number; cells: string[] };

/** The sign between cells, by the header's line: comma, semicolon or tab, whichever there is most of outside quotes. */
function separatorOf(text: string): string {
  const counts = new Map([
    [",", 0],
    [";", 0],
    ["\t", 0],
  ]);
  let quoted = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    else if (!quoted && (c === "\n" || c === "\r")) break;
    else if (!quoted && counts.has(c)) counts.set(c, (counts.get(c) ?? 0) + 1);
  }
  const [best] = [...counts].sort((x, y) => y[1] - x[1]);
  return best?.[0] ?? ",";
}

/** RFC 4180 with any line end. Empty lines are passed over. A quote that is never closed is refused with its line. */
export function parseCsv(text: string): { separator: string; records: CsvRecord[] } {
  const separator = separatorOf(text);
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let start = 1;
  let line = 1;
  let i = 0;
  const end = (): void => {
    if (cells.length > 1 || cells[0] !== "") records.push({ line: start, cells });
    cells = [];
  };
  while (i <= text.length) {
    let cell = "";
    if (text[i] === '"') {
      const opened = line;
      i++;
      for (;;) {
        const close = text.indexOf('"', i);
        if (close < 0)
          throw new Refusal(
            "invalid",
            `Line ${opened} opens a quote that is never closed. Close it, or double it within text.`,
            [{ field: "file", message: `Unclosed quote on line ${opened}.` }],
          );
        const part = text.slice(i, close);
        cell += part;
        line += newlines(part);
        i = close + 1;
        if (text[i] !== '"') break;
        cell += '"';
        i++;
      }
    }
    // What stands after a closing quote belongs to the cell too, as spreadsheets read it.
    let to = i;
    while (to < text.length && text[to] !== separator && text[to] !== "\n" && text[to] !== "\r") to++;
    cell += text.slice(i, to);
    cells.push(cell);
    i = to;
    if (i >= text.length) {
      end();
      break;
    }
    if (text[i] === separator) {
      i++;
      continue;
    }
    i += text[i] === "\r" && text[i + 1] === "\n" ? 2 : 1;
    end();
    line++;
    start = line;
  }
  return { separator, records };
}

const newlines = (text: string): number => {
  let n = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) n++;
  return n;
};
