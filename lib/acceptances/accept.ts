import "server-only";
import { and, count, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { riskAcceptances } from "@/db/schema/acceptances";
import { type Actor, holds } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { mayEnd, needsInWords, partFor, residualRisk } from "@/lib/readiness/risk-acceptance";
import { insistAcceptable, insistOnTerm } from "@/lib/readiness/terms";
import { lockedReview } from "@/lib/reviews/load";
import type { Tier } from "@/lib/risk/tier";
import {
  AskAcceptance,
  DecideAcceptance,
  EndAcceptance,
  type GivenPart,
  mayAskAcceptance,
  mayDecideAcceptance,
} from "./acceptance";
import { type Acceptance, acceptances } from "./read";

const about = (at: Pick<Acceptance, "id" | "ref" | "modelId">) => ({
  subject: { kind: "risk_acceptance", id: at.id, ref: at.ref },
  modelId: at.modelId,
});

const tiers: readonly Tier[] = [1, 2, 3, 4];
const tierOf = (given: number | null): Tier | null => tiers.find((t) => t === given) ?? null;

/** Asks that a risk of a submission be borne until a day; whose acceptance it takes follows from the matrix. */
export const askAcceptance = command({
  name: "risk_acceptance.requested",
  title: "Ask that a risk of a review be accepted",
  http: { method: "POST", path: "/reviews/{ref}/risk-acceptances", status: 201 },
  input: AskAcceptance,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayAskAcceptance,
  run: async (tx, { input, subject: review, actor, now }) => {
    const risks = review.row.submission.riskList ?? [];
    const named = risks.find((r) => r.risk?.trim() === input.risk);
    if (!named) {
      const message =
        risks.length === 0
          ? "Its submission lists no risk. Name the risk there first."
          : "It is none of the risks that the submission lists.";
      throw new Refusal("invalid", `risk: ${message}`, [{ field: "risk", message }]);
    }
    const tier = tierOf(review.tier);
    const expiresAt = insistOnTerm("risk acceptance", input.expiresOn, tier ?? 1, now);
    const [waits] = await tx
      .select({ ref: riskAcceptances.ref })
      .from(riskAcceptances)
      .where(
        and(
          eq(riskAcceptances.modelId, review.model.id),
          eq(riskAcceptances.risk, input.risk),
          isNull(riskAcceptances.acceptedAt),
          isNull(riskAcceptances.refusedAt),
          isNull(riskAcceptances.endedAt),
        ),
      );
    if (waits) throw new Refusal("conflict", `${waits.ref} already asks for this and waits for a decision.`);
    const level = residualRisk(input.likelihood, input.impact);
    const renewal = await earlier(tx, review.model.id, input.risk, now);
    const needs = insistAcceptable(level, tier, renewal);
    const row = {
      id: newId(),
      ref: await nextRef(tx, "rsk"),
      reviewId: review.id,
      modelId: review.model.id,
      risk: input.risk,
      treatment: named.treatment ?? "",
      riskOwner: named.owner ?? "",
      submissionDigest: review.row.submissionDigest,
      reason: input.reason,
      statement: { likelihood: input.likelihood, impact: input.impact, affected: input.affected, level },
      tier,
      renewal,
      needs,
      requestedBy: actor.id,
      requestedAt: now,
      expiresAt,
    };
    await tx.insert(riskAcceptances).values(row);
    return {
      result: { ref: row.ref, level, renewal, needs, expiresAt },
      entry: {
        ...about(row),
        summary: `asked for ${row.ref}: to accept a ${level} risk of ${review.ref} until ${input.expiresOn}; ${needsInWords(needs)} decides`,
        body: { ...row, review: review.ref, requestedAt: now.toISOString(), expiresAt: expiresAt.toISOString() },
      },
    };
  },
});

/** How often the same risk of the model was accepted in the year before. */
async function earlier(tx: Tx, modelId: string, risk: string, now: Date): Promise<number> {
  const [row] = await tx
    .select({ n: count() })
    .from(riskAcceptances)
    .where(
      and(
        eq(riskAcceptances.modelId, modelId),
        eq(riskAcceptances.risk, risk),
        isNotNull(riskAcceptances.acceptedAt),
        gt(riskAcceptances.acceptedAt, new Date(now.getTime() - 365 * 86_400_000)),
      ),
    );
  return row?.n ?? 0;
}

/** Locked, so that of two who decide at once one waits and finds it decided. */
async function locked(tx: Tx, ref: string, actor: Actor, now: Date): Promise<Acceptance> {
  await tx
    .select({ id: riskAcceptances.id })
    .from(riskAcceptances)
    .where(eq(riskAcceptances.ref, ref.toUpperCase()))
    .for("update");
  const [found] = await acceptances(tx, sql`x.ref = ${ref.toUpperCase()}`, now);
  // Absent and hidden look alike. A head or lead accepts by their place, without a role in the unit.
  if (!found || (!holds(actor, "reviews:read", found.unit) && !partFor(actor, found.rules)))
    throw new Refusal("not_found", `There is no risk acceptance ${ref}.`);
  return found;
}

export const decideAcceptance = command({
  name: "risk_acceptance.decided",
  title: "Accept or refuse a risk of a review",
  http: { method: "POST", path: "/risk-acceptances/{ref}/decision" },
  input: DecideAcceptance,
  load: (tx, { ref }, actor, now) => locked(tx, ref, actor, now),
  may: (actor, at) => mayDecideAcceptance(actor, at.rules),
  run: async (tx, { input, subject: at, actor, now }) => {
    const accepted = input.outcome === "accepted";
    if (accepted && new Date(at.expiresAt) <= now)
      throw new Refusal(
        "conflict",
        `The time asked for ended on ${dayOf(new Date(at.expiresAt))}. Refuse it; a new one can be asked for.`,
      );
    const mine = partFor(actor, at.rules);
    if (!mine) throw new Error("The rule let somebody decide who has no part in it.");
    const part: GivenPart = {
      ...mine,
      personId: actor.id,
      name: actor.name,
      reason: input.reason,
      at: now.toISOString(),
    };
    const given = accepted ? [...at.given, part] : at.given;
    const open = at.needs.filter((_, i) => !given.some((g) => g.part === i));
    const complete = accepted && open.length === 0;
    await tx
      .update(riskAcceptances)
      .set(
        accepted
          ? { given, ...(complete ? { acceptedAt: now } : {}) }
          : { refusedBy: actor.id, refusedAt: now, refusedReason: input.reason },
      )
      .where(eq(riskAcceptances.id, at.id));
    return {
      result: { ref: at.ref, outcome: input.outcome, waitsFor: accepted ? open : [] },
      entry: {
        ...about(at),
        summary: `${input.outcome} ${at.ref}, a ${at.statement.level} risk of ${at.review}${accepted && !complete ? `, in part: ${needsInWords(open)} still decides` : ""}`,
        body: {
          risk: at.risk,
          review: at.review,
          outcome: input.outcome,
          reason: input.reason,
          authority: mine.authority,
          expiresAt: at.expiresAt,
          complete,
        },
      },
    };
  },
});

export const endAcceptance = command({
  name: "risk_acceptance.ended",
  title: "End the acceptance of a risk before its time",
  http: { method: "POST", path: "/risk-acceptances/{ref}/end" },
  input: EndAcceptance,
  load: (tx, { ref }, actor, now) => locked(tx, ref, actor, now),
  may: (actor, at) => mayEnd(actor, at.rules, "risk acceptance"),
  run: async (tx, { input, subject: at, actor, now }) => {
    await tx.update(riskAcceptances).set({ endedBy: actor.id, endedAt: now }).where(eq(riskAcceptances.id, at.id));
    return {
      result: { ref: at.ref },
      entry: {
        ...about(at),
        summary:
          at.state === "accepted"
            ? `ended ${at.ref}, the acceptance of a risk of ${at.review}`
            : `took back ${at.ref}, the request to accept a risk of ${at.review}`,
        body: { risk: at.risk, review: at.review, reason: input.reason },
      },
    };
  },
});
