import "server-only";
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { conditions, escalations, reviews } from "@/db/schema/reviews";
import { type Calendar, localDay } from "@/lib/calendars/calendar";
import { calendarOfUnit } from "@/lib/calendars/find";
import { type Actor, systemActor } from "@/lib/core/actor";
import type { Day } from "@/lib/core/business-days";
import { type Ctx, command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, Refusal, type Verdict, yes } from "@/lib/core/refusal";
import { sayDay } from "@/lib/core/say-day";
import type { JobHandlers } from "@/lib/jobs/job";
import {
  AnswerDisagreement,
  type EscalationKind,
  type EscalationStep,
  mayAnswerDisagreement,
  mayRaiseDisagreement,
  passesToFastTrack,
  RaiseDisagreement,
  stepsDue,
  type Told,
  toldName,
} from "./escalation";
import { entrySubject, type LoadedReview, lockedReview, moveReview } from "./load";
import { promised } from "./promise";
import { ConditionRef, laneName, ReviewRef } from "./review";
import { peopleTold } from "./told";

const portalOnly = (actor: { kind: string }): Verdict =>
  actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.");

type Raised = { step: EscalationStep | null };
type Ladder = { kind: EscalationKind; reviewId: string; conditionId: string | null; since: Date };

const taken = (tx: Tx, ladder: Ladder) =>
  tx
    .select()
    .from(escalations)
    .where(
      and(
        eq(escalations.reviewId, ladder.reviewId),
        eq(escalations.kind, ladder.kind),
        ladder.conditionId ? eq(escalations.conditionId, ladder.conditionId) : isNull(escalations.conditionId),
        eq(escalations.since, ladder.since),
      ),
    )
    .orderBy(asc(escalations.raisedAt), asc(escalations.id));

/** The next step of a ladder that has come and was not taken; null when there is none. */
async function nextStep(
  tx: Tx,
  ladder: Ladder & { on: Day },
  now: Date,
  calendar: Calendar,
): Promise<{ id: EscalationStep; tells: Told } | null> {
  const done = new Set((await taken(tx, ladder)).map((e) => e.step));
  return stepsDue(ladder.kind, { at: ladder.since, on: ladder.on }, now, calendar).find((s) => !done.has(s.id)) ?? null;
}

async function takeStep(
  tx: Tx,
  ladder: Ladder,
  step: { id: EscalationStep; tells: Told },
  of: { modelId: string; unitId: string | null; apart: readonly string[]; text: string; raisedBy?: string; now: Date },
) {
  const { ids, vacant } = await peopleTold(tx, step.tells, of);
  const row = {
    id: newId(),
    ...ladder,
    modelId: of.modelId,
    step: step.id,
    raisedAt: of.now,
    told: ids,
    text: of.text,
    raisedBy: of.raisedBy ?? null,
  };
  await tx.insert(escalations).values(row);
  const whom = vacant ? `administrators, because nobody is ${toldName[step.tells]}` : toldName[step.tells];
  return {
    whom,
    body: {
      escalation: row.id,
      kind: ladder.kind,
      step: step.id,
      since: ladder.since.toISOString(),
      told: ids,
      vacant,
    },
  };
}

/**
 * Takes the next step when the board has missed its promise: tells the chair, then leadership, then the committee; a full-board
 * review of tier 3 or 4 passes to the fast track instead of the last (governance.md section 6.4).
 */
export const escalatePromise = command({
  name: "review.escalated",
  title: "Escalate a missed promise or a disagreement",
  http: null,
  input: z.strictObject({ ref: ReviewRef, kind: z.enum(["promise", "disagreement"]) }),
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: (actor) => portalOnly(actor),
  run: async (tx, { input, subject, now }): Promise<Done<Raised> | Unchanged<Raised>> => {
    const { row } = subject;
    const { calendar } = await calendarOfUnit(tx, subject.unitId);
    const open = input.kind === "promise" ? promiseOf(subject) : await disagreementOf(tx, subject, calendar);
    const step = open && (await nextStep(tx, open, now, calendar));
    if (!open || !step) return { unchanged: { step: null } };
    const toFastTrack = passesToFastTrack(step.id, subject);
    const promisedDay = row.promisedOn ? ` of ${sayDay(row.promisedOn)}` : "";
    const text =
      input.kind === "disagreement"
        ? open.text
        : toFastTrack
          ? "The board missed its promise by five business days: tiers 3 and 4 pass to the fast track."
          : `The board missed its promise${promisedDay}.`;
    const { whom, body } = await takeStep(tx, open.ladder, toFastTrack ? { ...step, tells: "chair" } : step, {
      modelId: subject.model.id,
      unitId: subject.unitId,
      apart: open.raisedBy ? [open.raisedBy] : [],
      text,
      ...(open.raisedBy ? { raisedBy: open.raisedBy } : {}),
      now,
    });
    if (toFastTrack) {
      const next = promised("fast_track", now, calendar);
      const reason = { rule: "promise_missed", text: "the board missed its promise by five business days" };
      await moveReview(
        tx,
        subject,
        {
          lane: "fast_track",
          laneReasons: [reason, ...row.laneReasons],
          promisedAt: next.at,
          promisedOn: next.on,
        },
        now,
        `${row.ref} was decided a moment ago.`,
      );
    }
    return {
      result: { step: step.id },
      entry: {
        ...entrySubject(subject),
        summary: toFastTrack
          ? `passed ${row.ref} from ${laneName.full_board.toLowerCase()} to ${laneName.fast_track.toLowerCase()}, its promise being missed by five business days`
          : `put ${row.ref} before ${whom}: ${input.kind === "promise" ? `the promise${promisedDay} is missed` : "a disagreement stands"}`,
        body: { ...body, passedToFastTrack: toFastTrack },
      },
    };
  },
});

type Open = Ladder & { on: Day; ladder: Ladder; text: string; raisedBy: string | null };

function promiseOf({ id, row, status }: LoadedReview): Open | null {
  if (status !== "in_review" || !row.promisedAt || !row.promisedOn) return null;
  const ladder: Ladder = { kind: "promise", reviewId: id, conditionId: null, since: row.promisedAt };
  return { ...ladder, ladder, on: row.promisedOn, text: "", raisedBy: null };
}

/** The disagreement on a review that nobody has settled; all that were told of it so far. */
export async function standingDisagreement(tx: Tx, reviewId: string) {
  const rows = await tx
    .select()
    .from(escalations)
    .where(
      and(eq(escalations.reviewId, reviewId), eq(escalations.kind, "disagreement"), isNull(escalations.answeredAt)),
    )
    .orderBy(asc(escalations.raisedAt));
  const [first] = rows;
  return first?.raisedBy
    ? {
        since: first.since,
        raisedBy: first.raisedBy,
        text: first.text,
        told: [...new Set(rows.flatMap((r) => r.told))],
      }
    : null;
}

async function disagreementOf(tx: Tx, review: LoadedReview, calendar: Calendar): Promise<Open | null> {
  const open = await standingDisagreement(tx, review.id);
  if (!open) return null;
  const ladder: Ladder = { kind: "disagreement", reviewId: review.id, conditionId: null, since: open.since };
  return { ...ladder, ladder, on: localDay(calendar, open.since), text: open.text, raisedBy: open.raisedBy };
}

/** Takes the next step when a condition is overdue; at 30 days the gate suspends the approval by itself. */
export const escalateCondition = command({
  name: "condition.escalated",
  title: "Escalate an overdue condition",
  http: null,
  input: z.strictObject({ ref: ConditionRef }),
  load: async (tx, { ref }) => {
    const [row] = await tx.select().from(conditions).where(eq(conditions.ref, ref.toUpperCase())).for("update");
    if (!row) throw new Refusal("not_found", `There is no condition ${ref}.`);
    return row;
  },
  may: (actor) => portalOnly(actor),
  run: async (tx, { subject: row, now }): Promise<Done<Raised> | Unchanged<Raised>> => {
    if (row.status !== "open" && row.status !== "answered") return { unchanged: { step: null } };
    const [unit] = (
      await tx.execute<{ id: string | null }>(sql`select business_unit_id as id from model where id = ${row.modelId}`)
    ).rows;
    const unitId = unit?.id ?? null;
    const { calendar } = await calendarOfUnit(tx, unitId);
    const ladder: Ladder = {
      kind: "condition",
      reviewId: row.reviewId,
      conditionId: row.id,
      since: new Date(`${row.dueOn}T00:00:00Z`),
    };
    const step = await nextStep(tx, { ...ladder, on: row.dueOn }, now, calendar);
    if (!step) return { unchanged: { step: null } };
    const suspended = step.id === "overdue_30";
    const text = `${row.ref} was due on ${row.dueOn}${suspended ? "; the approval is suspended for new releases until it is closed" : ""}.`;
    const { whom, body } = await takeStep(tx, ladder, step, {
      modelId: row.modelId,
      unitId,
      apart: [row.ownerId],
      text,
      now,
    });
    return {
      result: { step: step.id },
      entry: {
        subject: { kind: "condition", id: row.id, ref: row.ref },
        modelId: row.modelId,
        summary: `put ${row.ref} before ${whom}: it was due on ${row.dueOn}${suspended ? ", and suspends the approval" : ""}`,
        body: { ...body, dueOn: row.dueOn, suspended },
      },
    };
  },
});

/** Puts a disagreement before the chair; refuses while another stands. */
export async function openDisagreement(
  tx: Tx,
  review: LoadedReview,
  by: { actor: Actor; reason: string; now: Date },
): ReturnType<typeof takeStep> {
  if (await standingDisagreement(tx, review.id))
    throw new Refusal("conflict", `A disagreement stands on ${review.ref} already; it is settled first.`);
  const ladder: Ladder = { kind: "disagreement", reviewId: review.id, conditionId: null, since: by.now };
  const of = { modelId: review.model.id, unitId: review.unitId, apart: [by.actor.id], text: by.reason };
  return takeStep(tx, ladder, { id: "raised", tells: "chair" }, { ...of, raisedBy: by.actor.id, now: by.now });
}

/** Puts a disagreement before the chair, and, while nobody settles it, before those above. */
export const raiseDisagreement = command({
  name: "review.disagreement.raised",
  title: "Escalate a disagreement about a review",
  http: { method: "POST", path: "/reviews/{ref}/disagreement", status: 201 },
  input: RaiseDisagreement,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayRaiseDisagreement,
  run: async (tx, { input, subject, actor, now }) => {
    const { whom, body } = await openDisagreement(tx, subject, { actor, reason: input.reason, now });
    return {
      result: { ref: subject.ref },
      entry: {
        ...entrySubject(subject),
        summary: `put a disagreement on ${subject.ref} before ${whom}`,
        body: { ...body, reason: input.reason },
      },
    };
  },
});

/** Settles a disagreement in words that stay on the page. */
export const answerDisagreement = command({
  name: "review.disagreement.settled",
  title: "Settle a disagreement about a review",
  http: { method: "POST", path: "/reviews/{ref}/disagreement/answer" },
  input: AnswerDisagreement,
  load: async (tx, { ref }) => {
    const review = await lockedReview(tx, ref);
    return { ...review, disagreement: await standingDisagreement(tx, review.id) };
  },
  may: mayAnswerDisagreement,
  run: async (tx, { input, subject, actor, now }) => {
    await tx
      .update(escalations)
      .set({ answer: input.answer, answeredBy: actor.id, answeredAt: now })
      .where(
        and(eq(escalations.reviewId, subject.id), eq(escalations.kind, "disagreement"), isNull(escalations.answeredAt)),
      );
    return {
      result: { ref: subject.ref },
      entry: {
        ...entrySubject(subject),
        summary: `settled the disagreement on ${subject.ref}`,
        body: { answer: input.answer, raisedBy: subject.disagreement?.raisedBy ?? null },
      },
    };
  },
});

/** Looked at in one sweep; the rest waits for the next, the oldest first. */
const sweepSize = 500;

async function sweep(ctx: Ctx): Promise<void> {
  const asPortal = { ...ctx, actor: systemActor };
  const now = ctx.now();
  const missed = await ctx.db
    .select({ ref: reviews.ref })
    .from(reviews)
    .where(
      and(
        eq(reviews.status, "in_review"),
        sql`${reviews.promisedAt} < ${now.toISOString()}::timestamptz`,
        // Whose ladder has ended waits for people, not for the sweep.
        sql`not exists (select from escalation e where e.review_id = ${reviews.id} and e.kind = 'promise' and e.since = ${reviews.promisedAt} and e.step = 'missed_5')`,
      ),
    )
    .orderBy(asc(reviews.promisedAt))
    .limit(sweepSize);
  const disputed = await ctx.db
    .selectDistinct({ ref: reviews.ref })
    .from(escalations)
    .innerJoin(reviews, eq(reviews.id, escalations.reviewId))
    .where(and(eq(escalations.kind, "disagreement"), isNull(escalations.answeredAt)))
    .limit(sweepSize);
  const overdue = await ctx.db
    .select({ ref: conditions.ref })
    .from(conditions)
    .where(
      and(
        sql`${conditions.status} in ('open', 'answered')`,
        sql`not exists (select from escalation e where e.condition_id = ${conditions.id} and e.step = 'overdue_30'
          and e.since = ${conditions.dueOn}::timestamp at time zone 'UTC')`,
        // Somewhere on earth it is the next day already; the step itself asks the calendar.
        sql`${conditions.dueOn} <= (${now.toISOString()}::timestamptz + interval '14 hours')::date - 5`,
      ),
    )
    .orderBy(asc(conditions.dueOn))
    .limit(sweepSize);
  const climb = async (step: () => Promise<Raised>) => {
    while ((await step()).step !== null);
  };
  for (const { ref } of missed) await climb(() => escalatePromise(asPortal, { ref, kind: "promise" }));
  for (const { ref } of disputed) await climb(() => escalatePromise(asPortal, { ref, kind: "disagreement" }));
  for (const { ref } of overdue) await climb(() => escalateCondition(asPortal, { ref }));
}

export const escalationJobs: JobHandlers = { "reviews.escalate": sweep };
