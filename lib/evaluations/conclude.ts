import "server-only";
import { and, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { adrs } from "@/db/schema/decisions";
import { evaluations } from "@/db/schema/evaluations";
import type { Actor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { inReach } from "@/lib/core/in-reach";
import { Refusal } from "@/lib/core/refusal";
import { Conclude, mayConclude } from "./evaluation";
import { lockedEvaluation, scoresOf } from "./find";
import { rankingOf } from "./queries";

/** Names the option that was taken, and freezes what it rested on. It may differ from the ranking; the reason then says why. */
export const concludeEvaluation = command({
  name: "evaluation.concluded",
  title: "Conclude an evaluation",
  http: { method: "POST", path: "/evaluations/{ref}/conclusion" },
  input: Conclude,
  load: async (tx, { ref, adr }, actor) => {
    const at = await lockedEvaluation(tx, ref);
    return { ...at, scores: await scoresOf(tx, at.id), adr: adr ? await seenAdr(tx, adr, actor) : null };
  },
  may: (actor, at) => mayConclude(actor, at),
  run: async (tx, { input: { ref, chosen, reason }, subject: at, actor, now }) => {
    const option = at.options.find((o) => o.key === chosen);
    if (!option)
      throw new Refusal("invalid", `chosen: ${ref} has no option ${chosen}.`, [
        { field: "chosen", message: "Is no option of this evaluation." },
      ]);
    const ranking = rankingOf(at, at.scores);
    const { rowCount } = await tx
      .update(evaluations)
      .set({
        status: "concluded",
        chosen,
        conclusion: reason,
        adrId: at.adr?.id ?? null,
        concludedAt: now,
        concludedByName: actor.name,
      })
      .where(and(eq(evaluations.id, at.id), eq(evaluations.status, "draft")));
    if (rowCount !== 1) throw new Refusal("conflict", `${ref} was concluded a moment ago. Reload the page.`);
    return {
      result: { ref, chosen, winner: ranking.winner, unknown: ranking.unknown },
      entry: {
        subject: { kind: "evaluation", id: at.id, ref },
        summary: `concluded ${ref} for ${option.name}${ranking.unknown > 0 ? `, with ${ranking.unknown} scores unknown` : ""}`,
        body: {
          chosen: option,
          reason,
          adr: at.adr?.ref ?? null,
          criteria: { id: at.criteriaId, version: at.criteriaVersion, digest: at.criteriaDigest },
          weights: at.weights,
          scores: at.scores.map(({ option: key, criterion, score, reason: why }) => ({
            option: key,
            criterion,
            score,
            reason: why,
          })),
          ranking,
        },
      },
    };
  },
});

async function seenAdr(tx: Tx, ref: string, actor: Actor): Promise<{ id: string; ref: string }> {
  const [adr] = await tx
    .select({ id: adrs.id, ref: adrs.ref })
    .from(adrs)
    .where(and(eq(adrs.ref, ref.toUpperCase()), inReach(actor, "decisions:read", adrs.businessUnitId)));
  if (!adr)
    throw new Refusal("invalid", `adr: there is no decision ${ref}.`, [
      { field: "adr", message: "There is no such decision." },
    ]);
  return adr;
}
