import "server-only";
import { and, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { waiverAcceptances, waivers } from "@/db/schema/facts";
import { compileCheck } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import type { Actor } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { isUuid, newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { takeAssessment } from "./assess";
import { mayAttest } from "./readiness";
import { type Asked, mayAccept, mayEnd, needsInWords, partFor, residualRisk } from "./risk-acceptance";
import { checklistItem, modelSubject } from "./subject";
import { insistAcceptable, insistOnTerm } from "./terms";
import { DecideWaiver, EndWaiver, RequestWaiver, waiverState } from "./waiver";
import { standingOf } from "./waiver-standing";

const dayMs = 86_400_000;

export const requestWaiver = command({
  name: "readiness.waiver.requested",
  title: "Ask for a waiver of a readiness item",
  http: { method: "POST", path: "/models/{name}/waivers", status: 201 },
  input: RequestWaiver,
  load: (tx, input, actor) => modelSubject(tx, input.name, actor),
  may: mayAttest,
  run: async (tx, { input, subject: model, actor, now }) => {
    const { item } = checklistItem(input.item);
    if (!item.waivable)
      throw new Refusal(
        "forbidden",
        `${item.id} cannot be waived: ${item.title.toLowerCase()} is not open to risk acceptance.`,
      );
    if (await prohibited(tx, model.id))
      throw new Refusal("forbidden", `${model.name} is a prohibited use. Nothing about it can be waived.`);
    const tier = model.tier ?? 1;
    const expiresAt = insistOnTerm("waiver", input.expiresOn, tier, now);
    for (const [i, source] of input.compensationChecks.entries()) insistOnCheck(source, i);
    const [running] = await tx
      .select({ ref: waivers.ref })
      .from(waivers)
      .where(
        and(
          eq(waivers.modelId, model.id),
          eq(waivers.itemId, item.id),
          isNull(waivers.acceptedAt),
          isNull(waivers.refusedAt),
          isNull(waivers.endedAt),
        ),
      );
    if (running) throw new Refusal("conflict", `${running.ref} already asks for this and waits for a decision.`);
    const level = residualRisk(input.likelihood, input.impact);
    const renewal = await earlierWaivers(tx, model.id, item.id, now);
    const needs = insistAcceptable(level, model.tier, renewal);
    const [row] = await tx
      .insert(waivers)
      .values({
        id: newId(),
        ref: await nextRef(tx, "wvr"),
        modelId: model.id,
        itemId: item.id,
        reason: input.reason,
        compensation: input.compensation,
        compensationChecks: input.compensationChecks,
        risk: { likelihood: input.likelihood, impact: input.impact, affected: input.affected, level },
        exitPlan: input.exitPlan,
        renewal,
        needs,
        requestedBy: actor.id,
        requestedAt: now,
        expiresAt,
      })
      .returning();
    if (!row) throw new Error("The waiver was not written.");
    return {
      result: { ref: row.ref, item: row.itemId, expiresAt: row.expiresAt, level, renewal, needs },
      entry: {
        subject: { kind: "waiver", id: row.id, ref: row.ref },
        modelId: model.id,
        summary: `asked for ${row.ref}, a waiver of ${item.id} for ${model.name} until ${input.expiresOn} at ${level} risk; ${needsInWords(needs)} decides`,
        body: { waiver: row, item: item.title },
      },
    };
  },
});

function insistOnCheck(source: string, index: number): void {
  const compiled = compileCheck(source, factsEnv);
  if (compiled.ok) return;
  const message = `Line ${compiled.line}, column ${compiled.column}: ${compiled.message}`;
  throw new Refusal("invalid", `compensationChecks: ${message}`, [{ field: `compensationChecks.${index}`, message }]);
}

async function prohibited(tx: Tx, modelId: string): Promise<boolean> {
  const { rows } = await tx.execute<{ blocked: boolean }>(
    sql`select blocked from risk_assessment where model_id = ${modelId} order by answered_at desc, id desc limit 1`,
  );
  return rows[0]?.blocked ?? false;
}

async function waiverSubject(tx: Tx, ref: string, actor: Actor) {
  const [row] = await tx
    .select()
    .from(waivers)
    .where(isUuid(ref) ? eq(waivers.id, ref) : eq(waivers.ref, ref.toUpperCase()));
  if (!row) throw new Refusal("not_found", `There is no waiver ${ref}.`);
  const model = await modelSubject(tx, row.modelId, actor);
  const given = await tx.select().from(waiverAcceptances).where(eq(waiverAcceptances.waiverId, row.id));
  const rules: Asked = {
    state: waiverState(row),
    requestedBy: row.requestedBy,
    needs: row.needs,
    given,
    model: await standingOf(tx, row.modelId),
  };
  return { row, model, rules };
}

export const decideWaiver = command({
  name: "readiness.waiver.decided",
  title: "Accept or refuse a waiver",
  http: { method: "POST", path: "/waivers/{ref}/decision" },
  input: DecideWaiver,
  load: (tx, { ref }, actor) => waiverSubject(tx, ref, actor),
  may: (actor, { rules }) => mayAccept(actor, rules),
  run: async (tx, { input, subject: { row: before, model, rules }, actor, now }) => {
    const accepted = input.outcome === "accepted";
    if (accepted && before.expiresAt <= now)
      throw new Refusal(
        "conflict",
        `The time asked for ended on ${dayOf(before.expiresAt)}. Refuse it; a new one can be asked for.`,
      );
    const mine = partFor(actor, rules);
    if (!mine) throw new Error("The rule let somebody decide who has no part in it.");
    // Locked, so that of two who decide at once one waits and finds it decided.
    const [row] = await tx
      .update(waivers)
      .set(accepted ? { warned: before.warned } : { refusedBy: actor.id, refusedAt: now })
      .where(
        and(eq(waivers.id, before.id), isNull(waivers.acceptedAt), isNull(waivers.refusedAt), isNull(waivers.endedAt)),
      )
      .returning();
    if (!row) throw new Refusal("conflict", "Someone else decided this waiver a moment ago.");
    let left = rules.needs.length;
    if (accepted) {
      await tx.insert(waiverAcceptances).values({
        id: newId(),
        waiverId: row.id,
        personId: actor.id,
        part: mine.part,
        authority: mine.authority,
        reason: input.reason,
        at: now,
      });
      const given = await tx
        .select({ part: waiverAcceptances.part, personId: waiverAcceptances.personId })
        .from(waiverAcceptances)
        .where(eq(waiverAcceptances.waiverId, row.id));
      left = row.needs.length - given.length;
      if (left === 0)
        await tx
          .update(waivers)
          .set({ acceptedBy: given.find((g) => g.part === 0)?.personId ?? actor.id, acceptedAt: now })
          .where(eq(waivers.id, row.id));
    }
    const open = rules.needs.filter((_, part) => part !== mine.part && !rules.given.some((g) => g.part === part));
    const partly = accepted && left > 0;
    const { digest, counts } = await takeAssessment(tx, model.id, null, now);
    return {
      result: { ref: row.ref, outcome: input.outcome, waitsFor: partly ? open : [], readiness: { digest, counts } },
      entry: {
        subject: { kind: "waiver", id: row.id, ref: row.ref },
        modelId: model.id,
        summary: `${input.outcome} ${row.ref}, a waiver of ${row.itemId} for ${model.name}${partly ? `, in part: ${needsInWords(open)} still decides` : ""}`,
        body: {
          waiver: row,
          outcome: input.outcome,
          reason: input.reason,
          authority: mine.authority,
          complete: !partly,
          readiness: { digest, counts },
        },
      },
    };
  },
});

export const endWaiver = command({
  name: "readiness.waiver.ended",
  title: "End a waiver before its time",
  http: { method: "POST", path: "/waivers/{ref}/end" },
  input: EndWaiver,
  load: (tx, { ref }, actor) => waiverSubject(tx, ref, actor),
  may: (actor, { rules }) => mayEnd(actor, rules),
  run: async (tx, { input, subject: { row: before, model }, actor, now }) => {
    const [row] = await tx
      .update(waivers)
      .set({ endedAt: now, endedBy: actor.id })
      .where(and(eq(waivers.id, before.id), isNull(waivers.refusedAt), isNull(waivers.endedAt)))
      .returning();
    if (!row) throw new Refusal("conflict", "Someone else ended or refused this waiver a moment ago.");
    const { digest, counts } = await takeAssessment(tx, model.id, null, now);
    return {
      result: { ref: row.ref, readiness: { digest, counts } },
      entry: {
        subject: { kind: "waiver", id: row.id, ref: row.ref },
        modelId: model.id,
        summary: row.acceptedAt
          ? `ended ${row.ref}, a waiver of ${row.itemId} for ${model.name}, before its time`
          : `took back ${row.ref}, the request for a waiver of ${row.itemId} for ${model.name}`,
        body: { waiver: row, reason: input.reason, readiness: { digest, counts } },
      },
    };
  },
});

/** How often the item was waived for the model in the year before, ended early or not. */
async function earlierWaivers(tx: Tx, modelId: string, item: string, now: Date): Promise<number> {
  const rows = await tx
    .select({ id: waivers.id })
    .from(waivers)
    .where(
      and(
        eq(waivers.modelId, modelId),
        eq(waivers.itemId, item),
        isNotNull(waivers.acceptedAt),
        gt(waivers.acceptedAt, new Date(now.getTime() - 365 * dayMs)),
      ),
    );
  return rows.length;
}
