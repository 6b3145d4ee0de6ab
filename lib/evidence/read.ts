import "server-only";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { evidenceFiles } from "@/db/schema/facts";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { mayReadEvidence } from "./evidence";

/** A read that is a command, because whoever opens evidence is part of the record. */
export const readEvidence = command({
  name: "evidence.read",
  title: "Open an evidence file",
  http: null,
  input: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/, "Give the file's SHA-256, 64 hex digits.") }),
  load: async (tx, { sha256 }) => {
    const [file] = await tx.select().from(evidenceFiles).where(eq(evidenceFiles.sha256, sha256));
    if (!file) throw new Refusal("not_found", "There is no evidence file with this digest.");
    return file;
  },
  may: (actor) => mayReadEvidence(actor),
  run: async (_tx, { subject: file }) => ({
    result: file,
    entry: {
      subject: { kind: "evidence", id: file.sha256, ref: file.sha256.slice(0, 12) },
      summary: `opened the evidence file ${file.name}`,
      body: { sha256: file.sha256, name: file.name },
    },
  }),
});
