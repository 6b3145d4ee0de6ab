import "server-only";
import { and, eq, gt, isNotNull, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { waivers } from "@/db/schema/facts";
import { type Actor, holds } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { command } from "@/lib/core/command";
import { isUuid, newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { takeAssessment } from "./assess";
import { maxWaiverDays, mayAttest, mayDecideWaiver, RequestWaiver } from "./readiness";
import { checklistItem, modelSubject } from "./subject";

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
    const tier = model.tier ?? 1;
    const latest = dayOf(new Date(now.getTime() + maxWaiverDays[tier] * 86_400_000));
    if (input.expiresOn > latest || input.expiresOn <= dayOf(now))
      throw new Refusal(
        "invalid",
        `expiresOn: In tier ${tier} a waiver lasts at most ${maxWaiverDays[tier]} days: until ${latest}.`,
        [{ field: "expiresOn", message: `Choose a day after today and at most ${latest}.` }],
      );
    const [running] = await tx
      .select({ ref: waivers.ref })
      .from(waivers)
      .where(
        and(
          eq(waivers.modelId, model.id),
          eq(waivers.itemId, item.id),
          isNull(waivers.acceptedAt),
          isNull(waivers.refusedAt),
        ),
      );
    if (running) throw new Refusal("conflict", `${running.ref} already asks for this and waits for a decision.`);
    const [row] = await tx
      .insert(waivers)
      .values({
        id: newId(),
        ref: await nextRef(tx, "wvr"),
        modelId: model.id,
        itemId: item.id,
        reason: input.reason,
        compensation: input.compensation,
        requestedBy: actor.id,
        requestedAt: now,
        expiresAt: new Date(`${input.expiresOn}T23:59:59Z`),
      })
      .returning();
    if (!row) throw new Error("The waiver was not written.");
    return {
      result: { ref: row.ref, item: row.itemId, expiresAt: row.expiresAt },
      entry: {
        subject: { kind: "waiver", id: row.id, ref: row.ref },
        modelId: model.id,
        summary: `asked for ${row.ref}, a waiver of ${item.id} for ${model.name} until ${input.expiresOn}`,
        body: { waiver: row, item: item.title },
      },
    };
  },
});

const Decide = z.strictObject({
  ref: z.string().trim().min(1).max(60),
  outcome: z.enum(["accepted", "refused"], "Choose accepted or refused."),
  reason: z.string().trim().min(10, "Say in at least 10 characters why.").max(2000, "At most 2000 characters."),
});

async function waiverSubject(tx: Tx, ref: string, actor: Actor) {
  const [row] = await tx
    .select()
    .from(waivers)
    .where(isUuid(ref) ? eq(waivers.id, ref) : eq(waivers.ref, ref.toUpperCase()));
  if (!row) throw new Refusal("not_found", `There is no waiver ${ref}.`);
  const state: "requested" | "accepted" | "refused" = row.acceptedAt
    ? "accepted"
    : row.refusedAt
      ? "refused"
      : "requested";
  return { row, state, requestedBy: row.requestedBy, model: await modelSubject(tx, row.modelId, actor) };
}

export const decideWaiver = command({
  name: "readiness.waiver.decided",
  title: "Accept or refuse a waiver",
  http: { method: "POST", path: "/waivers/{ref}/decision" },
  input: Decide,
  load: (tx, { ref }, actor) => waiverSubject(tx, ref, actor),
  may: (actor, subject) => mayDecideWaiver(actor, subject.model, subject),
  run: async (tx, { input, subject: { row: before, model }, actor, now }) => {
    if (input.outcome === "accepted" && before.expiresAt <= now)
      throw new Refusal(
        "conflict",
        `The time asked for ended on ${dayOf(before.expiresAt)}. Refuse it; a new one can be asked for.`,
      );
    const repeated = input.outcome === "accepted" ? await earlierWaivers(tx, model.id, before.itemId, now) : 0;
    // One renewal at the same level; the second goes one level up (governance.md section 6.4).
    if (repeated >= 2 && !holds(actor, "reviews:decide", model.businessUnitId))
      throw new Refusal(
        "forbidden",
        `${before.itemId} was waived ${repeated} times before; only the board chair can accept it again.`,
      );
    const [row] = await tx
      .update(waivers)
      .set(
        input.outcome === "accepted"
          ? { acceptedBy: actor.id, acceptedAt: now }
          : { refusedBy: actor.id, refusedAt: now },
      )
      .where(and(eq(waivers.id, before.id), isNull(waivers.acceptedAt), isNull(waivers.refusedAt)))
      .returning();
    if (!row) throw new Refusal("conflict", "Someone else decided this waiver a moment ago.");
    const { digest, counts } = await takeAssessment(tx, model.id, null, now);
    return {
      result: { ref: row.ref, outcome: input.outcome, readiness: { digest, counts } },
      entry: {
        subject: { kind: "waiver", id: row.id, ref: row.ref },
        modelId: model.id,
        summary: `${input.outcome} ${row.ref}, a waiver of ${row.itemId} for ${model.name}`,
        body: { waiver: row, outcome: input.outcome, reason: input.reason, readiness: { digest, counts } },
      },
    };
  },
});

async function earlierWaivers(tx: Tx, modelId: string, itemId: string, now: Date): Promise<number> {
  const year = new Date(now.getTime() - 365 * 86_400_000);
  const rows = await tx
    .select({ id: waivers.id })
    .from(waivers)
    .where(
      and(
        eq(waivers.modelId, modelId),
        eq(waivers.itemId, itemId),
        isNotNull(waivers.acceptedAt),
        gt(waivers.acceptedAt, year),
      ),
    );
  return rows.length;
}
