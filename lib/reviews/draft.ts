import "server-only";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { adrs } from "@/db/schema/decisions";
import { reviews } from "@/db/schema/reviews";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { whole } from "@/lib/core/whole";
import { AdrRef } from "@/lib/decisions/decision";
import { byRef as adrByRef, modelNamed } from "@/lib/decisions/load";
import { withStored } from "./attachments";
import { entrySubject, lockedReview, moveReview } from "./load";
import { Note, ReviewRef } from "./review";
import { all, mayDraft, mayEdit, mayName, mayWithdraw } from "./rules";
import { checkScope, namedModels } from "./scope";
import { Submission, sameValue } from "./submission";

const Title = z.string().trim().min(3, "Use at least 3 characters.").max(200, "Use at most 200 characters.");
const AdrLink = AdrRef.nullish().describe("The decision record that the review is about");

export const NewReview = z.strictObject({
  model: z.string().trim().min(1).max(255).describe("Name or id of the model"),
  title: Title,
  adr: AdrLink,
  submission: Submission.default({}),
});
export const SaveDraft = z.strictObject({
  ref: ReviewRef,
  title: Title.optional(),
  adr: AdrLink,
  submission: Submission.describe("The whole submission; a field that is left out is emptied").optional(),
  revision: whole(z.number().int().min(1).max(10_000_000))
    .optional()
    .describe("Revision that was edited; a newer one is not overwritten"),
});
export const WithdrawReview = z.strictObject({ ref: ReviewRef, reason: Note(10, "Say why") });

async function adrId(tx: Tx, ref: string): Promise<string> {
  const [adr] = await tx.select({ id: adrs.id, status: adrs.status, ref: adrs.ref }).from(adrs).where(adrByRef(ref));
  if (!adr)
    throw new Refusal("not_found", `There is no decision ${ref}.`, [
      { field: "adr", message: "No such decision record." },
    ]);
  if (adr.status !== "proposed" && adr.status !== "accepted")
    throw new Refusal("conflict", `${adr.ref} is ${adr.status}; choose a proposed or accepted record.`, [
      { field: "adr", message: `It is ${adr.status}.` },
    ]);
  return adr.id;
}

export const createDraft = command({
  name: "review.drafted",
  title: "Begin a review submission",
  http: { method: "POST", path: "/reviews", status: 201 },
  input: NewReview,
  async load(tx, { model, submission }) {
    const found = await modelNamed(tx, model);
    return { ...found, unitId: found.businessUnitId, named: await namedModels(tx, submission) };
  },
  may: (actor, subject) =>
    all(
      () => mayDraft(actor, subject),
      () => mayName(actor, subject.named),
    ),
  async run(tx, { input, subject, actor, now }) {
    await checkScope(tx, subject, input.submission);
    const id = newId();
    const submission = await withStored(tx, input.submission);
    const ref = await nextRef(tx, "rev");
    await tx.insert(reviews).values({
      id,
      ref,
      title: input.title,
      modelId: subject.id,
      adrId: input.adr ? await adrId(tx, input.adr) : null,
      status: "draft",
      submission,
      createdBy: actor.id,
      createdAt: now,
      updatedAt: now,
    });
    return {
      result: { ref, id, revision: 1, status: "draft" as const },
      entry: {
        subject: { kind: "review", id, ref },
        modelId: subject.id,
        summary: `began ${ref}: ${input.title}`,
        body: { title: input.title, model: subject.name, adr: input.adr ?? null, submission },
      },
    };
  },
});

type Saved = { ref: string; revision: number };

/** What a save changed, field by field: a draft saves itself many times, and the log needs no whole copy of each. */
function difference(before: Submission, after: Submission): { changed: object; emptied: string[] } {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return {
    changed: Object.fromEntries([...now].filter(([field, value]) => !sameValue(value, old.get(field)))),
    emptied: [...old.keys()].filter((field) => !now.has(field)),
  };
}

/** Autosave: the same content again finds nothing to do. */
export const saveDraft = command({
  name: "review.draft.saved",
  title: "Save a review submission",
  http: { method: "PATCH", path: "/reviews/{ref}" },
  input: SaveDraft,
  async load(tx, { ref, submission }) {
    const review = await lockedReview(tx, ref);
    const before = review.row.submission.models ?? [];
    const named = await namedModels(tx, submission ?? {});
    return { ...review, named: named.filter((m) => !before.includes(m.name)) };
  },
  may: (actor, subject) =>
    all(
      () => mayEdit(actor, subject),
      () => mayName(actor, subject.named),
    ),
  async run(tx, { input, subject, now }): Promise<Done<Saved> | Unchanged<Saved>> {
    const { row } = subject;
    await checkScope(tx, subject.model, input.submission ?? {});
    const adr = input.adr === undefined ? row.adrId : input.adr === null ? null : await adrId(tx, input.adr);
    const next = {
      title: input.title ?? row.title,
      adrId: adr,
      submission: input.submission ? await withStored(tx, input.submission) : row.submission,
    };
    if (next.title === row.title && next.adrId === row.adrId && sameValue(next.submission, row.submission))
      return { unchanged: { ref: row.ref, revision: row.revision } };
    if (input.revision !== undefined && input.revision !== row.revision)
      throw new Refusal(
        "conflict",
        `${row.ref} was saved elsewhere since you opened it. Reload it and enter your changes again.`,
      );
    await moveReview(tx, subject, next, now, `${row.ref} was changed a moment ago. Reload it.`);
    return {
      result: { ref: row.ref, revision: row.revision + 1 },
      entry: {
        ...entrySubject(subject),
        summary: `saved the draft of ${row.ref}`,
        body: {
          revision: row.revision + 1,
          ...(next.title === row.title ? {} : { title: next.title }),
          ...(next.adrId === row.adrId ? {} : { adrId: next.adrId }),
          ...difference(row.submission, next.submission),
        },
      },
    };
  },
});

export const withdrawReview = command({
  name: "review.withdrawn",
  title: "Withdraw a review",
  http: { method: "POST", path: "/reviews/{ref}/withdraw" },
  input: WithdrawReview,
  load: (tx, { ref }) => lockedReview(tx, ref),
  may: mayWithdraw,
  async run(tx, { input, subject, now }) {
    await moveReview(tx, subject, { status: "withdrawn" }, now, `${subject.ref} was decided a moment ago. Reload it.`);
    return {
      result: { ref: subject.ref, status: "withdrawn" as const },
      entry: {
        ...entrySubject(subject),
        summary: `withdrew ${subject.ref}`,
        body: { from: subject.status, reason: input.reason },
      },
    };
  },
});
