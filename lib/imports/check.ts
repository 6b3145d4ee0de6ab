import "server-only";
import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { modelImports } from "@/db/schema/imports";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { decodeText } from "./decode";
import { type Fate, fates, mayImport } from "./import";
import { type Planned, planRows } from "./plan";
import { fileRows } from "./rows";

const input = z.strictObject({
  fileName: z.string().trim().min(1).max(255, "The file's name has at most 255 characters."),
  bytes: z.instanceof(Uint8Array),
});

export const countsOf = (rows: readonly { fate: Fate }[]): Record<Fate, number> => {
  const counts = { create: 0, update: 0, unchanged: 0, refused: 0 };
  for (const { fate } of rows) counts[fate] += 1;
  return counts;
};

export const storedRows = (rows: readonly Planned[]): string =>
  JSON.stringify(
    rows.map(({ line, name, fate, changes, faults }) => ({
      line,
      // A name that the database could not hold is refused already; what is shown of it is what can be.
      name: name.replaceAll("\0", "").toWellFormed(),
      fate,
      changes,
      faults,
    })),
  );

/** The dry run: says what each row of a file would do, keeps file and answer, and changes no model. */
export const checkImport = command({
  name: "models.import.checked",
  title: "Check a file of models",
  http: null,
  input,
  load: async () => null,
  may: (actor) => mayImport(actor),
  run: async (tx, { input: { fileName, bytes }, actor, now }) => {
    const { text, encoding } = decodeText(bytes);
    const { rows, passedOver } = fileRows(text);
    const planned = await planRows(tx, rows, actor);
    const counts = countsOf(planned);
    const id = newId();
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await tx.insert(modelImports).values({
      id,
      fileName,
      sha256,
      size: bytes.length,
      encoding,
      content: Buffer.from(text),
      counts,
      state: "checked",
      createdBy: actor.id,
      createdByName: actor.name,
      createdAt: now,
    });
    await tx.execute(sql`
      insert into model_import_row (import_id, line, name, fate, changes, faults)
      select ${id}::uuid, r.line, r.name, r.fate, r.changes, r.faults
      from jsonb_to_recordset(${storedRows(planned)}::jsonb) r (line int, name text, fate text, changes jsonb, faults jsonb)`);
    return {
      result: { id, fileName, encoding, counts, passedOver },
      entry: {
        subject: { kind: "import", id, ref: fileName },
        summary: `checked ${fileName}: ${fates.map((f) => `${counts[f]} ${words[f]}`).join(", ")}`,
        body: { fileName, sha256, size: bytes.length, encoding, counts, passedOver },
      },
    };
  },
});

const words: Record<Fate, string> = {
  create: "to create",
  update: "to update",
  unchanged: "unchanged",
  refused: "refused",
};
