import { and, eq } from "drizzle-orm";
import type { Db } from "@/db/client";
import { logEntries } from "@/db/schema/log";
import { proposeAdr } from "@/lib/decisions/write";
import { createDraft } from "@/lib/reviews/draft";
import type { Submission } from "@/lib/reviews/submission";
import { submitReview } from "@/lib/reviews/submit";
import { castVote } from "@/lib/reviews/vote";
import { testBoard } from "./board";
import { fullSubmission } from "./full-submission";
import { testKeys } from "./keys";

export const adrText = (title: string) => `# ${title}\n\n## Context\nc\n\n## Decision\nd\n\n## Confirmation\ne\n`;

/** Long enough to be recorded. */
export const rationale = "The evaluation holds and the rollback was tried.";

/** A board, and reviews before it. */
export async function testReviews(db: Db) {
  const keys = await testKeys(db);
  const board = await testBoard(db);
  const { as, ids } = board;

  /** A review of a model of its own, submitted by its owner with a decision record. */
  const submitted = async (set: { tier?: number; submission?: Submission } = {}) => {
    const model = await board.model({ tier: set.tier ?? 1 });
    const adr = await proposeAdr(as("owner"), { content: adrText(`For ${model.name}`), model: model.name });
    const draft = await createDraft(as("owner"), {
      model: model.name,
      title: "A review",
      adr: adr.ref,
      submission: fullSubmission(set.submission),
    });
    return { ...(await submitReview(as("owner"), { ref: draft.ref })), model, adr };
  };

  /** Four seats vote the same. */
  const voted = async (ref: string, choice = "approve", round = 1) => {
    for (const name of ["chair", "security", "risk", "architect"] as const)
      await castVote(as(name), { ref, round, choice, reason: choice === "reject" ? "not safe enough yet" : "" });
  };

  const condition = () => ({
    text: "Drill the rollback before release.",
    kind: "before_release",
    owner: ids.owner,
    dueOn: "2026-04-01",
  });

  const entriesOf = async (id: string, name: string) =>
    (
      await db
        .select()
        .from(logEntries)
        .where(and(eq(logEntries.subjectId, id), eq(logEntries.name, name)))
    ).length;

  return { ...board, keys, submitted, voted, condition, entriesOf };
}
export type Reviews = Awaited<ReturnType<typeof testReviews>>;
