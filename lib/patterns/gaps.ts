import "server-only";
import { and, asc, count, eq, gt, inArray, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { patternGaps } from "@/db/schema/adoption";
import { models, useCases } from "@/db/schema/models";
import { businessUnits, people } from "@/db/schema/org";
import { loadContent, newest } from "@/lib/content/load";
import type { Actor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { isUuid, newId } from "@/lib/core/ids";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { mayRead } from "@/lib/models/visible";
import { AnswerGap, GapList, type GapState, mayManage, ReportGap, ReportUseCaseGap } from "./adoption";
import { entrySubject, modelFollower, of, owned, useCaseFollower } from "./follower";
import { type Follower, mayAdopt } from "./pattern";
import { adoptionOf } from "./queries";

type Reported = { id: string; state: GapState };

type Asked = { input: { missing: string }; subject: Follower; actor: Actor; now: Date };

/** An owner says that no pattern fits, and what is missing: it stands in the architects' backlog until they answer. */
export const reportGap = command({
  name: "pattern.gap.reported",
  title: "Say that no reference architecture fits",
  http: { method: "POST", path: "/models/{name}/pattern-gap", status: 201 },
  input: ReportGap,
  load: modelFollower,
  may: mayAdopt,
  run: (tx, asked) => reported(tx, asked),
});

export const reportUseCaseGap = command({
  name: "use_case.gap.reported",
  title: "Say that no reference architecture fits a use case",
  http: { method: "POST", path: "/use-cases/{useCase}/pattern-gap", status: 201 },
  input: ReportUseCaseGap,
  load: async (tx, wanted, actor) => {
    const subject = await useCaseFollower(tx, wanted, actor);
    if (subject.retired) throw new Refusal("conflict", `${subject.ref} is retired. It needs no pattern any more.`);
    return subject;
  },
  may: mayAdopt,
  run: (tx, asked) => reported(tx, asked),
});

async function reported(
  tx: Tx,
  { input, subject: follower, actor, now }: Asked,
): Promise<Done<Reported> | Unchanged<Reported>> {
  const adoption = await adoptionOf(tx, follower);
  if (adoption)
    throw new Refusal(
      "conflict",
      `${follower.name} follows ${adoption.patternId} version ${adoption.version}. Record where it departs instead.`,
    );
  const [before] = await tx
    .select()
    .from(patternGaps)
    .where(and(of(patternGaps, follower), inArray(patternGaps.state, ["open", "planned"])));
  if (before?.missing === input.missing) return { unchanged: { id: before.id, state: before.state } };
  if (before)
    throw new Refusal(
      "conflict",
      `It is in the backlog for ${follower.name} already: “${before.missing.slice(0, 120)}”.`,
    );
  const id = newId();
  await tx
    .insert(patternGaps)
    .values({ id, ...owned(follower), missing: input.missing, saidBy: actor.id, saidAt: now, state: "open" });
  return {
    result: { id, state: "open" },
    entry: {
      ...entrySubject(follower),
      summary: `said that no reference architecture fits ${follower.name}: ${input.missing.slice(0, 160)}`,
      body: { gap: id, [follower.kind]: follower.ref, missing: input.missing },
    },
  };
}

const answered = {
  planned: "planned a pattern for",
  fits: "named a pattern for",
  declined: "planned no pattern for",
} as const;

/** The unit of the model or use case that a gap is about. */
const unitOf = sql`coalesce(${models.businessUnitId}, ${useCases.businessUnitId})`;

/** Architects answer: a pattern is planned, one that is there fits, or the model or use case stays on its own. */
export const answerGap = command({
  name: "pattern.gap.answered",
  title: "Answer what the library lacks",
  http: { method: "POST", path: "/pattern-gaps/{id}/answer" },
  input: AnswerGap,
  load: async (tx, input, actor) => {
    const [row] = await tx
      .select({ gap: patternGaps, model: models.name, useCase: useCases.ref, title: useCases.name })
      .from(patternGaps)
      .leftJoin(models, eq(models.id, patternGaps.modelId))
      .leftJoin(useCases, eq(useCases.id, patternGaps.useCaseId))
      .where(and(eq(patternGaps.id, input.id), inReach(actor, "inventory:read", unitOf)))
      .for("update", { of: patternGaps });
    if (!row) throw new Refusal("not_found", "There is no such gap in the backlog.");
    return row;
  },
  may: mayManage,
  run: async (tx, { input, subject: { gap, model, useCase, title }, actor, now }) => {
    if (gap.state !== "open" && gap.state !== "planned")
      throw new Refusal("conflict", `It was answered already${gap.answer ? `: “${gap.answer.slice(0, 120)}”` : ""}.`);
    if (input.pattern && !newest(loadContent().patterns, input.pattern))
      throw new Refusal("invalid", `pattern: there is no reference architecture "${input.pattern}".`, [
        { field: "pattern", message: "No such reference architecture." },
      ]);
    await tx
      .update(patternGaps)
      .set({
        state: input.state,
        patternId: input.pattern ?? null,
        answer: input.answer,
        answeredBy: actor.id,
        answeredAt: now,
      })
      .where(eq(patternGaps.id, gap.id));
    return {
      result: { id: gap.id, state: input.state },
      entry: {
        subject: gap.modelId
          ? { kind: "model", id: gap.modelId, ref: model ?? "" }
          : { kind: "use_case", id: gap.useCaseId ?? "", ref: useCase ?? "" },
        modelId: gap.modelId,
        summary: `${answered[input.state]} ${model ?? title}${input.pattern ? `: ${input.pattern}` : ""}`,
        body: { ...input, ...(model ? { model } : { useCase }), missing: gap.missing, before: gap.state },
      },
    };
  },
});

/** What owners said is missing, oldest first; by default everything. */
export const listGaps = query({
  name: "pattern.gaps.listed",
  title: "List what the pattern library lacks",
  http: { method: "GET", path: "/pattern-gaps" },
  input: GapList,
  run: async (read, { state, after, limit }, actor) => {
    insist(mayRead(actor));
    if (after !== undefined && !isUuid(after))
      throw new Refusal("invalid", "after: use the value of `next` from the page before.", [
        { field: "after", message: "Not a page mark." },
      ]);
    const seen = inReach(actor, "inventory:read", unitOf);
    const [rows, counted] = await Promise.all([
      read
        .select({
          id: patternGaps.id,
          /** Of a model's gap its name, of a use case's its reference; the other is null. */
          model: models.name,
          useCase: useCases.ref,
          name: sql<string>`coalesce(${models.name}, ${useCases.name})`,
          tier: models.tier,
          unit: businessUnits.name,
          missing: patternGaps.missing,
          saidBy: people.name,
          saidAt: patternGaps.saidAt,
          state: patternGaps.state,
          pattern: patternGaps.patternId,
          answer: patternGaps.answer,
          answeredAt: patternGaps.answeredAt,
        })
        .from(patternGaps)
        .leftJoin(models, eq(models.id, patternGaps.modelId))
        .leftJoin(useCases, eq(useCases.id, patternGaps.useCaseId))
        .innerJoin(people, eq(people.id, patternGaps.saidBy))
        .leftJoin(businessUnits, eq(businessUnits.id, unitOf))
        .where(
          and(
            seen,
            state ? inArray(patternGaps.state, state) : undefined,
            after === undefined ? undefined : gt(patternGaps.id, after),
          ),
        )
        .orderBy(asc(patternGaps.id))
        .limit(limit + 1),
      read
        .select({ state: patternGaps.state, n: count() })
        .from(patternGaps)
        .leftJoin(models, eq(models.id, patternGaps.modelId))
        .leftJoin(useCases, eq(useCases.id, patternGaps.useCaseId))
        .where(seen)
        .groupBy(patternGaps.state),
    ]);
    return {
      items: rows.slice(0, limit),
      counts: Object.fromEntries(counted.map((c) => [c.state, c.n])),
      next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
    };
  },
});
