import "server-only";
import { and, asc, desc, eq, gt } from "drizzle-orm";
import { z } from "zod";
import { modelImportRows, modelImports } from "@/db/schema/imports";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { importRowsInput, mayImport } from "./import";

const columns = {
  id: modelImports.id,
  fileName: modelImports.fileName,
  sha256: modelImports.sha256,
  size: modelImports.size,
  encoding: modelImports.encoding,
  counts: modelImports.counts,
  state: modelImports.state,
  createdBy: modelImports.createdBy,
  createdByName: modelImports.createdByName,
  createdAt: modelImports.createdAt,
  appliedAt: modelImports.appliedAt,
};

/** A dry run and its rows, line by line; `fate` keeps to those of one kind. Who made it reads it. */
export const importGet = query({
  name: "import.read",
  title: "Read an import and the fate of its rows",
  http: { method: "GET", path: "/imports/{import}" },
  input: importRowsInput,
  run: async (read, input, actor) => {
    insist(mayImport(actor));
    const [found] = await read
      .select(columns)
      .from(modelImports)
      .where(and(eq(modelImports.id, input.import), eq(modelImports.createdBy, actor.id)));
    if (!found) throw new Refusal("not_found", "There is no such dry run of yours. Upload the file to make one.");
    const rows = await read
      .select()
      .from(modelImportRows)
      .where(
        and(
          eq(modelImportRows.importId, found.id),
          input.fate ? eq(modelImportRows.fate, input.fate) : undefined,
          input.after === undefined ? undefined : gt(modelImportRows.line, input.after),
        ),
      )
      .orderBy(asc(modelImportRows.line))
      .limit(input.limit + 1);
    const page = rows.slice(0, input.limit).map(({ importId: _, ...row }) => row);
    return { ...found, rows: page, next: rows.length > input.limit ? (page.at(-1)?.line ?? null) : null };
  },
});

/** The reader's own imports, newest first. */
export const importList = query({
  name: "imports.listed",
  title: "List my imports",
  http: { method: "GET", path: "/imports" },
  input: z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(10) }),
  run: async (read, input, actor) => {
    insist(mayImport(actor));
    const items = await read
      .select(columns)
      .from(modelImports)
      .where(eq(modelImports.createdBy, actor.id))
      .orderBy(desc(modelImports.createdAt), desc(modelImports.id))
      .limit(input.limit);
    return { items };
  },
});
