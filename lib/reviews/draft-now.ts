import "server-only";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { adrs } from "@/db/schema/decisions";
import { query } from "@/lib/core/query";
import { entriesFor } from "@/lib/log/queries";
import { reviewNamed } from "./load";
import type { DraftText } from "./merge";
import { ReviewRef } from "./review";
import { mayEdit } from "./rules";

/** The draft as it was last saved, and by whom; null to someone who may not edit it, or when it is no draft any more. */
export const draftNow = query({
  name: "review.draft.read",
  title: "Read a draft as it was last saved",
  http: null,
  input: z.strictObject({ ref: ReviewRef }),
  async run(read, { ref }, actor): Promise<{ revision: number; draft: DraftText; by: string; at: string } | null> {
    const review = await reviewNamed(read, ref);
    if (!mayEdit(actor, review).ok) return null;
    const { row } = review;
    const [[adr], entries] = await Promise.all([
      row.adrId ? read.select({ ref: adrs.ref }).from(adrs).where(eq(adrs.id, row.adrId)) : [],
      entriesFor(read, { subject: { kind: "review", id: row.id }, limit: 20 }),
    ]);
    const last = entries.find((e) => e.name === "review.draft.saved");
    return {
      revision: row.revision,
      draft: { title: row.title, adr: adr?.ref ?? null, submission: row.submission },
      by: last?.actor.name ?? "Someone else",
      at: row.updatedAt.toISOString(),
    };
  },
});
