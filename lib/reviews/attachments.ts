import "server-only";
import { inArray } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { evidenceFiles } from "@/db/schema/facts";
import { Refusal } from "@/lib/core/refusal";
import type { Submission } from "./submission";

/**
 * The submission with its attachments as the store of evidence has them: a digest that was never uploaded is refused, and size and
 * type are the store's, whatever the caller says. The name is the author's.
 */
export async function withStored(read: Reader, submission: Submission): Promise<Submission> {
  const { attachments } = submission;
  if (!attachments || attachments.length === 0) return submission;
  const twice = attachments.findIndex((a, i) => attachments.findIndex((b) => b.sha256 === a.sha256) < i);
  if (twice >= 0)
    throw new Refusal("invalid", `${attachments[twice]?.name} is attached already.`, [
      { field: `submission.attachments.${twice}.sha256`, message: "The same file, attached before." },
    ]);
  const rows = await read
    .select({ sha256: evidenceFiles.sha256, size: evidenceFiles.size, mediaType: evidenceFiles.mediaType })
    .from(evidenceFiles)
    .where(
      inArray(
        evidenceFiles.sha256,
        attachments.map((a) => a.sha256),
      ),
    );
  const stored = new Map(rows.map((row) => [row.sha256, row]));
  return {
    ...submission,
    attachments: attachments.map((a, i) => {
      const file = stored.get(a.sha256);
      if (!file)
        throw new Refusal(
          "invalid",
          `${a.name}: no file with this digest was uploaded. Upload it first (POST /evidence).`,
          [{ field: `submission.attachments.${i}.sha256`, message: "Not in the store of evidence." }],
        );
      return { name: a.name, sha256: a.sha256, size: file.size, mediaType: file.mediaType };
    }),
  };
}
