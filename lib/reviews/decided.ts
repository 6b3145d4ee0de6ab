import "server-only";
import { desc, eq, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { decisionSignatures } from "@/db/schema/decision-signatures";
import { people } from "@/db/schema/org";
import { reviewDecisions } from "@/db/schema/reviews";
import { decidersIn } from "./decider";

/** The decisions on a review, the latest first, with who made them and who of those signed with a key of their own. */
export async function decisionsOf(read: Reader, reviewId: string) {
  const [made, signed] = await Promise.all([
    read
      .select({
        id: reviewDecisions.id,
        round: reviewDecisions.round,
        outcome: reviewDecisions.outcome,
        rationale: reviewDecisions.rationale,
        digest: reviewDecisions.digest,
        content: reviewDecisions.content,
        decidedBy: reviewDecisions.decidedBy,
        decider: people.name,
        decidedAt: reviewDecisions.decidedAt,
        validUntil: reviewDecisions.validUntil,
      })
      .from(reviewDecisions)
      .leftJoin(people, sql`${people.id}::text = ${reviewDecisions.decidedBy}`)
      .where(eq(reviewDecisions.reviewId, reviewId))
      .orderBy(desc(reviewDecisions.round)),
    signaturesOn(read, reviewId),
  ]);
  return made.map((d) => ({
    ...d,
    deciders: decidersIn(d.content),
    signatures: signed.filter((s) => s.decisionId === d.id),
  }));
}

const signaturesOn = (read: Reader, reviewId: string) =>
  read
    .select({
      decisionId: decisionSignatures.decisionId,
      personId: decisionSignatures.personId,
      name: people.name,
      signedAt: decisionSignatures.signedAt,
    })
    .from(decisionSignatures)
    .innerJoin(reviewDecisions, eq(reviewDecisions.id, decisionSignatures.decisionId))
    .innerJoin(people, eq(people.id, decisionSignatures.personId))
    .where(eq(reviewDecisions.reviewId, reviewId))
    .orderBy(decisionSignatures.signedAt);
