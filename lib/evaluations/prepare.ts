import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { evaluationScores, evaluations } from "@/db/schema/evaluations";
import { loadContent } from "@/lib/content/load";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import {
  AddOption,
  EditOption,
  mayOpen,
  mayPrepare,
  OpenEvaluation,
  type Option,
  RemoveOption,
  Score,
  Weigh,
} from "./evaluation";
import { criteriaOf, type Evaluation, insistKnown, lockedEvaluation, scoresOf } from "./find";

const subject = (at: Pick<Evaluation, "id" | "ref">) => ({ kind: "evaluation", id: at.id, ref: at.ref });

/** Begins with the shipped criteria and their weights, and no options yet. */
export const openEvaluation = command({
  name: "evaluation.opened",
  title: "Open a build-or-buy evaluation",
  http: { method: "POST", path: "/evaluations", status: 201 },
  input: OpenEvaluation,
  load: async () => null,
  may: (actor) => mayOpen(actor),
  run: async (tx, { input, actor, now }) => {
    const [criteria] = loadContent().criteria;
    if (!criteria) throw new Error("content/evaluations is empty");
    const id = newId();
    const ref = await nextRef(tx, "eva");
    const weights = Object.fromEntries(criteria.criteria.map((c) => [c.id, c.weight]));
    await tx.insert(evaluations).values({
      ...input,
      id,
      ref,
      status: "draft",
      criteriaId: criteria.id,
      criteriaVersion: criteria.version,
      criteriaDigest: criteria.digest,
      options: [],
      weights,
      openedAt: now,
      openedBy: actor.id,
      openedByName: actor.name,
    });
    return {
      result: { ref, weights },
      entry: {
        subject: { kind: "evaluation", id, ref },
        summary: `opened ${ref}, ${input.title}`,
        body: { ...input, criteria: { id: criteria.id, version: criteria.version, digest: criteria.digest }, weights },
      },
    };
  },
});

const letters = "abcdefgh";

export const addOption = command({
  name: "evaluation.option.added",
  title: "Add an option to an evaluation",
  http: { method: "POST", path: "/evaluations/{ref}/options", status: 201 },
  input: AddOption,
  load: (tx, { ref }) => lockedEvaluation(tx, ref),
  may: (actor, at) => mayPrepare(actor, at),
  run: async (tx, { input: { ref, ...given }, subject: at }) => {
    const key = [...letters].find((letter) => at.options.every((o) => o.key !== letter));
    if (!key)
      throw new Refusal("conflict", `${ref} has ${letters.length} options, which is the most. Take one out first.`);
    insistFree(at, given.name);
    const option: Option = { key, ...given };
    await tx
      .update(evaluations)
      .set({ options: [...at.options, option] })
      .where(eq(evaluations.id, at.id));
    return {
      result: { ref, option: key },
      entry: { subject: subject(at), summary: `added the option ${given.name} to ${ref}`, body: { option } },
    };
  },
});

function insistFree(at: Evaluation, name: string, key?: string): void {
  if (at.options.some((o) => o.key !== key && o.name.toLowerCase() === name.toLowerCase()))
    throw new Refusal("conflict", `${at.ref} has an option called ${name} already.`, [
      { field: "name", message: "Is there already." },
    ]);
}

function optionOf(at: Evaluation, key: string): Option {
  const option = at.options.find((o) => o.key === key);
  if (!option) throw new Refusal("not_found", `${at.ref} has no option ${key}.`);
  return option;
}

/** Says anew what an option is called or is. Its scores stay: they are about the same thing. */
export const editOption = command({
  name: "evaluation.option.edited",
  title: "Rename an option of an evaluation, or say anew what it is",
  http: { method: "PATCH", path: "/evaluations/{ref}/options/{option}" },
  input: EditOption,
  load: (tx, { ref }) => lockedEvaluation(tx, ref),
  may: (actor, at) => mayPrepare(actor, at),
  run: async (tx, { input: { ref, option: key, name, kind, note }, subject: at }) => {
    const before = optionOf(at, key);
    const after: Option = { key, name: name ?? before.name, kind: kind ?? before.kind, note: note ?? before.note };
    if (after.name === before.name && after.kind === before.kind && after.note === before.note)
      return { unchanged: { ref, option: after } };
    insistFree(at, after.name, key);
    await tx
      .update(evaluations)
      .set({ options: at.options.map((o) => (o.key === key ? after : o)) })
      .where(eq(evaluations.id, at.id));
    const renamed = after.name !== before.name;
    return {
      result: { ref, option: after },
      entry: {
        subject: subject(at),
        summary: renamed
          ? `renamed the option ${before.name} of ${ref} to ${after.name}`
          : `said anew what the option ${after.name} of ${ref} is`,
        body: { before, after },
      },
    };
  },
});

/** Takes an option out, with its scores; the log keeps both and the reason. */
export const removeOption = command({
  name: "evaluation.option.removed",
  title: "Take an option out of an evaluation",
  http: { method: "DELETE", path: "/evaluations/{ref}/options/{option}" },
  input: RemoveOption,
  load: (tx, { ref }) => lockedEvaluation(tx, ref),
  may: (actor, at) => mayPrepare(actor, at),
  run: async (tx, { input: { ref, option: key, reason }, subject: at }) => {
    const option = optionOf(at, key);
    const scores = await tx
      .delete(evaluationScores)
      .where(and(eq(evaluationScores.evaluationId, at.id), eq(evaluationScores.option, key)))
      .returning({
        criterion: evaluationScores.criterion,
        score: evaluationScores.score,
        reason: evaluationScores.reason,
      });
    await tx
      .update(evaluations)
      .set({ options: at.options.filter((o) => o.key !== key) })
      .where(eq(evaluations.id, at.id));
    return {
      result: { ref, option: key, scores: scores.length },
      entry: {
        subject: subject(at),
        summary: `took the option ${option.name} out of ${ref}: ${reason}`,
        body: { option, scores, reason },
      },
    };
  },
});

/** Sets the weights of all criteria. When scores are there already, the page says that the weights came after them. */
export const weigh = command({
  name: "evaluation.weighed",
  title: "Weigh the criteria of an evaluation",
  http: { method: "PUT", path: "/evaluations/{ref}/weights" },
  input: Weigh,
  load: (tx, { ref }) => lockedEvaluation(tx, ref),
  may: (actor, at) => mayPrepare(actor, at),
  run: async (tx, { input: { ref, weights: given, reason }, subject: at, now }) => {
    insistKnown(at, Object.keys(given), "weights");
    const missing = criteriaOf(at).criteria.filter((c) => given[c.id] === undefined);
    if (missing.length > 0)
      throw new Refusal(
        "invalid",
        `weights: give all criteria a weight; 0 leaves one out. Missing: ${missing.map((c) => c.id).join(", ")}.`,
        missing.map((c) => ({ field: `weights.${c.id}`, message: "Give it a weight; 0 leaves it out." })),
      );
    const changed = Object.keys(given).filter((id) => given[id] !== at.weights[id]);
    if (changed.length === 0) return { unchanged: { ref, weights: at.weights } };
    await tx.update(evaluations).set({ weights: given, weighedAt: now }).where(eq(evaluations.id, at.id));
    return {
      result: { ref, weights: given },
      entry: {
        subject: subject(at),
        summary: `weighed ${changed.length === 1 ? "a criterion" : `${changed.length} criteria`} of ${ref} anew`,
        body: { before: at.weights, after: given, reason },
      },
    };
  },
});

/** Scores one option against any number of criteria. Null takes a score back: it is unknown again. */
export const score = command({
  name: "evaluation.scored",
  title: "Score an option of an evaluation",
  http: { method: "PUT", path: "/evaluations/{ref}/options/{option}/scores" },
  input: Score,
  load: (tx, { ref }) => lockedEvaluation(tx, ref),
  may: (actor, at) => mayPrepare(actor, at),
  run: async (tx, { input: { ref, option: key, scores: given }, subject: at, actor, now }) => {
    const option = optionOf(at, key);
    insistKnown(at, Object.keys(given), "scores");
    const before = new Map((await scoresOf(tx, at.id)).filter((s) => s.option === key).map((s) => [s.criterion, s]));
    const changed = Object.entries(given).filter(([criterion, to]) => {
      const was = before.get(criterion);
      return to.score === null ? was !== undefined : was?.score !== to.score || was.reason !== to.reason;
    });
    if (changed.length === 0) return { unchanged: { ref, option: key, scored: before.size } };
    await tx.delete(evaluationScores).where(
      and(
        eq(evaluationScores.evaluationId, at.id),
        eq(evaluationScores.option, key),
        inArray(
          evaluationScores.criterion,
          changed.map(([criterion]) => criterion),
        ),
      ),
    );
    const rows = changed.flatMap(([criterion, { score: points, reason }]) =>
      points === null || reason === undefined
        ? []
        : [
            {
              id: newId(),
              evaluationId: at.id,
              option: key,
              criterion,
              score: points,
              reason,
              scoredAt: now,
              scoredByName: actor.name,
            },
          ],
    );
    if (rows.length > 0) await tx.insert(evaluationScores).values(rows);
    const taken = changed.length - rows.length;
    const what = changed.length === 1 ? (changed[0]?.[0] ?? "") : `${changed.length} criteria`;
    return {
      result: { ref, option: key, scored: before.size + rows.filter((r) => !before.has(r.criterion)).length - taken },
      entry: {
        subject: subject(at),
        summary: `${rows.length === 0 ? "took back the score of" : "scored"} ${option.name} for ${what} in ${ref}`,
        body: {
          option,
          before: Object.fromEntries(changed.map(([criterion]) => [criterion, before.get(criterion)?.score ?? null])),
          after: Object.fromEntries(changed),
        },
      },
    };
  },
});
