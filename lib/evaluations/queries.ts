import "server-only";
import { and, count, desc, eq, inArray, lt } from "drizzle-orm";
import { adrs } from "@/db/schema/decisions";
import { evaluationScores, evaluations } from "@/db/schema/evaluations";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { FindEvaluations, mayRead, OneEvaluation, type Option, type Weights } from "./evaluation";
import { criteriaOf, scoresOf } from "./find";
import { type Ranking, rank } from "./ranking";

/** The ranking as the weights and scores are. */
export const rankingOf = (
  at: { weights: Weights; options: readonly Option[] },
  scores: readonly { option: string; criterion: string; score: number }[],
): Ranking =>
  rank(
    at.weights,
    at.options.map(({ key }) => ({
      key,
      scores: Object.fromEntries(scores.filter((s) => s.option === key).map((s) => [s.criterion, s.score])),
    })),
  );

const named = (options: readonly Option[], key: string | null): string | null =>
  options.find((o) => o.key === key)?.name ?? null;

/** Evaluations, newest first, each with who leads. */
export const listEvaluations = query({
  name: "evaluation.list",
  title: "List build-or-buy evaluations",
  http: { method: "GET", path: "/evaluations" },
  input: FindEvaluations,
  run: async (read, { status, after, limit }, actor) => {
    insist(mayRead(actor));
    const chosen = status ? eq(evaluations.status, status) : undefined;
    const [rows, [counted]] = await Promise.all([
      read
        .select()
        .from(evaluations)
        .where(and(chosen, after ? lt(evaluations.ref, after) : undefined))
        .orderBy(desc(evaluations.ref))
        .limit(limit + 1),
      read.select({ n: count() }).from(evaluations).where(chosen),
    ]);
    const page = rows.slice(0, limit);
    const scores =
      page.length === 0
        ? []
        : await read
            .select()
            .from(evaluationScores)
            .where(
              inArray(
                evaluationScores.evaluationId,
                page.map((e) => e.id),
              ),
            );
    return {
      items: page.map((e) => {
        const ranking = rankingOf(
          e,
          scores.filter((s) => s.evaluationId === e.id),
        );
        return {
          ref: e.ref,
          title: e.title,
          status: e.status,
          options: e.options.map((o) => o.name),
          leads: named(e.options, ranking.winner),
          unknown: ranking.unknown,
          chosen: named(e.options, e.chosen),
          openedAt: e.openedAt,
          openedBy: e.openedByName,
          concludedAt: e.concludedAt,
        };
      }),
      total: counted?.n ?? 0,
      next: rows.length > limit ? (page.at(-1)?.ref ?? null) : null,
    };
  },
});

/** One evaluation with its criteria, scores, ranking, and the change of weight that would turn the result. */
export const getEvaluation = query({
  name: "evaluation.get",
  title: "Read a build-or-buy evaluation",
  http: { method: "GET", path: "/evaluations/{ref}" },
  input: OneEvaluation,
  run: async (read, { ref }, actor) => {
    insist(mayRead(actor));
    const [found] = await read
      .select({ at: evaluations, adr: adrs.ref })
      .from(evaluations)
      .leftJoin(adrs, and(eq(adrs.id, evaluations.adrId), inReach(actor, "decisions:read", adrs.businessUnitId)))
      .where(eq(evaluations.ref, ref));
    if (!found) throw new Refusal("not_found", `There is no evaluation ${ref}.`);
    const { at, adr } = found;
    const scores = await scoresOf(read, at.id);
    const { criteria } = criteriaOf(at);
    const first = scores.reduce<Date | null>((min, s) => (min && min <= s.scoredAt ? min : s.scoredAt), null);
    return {
      ...at,
      adr,
      criteria: criteria.map((c) => ({ ...c, standard: c.weight, weight: at.weights[c.id] ?? 0 })),
      scores: scores.map(({ option, criterion, score, reason, scoredAt, scoredByName }) => ({
        option,
        criterion,
        score,
        reason,
        scoredAt,
        scoredBy: scoredByName,
      })),
      ranking: rankingOf(at, scores),
      /** Somebody weighed after having seen scores. Not forbidden, and not hidden. */
      weighedAfterScores: at.weighedAt !== null && first !== null && at.weighedAt > first,
    };
  },
});
