import "server-only";
import { asc, eq } from "drizzle-orm";
import type { Reader, Tx } from "@/db/client";
import { evaluationScores, evaluations } from "@/db/schema/evaluations";
import { type Criteria, loadContent } from "@/lib/content/load";
import { Refusal } from "@/lib/core/refusal";

export type Evaluation = typeof evaluations.$inferSelect;

/** An evaluation, locked against another writer until the command ends. */
export async function lockedEvaluation(tx: Tx, ref: string): Promise<Evaluation> {
  const [row] = await tx.select().from(evaluations).where(eq(evaluations.ref, ref)).for("update");
  if (!row) throw new Refusal("not_found", `There is no evaluation ${ref}.`);
  return row;
}

export const scoresOf = (read: Reader, evaluationId: string) =>
  read
    .select()
    .from(evaluationScores)
    .where(eq(evaluationScores.evaluationId, evaluationId))
    .orderBy(asc(evaluationScores.option), asc(evaluationScores.criterion));

/** The criteria that an evaluation was begun with, whatever came after. */
export function criteriaOf(at: { criteriaId: string; criteriaVersion: number }): Criteria {
  const found = loadContent().criteria.find((c) => c.id === at.criteriaId && c.version === at.criteriaVersion);
  if (!found) throw new Error(`content/ lacks the criteria ${at.criteriaId} version ${at.criteriaVersion}`);
  return found;
}

/** Refuses names that are no criterion, all at once. `field` is where they stand in the input. */
export function insistKnown(at: Parameters<typeof criteriaOf>[0], ids: readonly string[], field: string): void {
  const known = criteriaOf(at).criteria.map((c) => c.id);
  const faults = ids
    .filter((id) => !known.includes(id))
    .map((id) => ({ field: `${field}.${id}`, message: `Is no criterion; there are ${known.join(", ")}.` }));
  const [first] = faults;
  if (first) throw new Refusal("invalid", `${first.field}: ${first.message}`, faults);
}
