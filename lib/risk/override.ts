import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { models, riskAssessments } from "@/db/schema/models";
import { tierOverrides } from "@/db/schema/risk";
import type { Actor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { modelSubject } from "@/lib/readiness/subject";
import { applyTier, openOverride } from "./effective";
import { methodInForce } from "./method";
import { mayOverride, OverrideTier, overrideFault, overrideLongestDays } from "./override-rules";
import { tierOf } from "./tier";

async function subjectOf(tx: Reader, name: string, actor: Actor) {
  const model = await modelSubject(tx, name, actor);
  const [row] = await tx
    .select({ assessment: riskAssessments })
    .from(models)
    .innerJoin(riskAssessments, eq(riskAssessments.id, models.riskAssessmentId))
    .where(eq(models.id, model.id));
  return { ...model, assessment: row?.assessment ?? null, answeredBy: row?.assessment.answeredBy ?? null };
}

/** Sets a tier by hand, one step down at most and for a while, with a reason. */
export const overrideTier = command({
  name: "risk.tier.overridden",
  title: "Override a tier",
  http: { method: "POST", path: "/models/{name}/risk/override", status: 201 },
  input: OverrideTier,
  load: (tx, input, actor) => subjectOf(tx, input.name, actor),
  may: mayOverride,
  run: async (tx, { input, subject: model, actor, now }) => {
    const { assessment } = model;
    if (!assessment) throw new Refusal("conflict", `Nobody has answered the risk questions for ${model.name} yet.`);
    const { scoring } = await methodInForce(tx);
    const rated = tierOf(assessment.answers, assessment.legalClass, assessment.legal, scoring);
    const fault = overrideFault({ ...rated, tier: assessment.tier }, input.tier);
    if (fault) throw new Refusal("invalid", `tier: ${fault}`, [{ field: "tier", message: fault }]);
    const expiresAt = new Date(`${input.expiresOn}T00:00:00Z`);
    const days = (expiresAt.getTime() - now.getTime()) / 86_400_000;
    if (days <= 0 || days > overrideLongestDays) {
      const message = days <= 0 ? "Lies in the past." : "At most 12 months ahead.";
      throw new Refusal("invalid", `expiresOn: ${message}`, [{ field: "expiresOn", message }]);
    }
    if (await openOverride(tx, model.id))
      throw new Refusal("conflict", `The tier of ${model.name} is overridden already. Withdraw that override first.`);
    const id = newId();
    const from = assessment.tier ?? 1;
    await tx.insert(tierOverrides).values({
      id,
      modelId: model.id,
      fromTier: from,
      toTier: input.tier,
      reason: input.reason,
      byId: actor.id,
      byName: actor.name,
      at: now,
      expiresAt,
    });
    await applyTier(tx, model.id, now);
    return {
      result: { id, model: model.name, from, to: input.tier, expiresAt: expiresAt.toISOString() },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `overrode the tier of ${model.name}: ${input.tier} instead of ${from}, until ${input.expiresOn}`,
        body: {
          id,
          from,
          to: input.tier,
          reason: input.reason,
          expiresAt: expiresAt.toISOString(),
          score: rated.score,
        },
      },
    };
  },
});

/** Ends an override before its day; the tier is again what the answers give. */
export const withdrawOverride = command({
  name: "risk.override.withdrawn",
  title: "Withdraw a tier override",
  http: { method: "DELETE", path: "/models/{name}/risk/override" },
  input: z.strictObject({ name: z.string().trim().min(1).max(250) }),
  load: (tx, input, actor) => subjectOf(tx, input.name, actor),
  may: mayOverride,
  run: async (tx, { subject: model, now }) => {
    const [ended] = await tx
      .update(tierOverrides)
      .set({ endedAt: now, endedWhy: "withdrawn" })
      .where(and(eq(tierOverrides.modelId, model.id), isNull(tierOverrides.endedAt)))
      .returning();
    if (!ended) throw new Refusal("conflict", `No override stands for ${model.name}.`);
    const { tier } = await applyTier(tx, model.id, now);
    return {
      result: { model: model.name, tier },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `withdrew the override of ${model.name}: tier ${tier ?? "blocked"} again`,
        body: { override: ended.id, from: ended.toTier, to: tier },
      },
    };
  },
});
