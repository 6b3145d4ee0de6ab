import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { riskMethods } from "@/db/schema/risk";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { allRated } from "./calibration";
import { methodInForce, questionnaires } from "./method";
import { mayAdopt } from "./override-rules";
import { replay } from "./replay";
import { markDue } from "./rescore";
import { scoringOf } from "./scoring";
import { tierOf } from "./tier";

/**
 * Puts a version of the questionnaire in force and gives every model the tier that its answers have under it: one entry with the
 * matrix and every model that moved. A model under an override keeps it and is to be scored again.
 */
export const adoptMethod = command({
  name: "risk.method.adopted",
  title: "Put a version of the risk questionnaire in force",
  http: { method: "POST", path: "/risk/methods/{version}/adopt", status: 201 },
  input: z.strictObject({
    version: whole(z.number().int().min(1).max(10_000)),
    reason: z.string().trim().min(20, "Say why in at least 20 characters.").max(2000, "At most 2000 characters."),
  }),
  load: async () => null,
  may: mayAdopt,
  run: async (tx, { input, actor, now }) => {
    const target = questionnaires().find((q) => q.version === input.version);
    if (!target)
      throw new Refusal(
        "not_found",
        `content/questionnaire has no version ${input.version} of the risk questionnaire.`,
        [{ field: "version", message: "Not a version of content/questionnaire/model-risk." }],
      );
    // Two adoptions take turns, and no answer is recorded between the replay and the new tiers.
    await tx.execute(sql`lock table risk_method in exclusive mode`);
    const { questionnaire: before } = await methodInForce(tx);
    if (before.version === target.version)
      throw new Refusal("conflict", `Version ${target.version} is in force already.`);
    const scoring = scoringOf(target);
    const rated = await allRated(tx);
    const { matrix, all } = replay(rated, scoring);
    const byId = new Map(rated.map((r) => [r.id, r]));
    const moved = all.flatMap((m) => {
      const r = byId.get(m.id);
      if (m.from === m.to || !r) return [];
      const result = tierOf(r.answers, r.legalClass, r.legal, scoring);
      const { score, tier, blocked, provisional, driver, drivers } = result;
      return [
        {
          id: newId(),
          model: m.id,
          name: m.name,
          from: m.from,
          to: m.to,
          score,
          tier,
          blocked,
          provisional,
          driver,
          drivers,
        },
      ];
    });
    await tx.execute(sql`
      insert into risk_assessment (id, model_id, method_version, answers, score, tier, blocked, provisional, drivers, legal_class, legal,
        digest, answered_by, answered_at, context, answers_at, basis, driver)
      select x.id, x.model, ${target.method}, r.answers, x.score, x.tier, x.blocked, x.provisional, x.drivers, r.legal_class, r.legal,
        r.digest, ${actor.id}, ${now.toISOString()}::timestamptz, r.context, r.answers_at, 'method', x.driver
      from jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as x(id uuid, model uuid, score real, tier int, blocked boolean,
        provisional boolean, drivers jsonb, driver text)
      join model m on m.id = x.model join risk_assessment r on r.id = m.risk_assessment_id`);
    const { rows: overridden } = await tx.execute<{ id: string; name: string }>(sql`
      update model m set risk_assessment_id = x.id, tier = case when o.id is null then x.tier else m.tier end,
        tier_driver = case when o.id is null then x.driver else m.tier_driver end, tier_provisional = x.provisional,
        updated_at = ${now.toISOString()}::timestamptz, revision = m.revision + 1
      from jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as x(id uuid, model uuid, tier int, driver text, provisional boolean)
      left join tier_override o on o.model_id = x.model and o.ended_at is null
      where m.id = x.model returning case when o.id is null then null else m.id end as id, m.name`);
    await markDue(
      tx,
      overridden.filter((m) => m.id !== null).map((m) => ({ ...m, why: ["method"] })),
      now,
    );
    const id = newId();
    await tx.insert(riskMethods).values({
      id,
      version: target.version,
      digest: target.digest,
      method: target.method,
      reason: input.reason,
      moved: moved.length,
      matrix,
      adoptedBy: actor.id,
      adoptedByName: actor.name,
      adoptedAt: now,
    });
    return {
      result: { id, version: target.version, digest: target.digest, moved: moved.length, matrix },
      entry: {
        subject: { kind: "risk_method", id, ref: `model-risk v${target.version}` },
        concerns: moved.map((m) => m.model),
        summary: `put version ${target.version} of the risk questionnaire in force: ${moved.length} of ${rated.length} models change tier`,
        body: {
          version: target.version,
          digest: target.digest,
          before: { version: before.version, digest: before.digest },
          reason: input.reason,
          matrix,
          moved: moved.map(({ name, from, to, score }) => ({ name, from, to, score })),
        },
      },
      jobs: moved.slice(0, 5000).map((m) => ({
        name: "readiness.refresh",
        payload: { modelId: m.model },
        uniqueKey: `readiness.refresh ${m.model}`,
      })),
    };
  },
});
