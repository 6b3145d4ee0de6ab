export type Cell = string | number | boolean | null | undefined;

/** RFC 4180 field. A leading =, +, - or @ is defused, so that a spreadsheet reads text and runs nothing. */
function field(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  const text = typeof cell === "string" && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (cells: readonly Cell[]): string => `${cells.map(field).join(",")}\r\n`;

const headers = (name: string) => ({
  "content-type": "text/csv; charset=utf-8",
  "content-disposition": `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}"`,
  "cache-control": "no-store",
});

/** A CSV download of rows that are in memory. */
export function csvResponse(name: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Response {
  return new Response(csvLine(head) + rows.map(csvLine).join(""), { headers: headers(name) });
}

/** A CSV download that is fetched page by page, so that its size does not matter. */
export function csvStream(
  name: string,
  head: readonly string[],
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
): Response {
  const encoder = new TextEncoder();
  const iterator = pages[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(csvLine(head))),
    pull: async (controller) => {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value.map(csvLine).join("")));
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
  return new Response(body, { headers: headers(name) });
}

/**
 * Rows of a keyset-paged list, page by page. The first page was read before the answer begins, so that a refused filter is an
 * error and not an empty file.
 */
export async function* csvPages<P extends { next: string | null }>(
  first: P,
  next: (after: string) => Promise<P>,
  rowsOf: (page: P) => readonly (readonly Cell[])[],
): AsyncGenerator<readonly (readonly Cell[])[]> {
  for (let page = first; ; page = await next(page.next)) {
    yield rowsOf(page);
    if (page.next === null) return;
  }
}
