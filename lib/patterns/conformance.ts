import "server-only";
import { and, asc, eq, gt, isNull, ne, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { patternAdoptions } from "@/db/schema/decisions";
import { models } from "@/db/schema/models";
import { type Check, type CheckState, compileCheck, evaluate, type UnknownCause } from "@/lib/checks/check";
import { factsEnv } from "@/lib/checks/facts-env";
import type { Pattern } from "@/lib/content/load";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { type AssumptionState, stateOf } from "@/lib/decision-checks/assumption";
import { factsOfModels } from "@/lib/decision-checks/candidates";
import type { Fact } from "@/lib/facts/fact";
import { patternTexts } from "@/lib/library/editions";
import { itemTypeOf } from "@/lib/readiness/readiness";
import { modelSubject } from "@/lib/readiness/subject";
import { servesUseCase } from "@/lib/use-cases/serving";
import { useCaseKey } from "@/lib/use-cases/use-case";
import { useCaseFollower } from "./follower";
import { adoptionOf } from "./queries";

/** One requirement of a pattern, as a model meets it. Waived: an accepted decision lets the model depart from it. */
export type Met = { id: string; title: string; state: CheckState; cause: UnknownCause | null; why: string };

/**
 * How a model conforms to the text that it pinned: `holds` when it meets every requirement that no accepted decision excuses,
 * `partly` and `broken` as with the checks of decisions, over requirements in place of models. What only a person can tell is unknown.
 */
export type Conformance = { model: string; version: number; state: AssumptionState; requirements: Met[] };

const pinned = (read: Reader) =>
  read
    .select({
      id: models.id,
      model: models.name,
      tier: models.tier,
      kind: models.kind,
      servingType: models.servingType,
      version: patternAdoptions.version,
      digest: patternAdoptions.digest,
      excused: sql<string[]>`array(select d.requirement from pattern_deviation d join adr a on a.id = d.adr_id
        where d.model_id = ${models.id} and d.ended_at is null and d.requirement is not null and a.status = 'accepted')`,
    })
    .from(patternAdoptions)
    .innerJoin(models, eq(models.id, patternAdoptions.modelId));

type Pinned = Awaited<ReturnType<typeof pinned>>[number];

async function conformanceOf(read: Reader, rows: readonly Pinned[], now: Date): Promise<Conformance[]> {
  const byDigest = new Map((await patternTexts(read)).map((p) => [p.digest, p]));
  const texts = [...new Set(rows.flatMap((row) => byDigest.get(row.digest) ?? []))];
  const factsOf = await factsOfModels(
    read,
    rows.map((row) => row.id),
    [...new Set(texts.flatMap((p) => p.checks).flatMap((c) => (c.check === null ? [] : compiled(c.check).keys)))],
    now,
  );
  return rows.map((row) => {
    const requirements = (byDigest.get(row.digest)?.checks ?? []).map((check) => met(check, row, factsOf(row.id), now));
    return { model: row.model, version: row.version, state: overall(requirements), requirements };
  });
}

function overall(requirements: readonly Met[]): AssumptionState {
  const of = (state: CheckState) => requirements.filter((r) => r.state === state).length;
  return stateOf({ pass: of("pass") + of("waived"), fail: of("fail"), unknown: of("unknown") });
}

function met(check: Pattern["checks"][number], row: Pinned, facts: readonly Fact[], now: Date): Met {
  const { id, title } = check;
  if (row.excused.includes(id))
    return { id, title, state: "waived", cause: null, why: "An accepted decision lets it depart from this." };
  if (check.check === null)
    return {
      id,
      title,
      state: "unknown",
      cause: "not_attempted",
      why: "The pinned text gives no rule over facts for this; a person attests it.",
    };
  const type = itemTypeOf(row);
  const values = { ...(row.tier === null ? {} : { tier: row.tier }), ...(type === null ? {} : { type }) };
  const { state, cause, why } = evaluate(compiled(check.check), facts, now, values);
  return { id, title, state, cause, why };
}

const compiledOnce = new Map<string, Check>();

/** Shipped texts are compiled by a test and own revisions when they are written, so a fault here is a fault of ours. */
function compiled(source: string): Check {
  const known = compiledOnce.get(source);
  if (known) return known;
  const result = compileCheck(source, factsEnv);
  if (!result.ok) throw new Error(`A pattern's check ${source} does not compile: ${result.message}`);
  compiledOnce.set(source, result.check);
  return result.check;
}

export const patternConformance = query({
  name: "patterns.conformance",
  title: "Read how the models that follow a reference architecture conform to it",
  http: { method: "GET", path: "/patterns/{id}/conformance" },
  input: z.strictObject({
    id: z.string().trim().min(1).max(120),
    after: z.string().max(250).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(25),
  }),
  run: async (read, { id, after, limit }, actor, now) => {
    const rows = await pinned(read)
      .where(
        and(
          inReach(actor, "inventory:read", models.businessUnitId),
          eq(patternAdoptions.patternId, id),
          isNull(patternAdoptions.endedAt),
          ne(models.stage, "retired"),
          after === undefined ? undefined : gt(models.name, after),
        ),
      )
      .orderBy(asc(models.name))
      .limit(limit + 1);
    return {
      items: await conformanceOf(read, rows.slice(0, limit), now),
      next: rows.length > limit ? (rows[limit - 1]?.model ?? null) : null,
    };
  },
});

export const modelConformance = query({
  name: "models.conformance",
  title: "Read how a model conforms to the reference architecture that it follows",
  http: { method: "GET", path: "/models/{name}/pattern/conformance" },
  input: z.strictObject({ name: z.string().trim().min(1).max(250) }),
  run: async (read, { name }, actor, now) => {
    const model = await modelSubject(read, name, actor);
    const rows = await pinned(read)
      .where(and(eq(models.id, model.id), isNull(patternAdoptions.endedAt)))
      .limit(1);
    const [conformance] = await conformanceOf(read, rows, now);
    return { model: model.name, conformance: conformance ?? null };
  },
});

/** A requirement over all models that serve a use case: as the worst of them meets it, named. */
function worst(all: readonly Conformance[], at: number): Met[] {
  const each = all.flatMap((one) => {
    const met = one.requirements[at];
    return met ? [{ model: one.model, met }] : [];
  });
  const found = (["fail", "unknown", "pass", "not_applicable", "waived"] as const)
    .map((state) => each.filter(({ met }) => met.state === state))
    .find((some) => some.length > 0);
  const [first] = found ?? [];
  if (!first || !found) return [];
  if (first.met.state === "waived" || all.length === 1) return [first.met];
  const some = `${first.model}${found.length > 1 ? ` and ${found.length - 1} more` : ""}`;
  return [{ ...first.met, why: `${some} of ${all.length} models: ${first.met.why}` }];
}

export const conformanceOfUseCase = query({
  name: "use_cases.conformance",
  title: "Read how the models of a use case conform to the reference architecture that it follows",
  http: { method: "GET", path: "/use-cases/{useCase}/pattern/conformance" },
  input: z.strictObject({ useCase: useCaseKey }),
  run: async (read, wanted, actor, now) => {
    const useCase = await useCaseFollower(read, wanted, actor);
    const adoption = await adoptionOf(read, useCase);
    if (!adoption) return { useCase: useCase.ref, models: 0, conformance: null };
    const [serving, { rows: excused }] = await Promise.all([
      read
        .select({
          id: models.id,
          model: models.name,
          tier: models.tier,
          kind: models.kind,
          servingType: models.servingType,
        })
        .from(models)
        .where(
          and(
            servesUseCase(useCase.id),
            inReach(actor, "inventory:read", models.businessUnitId),
            ne(models.stage, "retired"),
          ),
        )
        .orderBy(asc(models.name))
        .limit(200),
      read.execute<{ requirement: string }>(sql`
        select d.requirement from pattern_deviation d join adr a on a.id = d.adr_id
        where d.use_case_id = ${useCase.id} and d.ended_at is null and d.requirement is not null and a.status = 'accepted'`),
    ]);
    const measured = { version: adoption.version, digest: adoption.digest, excused: excused.map((e) => e.requirement) };
    const all = await conformanceOf(
      read,
      serving.map((model) => ({ ...model, ...measured })),
      now,
    );
    const requirements = (all[0]?.requirements ?? []).flatMap((_, at) => worst(all, at));
    return {
      useCase: useCase.ref,
      models: all.length,
      /** Null while nothing is pinned or no model serves it: then there is nothing to measure. */
      conformance: all.length === 0 ? null : { version: adoption.version, state: overall(requirements), requirements },
    };
  },
});
