import "server-only";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { desc, eq, sql } from "drizzle-orm";
import { models, riskAssessments } from "@/db/schema/models";
import { tierOverrides } from "@/db/schema/risk";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { takeAssessment } from "@/lib/readiness/assess";
import { modelSubject } from "@/lib/readiness/subject";
import { openOverride } from "./effective";
import { methodInForce } from "./method";
import { contextOf } from "./rescore";
import { AssessRisk, mayAssessRisk } from "./risk";
import { tierOf } from "./tier";

export const assessRisk = command({
  name: "risk.assessed",
  title: "Answer the risk questions",
  http: { method: "POST", path: "/models/{name}/risk", status: 201 },
  input: AssessRisk,
  load: (tx, input, actor) => modelSubject(tx, input.name, actor),
  may: mayAssessRisk,
  run: async (tx, { input, subject: model, actor, now }) => {
    const { answers, legalClass, legal } = input;
    const { questionnaire, scoring } = await methodInForce(tx);
    const rated = tierOf(answers, legalClass, legal, scoring);
    const content = {
      v: "countersign/risk/v1",
      model: model.id,
      method: questionnaire.method,
      questionnaire: questionnaire.digest,
      answers,
      legalClass,
      legal,
      score: rated.score,
      tier: rated.tier,
      blocked: rated.blocked,
      provisional: rated.provisional,
    };
    const digest = createHash("sha256")
      .update(canonicalize(content) ?? "")
      .digest("hex");
    const [before] = await tx
      .select({ digest: riskAssessments.digest, tier: riskAssessments.tier })
      .from(riskAssessments)
      .where(eq(riskAssessments.modelId, model.id))
      .orderBy(desc(riskAssessments.answeredAt), desc(riskAssessments.id))
      .limit(1);
    const id = newId();
    const { rows: here } = await tx.execute<{ context: Record<string, unknown> }>(
      sql`select ${contextOf} as context from model m where m.id = ${model.id}`,
    );
    // New answers are a new judgement: what the second line set over the old ones ends, and is said.
    const override = await openOverride(tx, model.id);
    if (override)
      await tx
        .update(tierOverrides)
        .set({ endedAt: now, endedWhy: "answered_again" })
        .where(eq(tierOverrides.id, override.id));
    await tx.insert(riskAssessments).values({
      id,
      modelId: model.id,
      methodVersion: questionnaire.method,
      answers,
      score: rated.score,
      tier: rated.tier,
      blocked: rated.blocked,
      provisional: rated.provisional,
      drivers: [...rated.drivers],
      legalClass,
      legal,
      digest,
      answeredBy: actor.id,
      answeredAt: now,
      answersAt: now,
      context: here[0]?.context ?? {},
      driver: rated.driver,
    });
    await tx
      .update(models)
      .set({
        tier: rated.tier,
        tierProvisional: rated.provisional,
        tierDriver: rated.driver,
        legalClass,
        riskAssessmentId: id,
        rescoreSince: null,
        rescoreWhy: [],
        updatedAt: now,
        revision: sql`${models.revision} + 1`,
      })
      .where(eq(models.id, model.id));
    const readiness = await takeAssessment(tx, model.id, null, now);
    const moved =
      before && before.tier !== rated.tier ? ` (was ${before.tier ? `tier ${before.tier}` : "blocked"})` : "";
    return {
      result: { id, digest, ...rated, readiness: { digest: readiness.digest, counts: readiness.counts } },
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: rated.blocked
          ? `answered the risk questions for ${model.name}: a prohibited use, blocked${moved}`
          : `answered the risk questions for ${model.name}: ${rated.provisional ? "provisional " : ""}tier ${rated.tier}, driven by ${rated.driver}${moved}${override ? `; the override by ${override.byName} ends` : ""}`,
        body: {
          ...content,
          id,
          digest,
          model: model.name,
          floors: rated.floors,
          drivers: rated.drivers,
          endedOverride: override?.id ?? null,
          readiness: { digest: readiness.digest, counts: readiness.counts },
        },
      },
    };
  },
});
