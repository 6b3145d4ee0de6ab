import "server-only";
import { count, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { incidentOutcomes, incidentReviews } from "@/db/schema/incident-reviews";
import { incidents, models } from "@/db/schema/models";
import { people } from "@/db/schema/org";
import { conditions, reviewDecisions, reviews } from "@/db/schema/reviews";
import { insertItem } from "@/lib/backlog/work";
import type { Actor } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { shippedOf } from "@/lib/library/editions";
import { libraryKindName, libraryKinds } from "@/lib/library/library";
import { sees } from "@/lib/models/visible";
import { givenPerson } from "@/lib/people/find";
import { standing } from "@/lib/reviews/standing";
import {
  AddCondition,
  AddDebt,
  lacks,
  mayAddCondition,
  mayOpenReview,
  mayPublish,
  mayWrite,
  namedIn,
  OpenReview,
  type OutcomeKind,
  type PostReview,
  ProposeChange,
  PublishReview,
  WriteReview,
} from "./incident-review";

type Loaded = PostReview & { row: typeof incidentReviews.$inferSelect; incident: string; model: string };

const about = (at: { id: string; ref: string; modelId: string }) => ({
  subject: { kind: "incident_review", id: at.id, ref: at.ref },
  modelId: at.modelId,
});

function insistAhead(dueOn: string, now: Date): void {
  if (dueOn < dayOf(now))
    throw new Refusal("invalid", "dueOn: choose a day that is not past.", [
      { field: "dueOn", message: "Lies in the past." },
    ]);
}

export const openReview = command({
  name: "incident_review.opened",
  title: "Open the review of an incident",
  http: { method: "POST", path: "/incidents/{incident}/review", status: 201 },
  input: OpenReview,
  load: async (tx, { incident }, actor) => {
    const [row] = await tx
      .select({ id: incidents.id, ref: incidents.ref, modelId: models.id, unitId: models.businessUnitId })
      .from(incidents)
      .innerJoin(models, eq(models.id, incidents.modelId))
      .where(eq(incidents.ref, incident.toUpperCase()));
    if (!row || !sees(actor, row.unitId)) throw new Refusal("not_found", `There is no incident ${incident}.`);
    return row;
  },
  may: (actor, { unitId }) => mayOpenReview(actor, unitId),
  run: async (tx, { input, subject: incident, actor, now }) => {
    insistAhead(input.dueOn, now);
    const owner = await givenPerson(tx, input.owner, "owner");
    const id = newId();
    const ref = await nextRef(tx, "pir");
    const made = await tx
      .insert(incidentReviews)
      .values({
        id,
        ref,
        incidentId: incident.id,
        modelId: incident.modelId,
        ownerId: owner.id,
        dueOn: input.dueOn,
        state: "open",
        openedBy: actor.id,
        openedAt: now,
      })
      .onConflictDoNothing({ target: incidentReviews.incidentId })
      .returning({ id: incidentReviews.id });
    if (made.length === 0) throw new Refusal("conflict", `${incident.ref} has its review already.`);
    return {
      result: { ref, incident: incident.ref },
      entry: {
        ...about({ id, ref, modelId: incident.modelId }),
        summary: `opened ${ref}, the review of ${incident.ref}; ${owner.name} answers for it until ${input.dueOn}`,
        body: { incident: incident.ref, owner: owner.name, dueOn: input.dueOn },
      },
    };
  },
});

/** Locked, so that who writes and who publishes wait for each other. */
async function locked(tx: Tx, ref: string, actor: Actor): Promise<Loaded> {
  const [found] = await tx
    .select({ row: incidentReviews, incident: incidents.ref, model: models.name, unitId: models.businessUnitId })
    .from(incidentReviews)
    .innerJoin(incidents, eq(incidents.id, incidentReviews.incidentId))
    .innerJoin(models, eq(models.id, incidentReviews.modelId))
    .where(eq(incidentReviews.ref, ref.toUpperCase()))
    .for("update", { of: incidentReviews });
  if (!found || !(sees(actor, found.unitId) || actor.id === found.row.ownerId))
    throw new Refusal("not_found", `There is no review ${ref} of an incident.`);
  const { row } = found;
  return { ...found, ref: row.ref, state: row.state, ownerId: row.ownerId };
}

type Written = { ref: string; revision: number };

/** Facts and contributing causes. A cause that names a person is refused: roles and systems contribute, people are not to blame. */
export const writeReview = command({
  name: "incident_review.written",
  title: "Write the review of an incident",
  http: { method: "PUT", path: "/incident-reviews/{ref}" },
  input: WriteReview,
  load: (tx, { ref }, actor) => locked(tx, ref, actor),
  may: mayWrite,
  run: async (tx, { input, subject: { row } }): Promise<Done<Written> | Unchanged<Written>> => {
    if (input.revision !== row.revision)
      throw new Refusal("conflict", `${row.ref} was changed since you read it. Reload it.`, [
        { field: "revision", message: `It is ${row.revision} now.` },
      ]);
    const { facts, causes, lessons } = input;
    if (facts === row.facts && lessons === row.lessons && causes.join("\n") === row.causes.join("\n"))
      return { unchanged: { ref: row.ref, revision: row.revision } };
    const names = (await tx.select({ name: people.name }).from(people))
      .map((p) => p.name)
      .filter((n) => n.includes(" "));
    const named = namedIn(causes.join("\n"), names);
    if (named)
      throw new Refusal("invalid", `causes: ${named} is named. Say what the system allowed, and name roles instead.`, [
        { field: "causes", message: `Names ${named}; name the role.` },
      ]);
    await tx
      .update(incidentReviews)
      .set({ facts, causes, lessons, revision: row.revision + 1 })
      .where(eq(incidentReviews.id, row.id));
    return {
      result: { ref: row.ref, revision: row.revision + 1 },
      entry: {
        ...about(row),
        summary: `wrote ${row.ref}: ${causes.length} contributing ${causes.length === 1 ? "cause" : "causes"}`,
        body: { facts, causes, lessons },
      },
    };
  },
});

async function addOutcome(
  tx: Tx,
  at: Loaded,
  outcome: { kind: OutcomeKind; text: string; ref: string },
  actor: Actor,
  now: Date,
) {
  await tx
    .insert(incidentOutcomes)
    .values({ ...outcome, id: newId(), incidentReviewId: at.row.id, addedBy: actor.id, addedAt: now });
}

/** Adds a condition to the decision that stands on the model: an input of the gate like any other. */
export const addCondition = command({
  name: "incident_review.condition.added",
  title: "Add a condition after an incident to the decision that stands",
  http: { method: "POST", path: "/incident-reviews/{ref}/conditions", status: 201 },
  input: AddCondition,
  load: (tx, { ref }, actor) => locked(tx, ref, actor),
  may: mayAddCondition,
  run: async (tx, { input, subject: at, actor, now }) => {
    insistAhead(input.dueOn, now);
    const owner = await givenPerson(tx, input.owner, "owner");
    const { decision } = await standing(tx, at.row.modelId, now);
    if (!decision || decision.outcome === "rejected")
      throw new Refusal("conflict", `No approval stands on ${at.model}. Ask for a review first, or record debt.`);
    const [bound] = await tx
      .select({ reviewId: reviews.id, decisionId: reviewDecisions.id })
      .from(reviewDecisions)
      .innerJoin(reviews, eq(reviews.id, reviewDecisions.reviewId))
      .where(eq(reviewDecisions.digest, decision.digest));
    if (!bound) throw new Error(`${decision.ref} has no decision ${decision.digest}`);
    const id = newId();
    const ref = await nextRef(tx, "con");
    await tx.insert(conditions).values({
      ...bound,
      id,
      ref,
      modelId: at.row.modelId,
      text: input.text,
      kind: input.kind,
      ownerId: owner.id,
      dueOn: input.dueOn,
      status: "open",
    });
    await addOutcome(tx, at, { kind: "condition", text: input.text, ref }, actor, now);
    return {
      result: { ref: at.ref, condition: ref, review: decision.ref },
      entry: {
        ...about(at.row),
        summary: `added condition ${ref} to ${decision.ref} after ${at.incident}: ${input.text.slice(0, 160)}`,
        body: { condition: ref, review: decision.ref, decision: decision.digest, ...input, owner: owner.name },
      },
    };
  },
});

/** Proposes what a text of the library should say; it stands until an architect revises that text. */
export const proposeChange = command({
  name: "incident_review.change.proposed",
  title: "Propose a change of a standard after an incident",
  http: { method: "POST", path: "/incident-reviews/{ref}/changes", status: 201 },
  input: ProposeChange,
  load: (tx, { ref }, actor) => locked(tx, ref, actor),
  may: mayWrite,
  run: async (tx, { input, subject: at, actor, now }) => {
    const [given, id = ""] = input.text.split("/");
    const kind = libraryKinds.find((k) => k === given);
    if (!kind || shippedOf(kind, id).length === 0) {
      const message = `The library has no ${kind ? libraryKindName[kind] : "text"} called ${id}.`;
      throw new Refusal("invalid", `text: ${message}`, [{ field: "text", message }]);
    }
    await addOutcome(tx, at, { kind: "standard", text: input.change, ref: input.text }, actor, now);
    return {
      result: { ref: at.ref, text: input.text },
      entry: {
        ...about(at.row),
        summary: `proposed a change of the ${libraryKindName[kind]} ${id} after ${at.incident}`,
        body: { text: input.text, change: input.change },
      },
    };
  },
});

export const addDebt = command({
  name: "incident_review.debt.added",
  title: "Put debt that an incident showed on the backlog",
  http: { method: "POST", path: "/incident-reviews/{ref}/debt", status: 201 },
  input: AddDebt,
  load: (tx, { ref }, actor) => locked(tx, ref, actor),
  may: mayWrite,
  run: async (tx, { input, subject: at, actor, now }) => {
    const { ref: _, ...item } = input;
    const debt = await insertItem(
      tx,
      {
        ...item,
        kind: "debt",
        ownerId: null,
        modelIds: [at.row.modelId],
        sources: [{ kind: "incident_review", ref: at.ref, modelId: at.row.modelId }],
      },
      actor,
      now,
    );
    await addOutcome(tx, at, { kind: "debt", text: input.title, ref: debt.ref }, actor, now);
    return {
      result: { ref: at.ref, debt: debt.ref },
      entry: {
        ...about(at.row),
        summary: `put ${debt.ref} on the backlog after ${at.incident}: ${input.title}`,
        body: { debt: debt.ref, ...item },
      },
    };
  },
});

export const publishReview = command({
  name: "incident_review.published",
  title: "Publish the review of an incident",
  http: { method: "POST", path: "/incident-reviews/{ref}/publish" },
  input: PublishReview,
  load: (tx, { ref }, actor) => locked(tx, ref, actor),
  may: mayPublish,
  run: async (tx, { subject: { row, incident }, actor, now }) => {
    const [n] = await tx
      .select({ n: count() })
      .from(incidentOutcomes)
      .where(eq(incidentOutcomes.incidentReviewId, row.id));
    const missing = lacks({ ...row, outcomes: n?.n ?? 0 });
    if (missing[0]) throw new Refusal("conflict", missing.join(" "));
    await tx
      .update(incidentReviews)
      .set({
        state: "published",
        publishedBy: actor.id,
        publishedAt: now,
        revision: sql`${incidentReviews.revision} + 1`,
      })
      .where(eq(incidentReviews.id, row.id));
    return {
      result: { ref: row.ref, state: "published" as const },
      entry: {
        ...about(row),
        summary: `published ${row.ref}, the review of ${incident}, with ${n?.n ?? 0} ${n?.n === 1 ? "outcome" : "outcomes"}`,
        body: { facts: row.facts, causes: row.causes, lessons: row.lessons, dueOn: row.dueOn },
      },
    };
  },
});
