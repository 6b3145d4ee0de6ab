import "server-only";
import { eq, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { models } from "@/db/schema/models";
import { systemActor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { no, yes } from "@/lib/core/refusal";
import type { JobHandlers } from "@/lib/jobs/job";
import { evaluateGate } from "./gate";
import { releaseBy } from "./load";
import { showGate } from "./project";
import { releaseRef } from "./release";

type Turned = { ref: string; decision: "allow" | "deny" };

/** What lists show of a gate, brought up to date where time alone opened or closed it. */
export const turnGate = command({
  name: "gate.turned",
  title: "Notice that a gate opened or closed with time",
  http: null,
  input: z.strictObject({ release: releaseRef }),
  load: (tx, { release }) => releaseBy(tx, release),
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { subject, now }): Promise<Done<Turned> | Unchanged<Turned>> => {
    const { model, version, environment, modelId, ref } = subject;
    const [shown] = await tx.select({ decision: models.gateDecision }).from(models).where(eq(models.id, modelId));
    const answer = await evaluateGate(tx, { model, version, environment, digest: null }, now);
    const result = { ref, decision: answer.decision };
    if (shown?.decision === answer.decision) return { unchanged: result };
    await showGate(tx, modelId, environment, answer);
    const codes = [...new Set(answer.reasons.map((r) => r.code))];
    return {
      result,
      entry: {
        subject: { kind: "release", id: subject.id, ref },
        modelId,
        summary:
          answer.decision === "allow"
            ? `found that the gate lets ${model} ${version} into production now`
            : `found that the gate lets ${model} ${version} into production no more: ${answer.reasons[0]?.text ?? "no reason is known"}`,
        body: { from: shown?.decision ?? null, to: answer.decision, codes },
      },
    };
  },
});

const most = 2000;
/**
 * A run looks at what came to pass since the last one that ended, which may be long ago where the portal was down, and a little before
 * it; a gate that is shown right already is left alone. Of runs that are forgotten, or before the first, a day.
 */
const since = (now: string) =>
  sql`coalesce((select max(finished_at) - interval '10 minutes' from job where name = 'gate.turn' and state = 'done'), ${now}::timestamptz - interval '1 day')`;

/** Signatures and decisions run out, freezes begin and end without anybody doing anything; this is what notices. */
export const gateJobs: JobHandlers = {
  "gate.turn": async (ctx) => {
    const now = ctx.now().toISOString();
    const passed = (instant: SQL) => sql`${instant} > (select at from since) and ${instant} <= ${now}::timestamptz`;
    const { rows } = await ctx.db.execute<{ ref: string }>(sql`
      with since as (select ${since(now)} as at), moved as (select exists (select from release_freeze f where f.environment = 'prod' and (f.lifted_at is null and (
        (${passed(sql`f.starts_at`)}) or (${passed(sql`f.ends_at`)})) or (${passed(sql`f.lifted_at`)}) or (f.starts_at <= f.declared_at and ${passed(sql`f.declared_at`)}))) as any)
      select ref from (
        select distinct on (r.model_id) r.id, r.model_id, r.ref, r.requested_at from release r
        where r.environment = 'prod' and r.status in ('open', 'allowed') order by r.model_id, r.requested_at desc) r
      where (select "any" from moved)
        or exists (select from approval a where a.release_id = r.id and a.superseded_at is null and a.revoked_at is null and ${passed(sql`a.expires_at`)})
        or exists (select from review_model x join review_decision d on d.review_id = x.review_id and d.round = x.round
          where x.model_id = r.model_id and ${passed(sql`(d.valid_until + 1)::timestamp at time zone 'UTC'`)})
      order by requested_at limit ${most}`);
    for (const { ref } of rows) await turnGate({ ...ctx, actor: systemActor }, { release: ref });
  },
};
