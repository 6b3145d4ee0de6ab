import "server-only";
import { eq } from "drizzle-orm";
import { evidenceFiles } from "@/db/schema/facts";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { mayUpload, UploadEvidence } from "./evidence";

type EvidenceFile = typeof evidenceFiles.$inferSelect;

/** Records a file whose bytes are already in the blob store. The upload route is its only door. */
export const recordEvidence = command({
  name: "evidence.uploaded",
  title: "Add an evidence file",
  http: null,
  input: UploadEvidence,
  load: async (tx, { sha256 }) => {
    const [known] = await tx.select().from(evidenceFiles).where(eq(evidenceFiles.sha256, sha256));
    return known ?? null;
  },
  may: (actor) => mayUpload(actor),
  run: async (tx, { input, subject: known, actor, now }): Promise<Done<EvidenceFile> | Unchanged<EvidenceFile>> => {
    if (known) return { unchanged: known };
    const [file] = await tx
      .insert(evidenceFiles)
      .values({ ...input, uploadedBy: actor.id, uploadedAt: now })
      .returning();
    if (!file) throw new Error("The evidence file was not written.");
    return {
      result: file,
      entry: {
        subject: { kind: "evidence", id: file.sha256, ref: file.sha256.slice(0, 12) },
        summary: `added the evidence file ${file.name}`,
        body: { file },
      },
    };
  },
});
