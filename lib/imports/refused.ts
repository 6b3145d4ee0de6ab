import "server-only";
import { eq } from "drizzle-orm";
import { modelImports } from "@/db/schema/imports";
import type { Ctx } from "@/lib/core/command";
import { type Cell, csvStream } from "@/lib/http/csv";
import { importColumns } from "./import";
import { importGet } from "./queries";
import { fileRows } from "./rows";

/** The rows that were refused, as they came, with the reason beside each: to mend in a spreadsheet and bring again. */
export async function refusedCsv(ctx: Ctx, id: string): Promise<Response> {
  const first = await importGet(ctx, { import: id, fate: "refused" });
  const [file] = await ctx.db
    .select({ content: modelImports.content })
    .from(modelImports)
    .where(eq(modelImports.id, id));
  const came = new Map(fileRows(file?.content.toString("utf8") ?? "").rows.map((r) => [r.line, r.cells]));
  async function* pages(): AsyncGenerator<Cell[][]> {
    for (let page = first; ; page = await importGet(ctx, { import: id, fate: "refused", after: page.next })) {
      yield page.rows.map((row) => [
        row.line,
        row.faults.map((f) => (f.column ? `${f.column}: ${f.message}` : f.message)).join(" "),
        ...importColumns.map((column) => came.get(row.line)?.[column]?.slice(0, 5000)),
      ]);
      if (page.next === null) return;
    }
  }
  return csvStream(`refused-${first.fileName}`, ["line", "reason", ...importColumns], pages());
}
