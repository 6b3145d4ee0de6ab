import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { mayRead, seenModels } from "@/lib/models/visible";
import { methodInForce, questionnaires } from "./method";
import { drafted, type Rated, replay, tierKeys } from "./replay";
import { scoringOf } from "./scoring";

/** Every model that is not retired and has answers, by name; `seen` keeps them to what somebody may read. */
export async function allRated(read: Reader, seen: SQL = sql`true`): Promise<Rated[]> {
  const { rows } = await read.execute<Rated>(sql`
    select m.id, m.name, r.tier, r.answers, r.legal_class as "legalClass", r.legal
    from model m join risk_assessment r on r.id = m.risk_assessment_id
    where m.stage <> 'retired' and m.joined_to_id is null and ${seen} order by m.name`);
  return rows;
}

const points = whole(z.number().int().min(0, "From 0.").max(100, "At most 100.")).optional();

/**
 * What a weighting would make of the whole portfolio, before anybody adopts it: counts of models by the tier they have and the tier
 * they would have, and the models of one cell. Starts from a version of the questionnaire; numbers given replace its own.
 */
export const replayRisk = query({
  name: "risk.replayed",
  title: "Replay a weighting over all models",
  http: { method: "GET", path: "/risk/replay" },
  input: z.strictObject({
    /** Version of the questionnaire to start from; left out: the one in force. */
    version: whole(z.number().int().min(1).max(10_000)).optional(),
    /** Weights of the axes, taken as shares of their sum. */
    impact: points,
    reliance: points,
    complexity: points,
    /** Lowest scores of tiers 1 to 3. */
    t1: points,
    t2: points,
    t3: points,
    /** One cell of the matrix, whose models are listed. */
    from: z.enum(tierKeys as [(typeof tierKeys)[number], ...(typeof tierKeys)[number][]]).optional(),
    to: z.enum(tierKeys as [(typeof tierKeys)[number], ...(typeof tierKeys)[number][]]).optional(),
    /** Name after which the list goes on. */
    after: z.string().max(400).optional(),
    limit: whole(z.number().int().min(1).max(200)).default(50),
  }),
  run: async (read, { version, from, to, after, limit, ...draft }, actor) => {
    insist(mayRead(actor));
    const current = await methodInForce(read);
    const base = version === undefined ? current.questionnaire : questionnaires().find((q) => q.version === version);
    if (!base)
      throw new Refusal("invalid", `version: there is no version ${version} of the risk questionnaire.`, [
        {
          field: "version",
          message: `Not a version. There are ${questionnaires()
            .map((q) => q.version)
            .join(", ")}.`,
        },
      ]);
    const scoring = drafted(scoringOf(base), draft);
    const { "1": t1, "2": t2, "3": t3 } = scoring.thresholds;
    if (!(t1 > t2 && t2 > t3))
      throw new Refusal("invalid", "t2: the thresholds must fall from tier 1 to tier 3.", [
        { field: "t2", message: "Must lie below tier 1's and above tier 3's." },
      ]);
    const { matrix, all } = replay(await allRated(read, seenModels(actor)), scoring);
    const cell =
      from || to
        ? all.filter((m) => (!from || m.from === from) && (!to || m.to === to))
        : all.filter((m) => m.from !== m.to);
    const rest = after === undefined ? cell : cell.filter((m) => m.name > after);
    const page = rest.slice(0, limit);
    return {
      base: { version: base.version, digest: base.digest, method: base.method },
      inForce: {
        version: current.questionnaire.version,
        adoptedAt: current.adopted?.adoptedAt ?? null,
        adoptedBy: current.adopted?.adoptedByName ?? null,
      },
      versions: questionnaires().map((q) => ({ version: q.version, digest: q.digest, title: q.title })),
      scoring,
      total: all.length,
      moved: all.filter((m) => m.from !== m.to).length,
      matrix,
      rows: page,
      cell: cell.length,
      next: rest.length > limit ? (page.at(-1)?.name ?? null) : null,
    };
  },
});
