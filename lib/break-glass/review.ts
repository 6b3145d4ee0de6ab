import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { breakGlasses } from "@/db/schema/break-glass";
import { localDay } from "@/lib/calendars/calendar";
import { calendarOfUnit } from "@/lib/calendars/find";
import { systemActor } from "@/lib/core/actor";
import { type Ctx, command, type Done, type Unchanged } from "@/lib/core/command";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { sayDay } from "@/lib/core/say-day";
import type { JobHandlers } from "@/lib/jobs/job";
import { toldName } from "@/lib/reviews/escalation";
import { peopleTold } from "@/lib/reviews/told";
import { GlassRef, mayReviewGlass, ReviewGlass, verdictName } from "./break-glass";
import { runOutGlass } from "./end";
import { aboutGlass, lockedGlass } from "./load";

/** A third person says afterwards what was right and what was not. */
export const reviewGlass = command({
  name: "break_glass.reviewed",
  title: "Look at a break-glass afterwards",
  http: { method: "POST", path: "/break-glass/{ref}/review" },
  input: ReviewGlass,
  load: (tx, { ref }, actor, now) => lockedGlass(tx, ref, actor, now),
  may: mayReviewGlass,
  run: async (tx, { input, subject, actor, now }) => {
    const incident = input.incident ? await incidentOf(tx, input.incident, subject.row.modelId) : null;
    const [done] = await tx
      .update(breakGlasses)
      .set({
        reviewedBy: actor.id,
        reviewedAt: now,
        verdict: input.verdict,
        findings: input.findings,
        followUp: input.followUp,
        incidentId: incident?.id ?? null,
      })
      .where(and(eq(breakGlasses.id, subject.id), isNull(breakGlasses.reviewedAt)))
      .returning({ id: breakGlasses.id });
    if (!done) throw new Refusal("conflict", `${subject.ref} was looked at a moment ago. Reload it.`);
    return {
      result: { ref: subject.ref, verdict: input.verdict, incident: incident?.ref ?? null },
      entry: {
        ...aboutGlass(subject.row),
        summary: `looked at ${subject.ref}: ${verdictName[input.verdict].toLowerCase()}`,
        body: {
          verdict: input.verdict,
          findings: input.findings,
          followUp: input.followUp,
          incident: incident?.ref ?? null,
          dueOn: subject.row.reviewDueOn,
        },
      },
    };
  },
});

/** An incident of the same model, by its own reference or its review's. */
async function incidentOf(tx: Tx, ref: string, modelId: string): Promise<{ id: string; ref: string }> {
  const { rows } = await tx.execute<{ id: string; ref: string }>(sql`
    select i.id, i.ref from incident i left join incident_review p on p.incident_id = i.id
    where ${ref.toUpperCase()} in (i.ref, p.ref) and i.model_id = ${modelId}::uuid`);
  if (rows[0]) return rows[0];
  throw new Refusal("invalid", `incident: this model has no incident ${ref}.`, [
    { field: "incident", message: "Not one of this model's." },
  ]);
}

type Escalated = { ref: string; told: number };

/** Once, on the first day after it was due: leadership hears that nobody has looked. */
export const escalateGlass = command({
  name: "break_glass.review.escalated",
  title: "Escalate an overdue look at a break-glass",
  http: null,
  input: z.strictObject({ ref: GlassRef }),
  load: (tx, { ref }, actor, now) => lockedGlass(tx, ref, actor, now),
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { subject, now }): Promise<Done<Escalated> | Unchanged<Escalated>> => {
    const { row } = subject;
    const { calendar } = await calendarOfUnit(tx, subject.businessUnitId);
    if (row.reviewedAt || row.escalatedAt || !row.reviewDueOn || localDay(calendar, now) <= row.reviewDueOn)
      return { unchanged: { ref: row.ref, told: 0 } };
    const { ids, vacant } = await peopleTold(tx, "committee", { unitId: subject.businessUnitId, apart: [] });
    await tx.update(breakGlasses).set({ escalatedAt: now, told: ids }).where(eq(breakGlasses.id, row.id));
    const whom = vacant ? `administrators, because nobody is ${toldName.committee}` : toldName.committee;
    return {
      result: { ref: row.ref, told: ids.length },
      entry: {
        ...aboutGlass(row),
        summary: `put ${row.ref} before ${whom}: nobody has looked at it by ${sayDay(row.reviewDueOn)}`,
        body: { dueOn: row.reviewDueOn, told: ids, vacant },
      },
    };
  },
});

/** What time does to them: those that ran out, and those that nobody looked at. */
export const glassJobs: JobHandlers = {
  "break_glass.watch": async (ctx) => {
    const system: Ctx = { ...ctx, actor: systemActor };
    const now = ctx.now();
    const { rows } = await ctx.db.execute<{ ref: string; over: boolean }>(sql`
      select ref, until <= ${now.toISOString()}::timestamptz and ended_at is null and ran_out_at is null as over from break_glass
      where confirmed_at is not null and reviewed_at is null or until <= ${now.toISOString()}::timestamptz and ended_at is null and ran_out_at is null
      order by confirmed_at limit 200`);
    for (const { ref, over } of rows) {
      if (over) await runOutGlass(system, { ref });
      await escalateGlass(system, { ref });
    }
  },
};
