import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { loadPushed, mayPush, type Pushed, type PushSubject, writePushed } from "@/lib/facts/pushed";
import { refreshJob } from "@/lib/readiness/refresh-job";
import { maxUnmet, maxValidations } from "./validation";

const short = z.string().max(250);
const validation = z.strictObject({
  suite: short.min(1),
  asset: short,
  ranAt: z.date().nullable(),
  success: z.boolean(),
  evaluated: z.number().int().min(1),
  failed: z.number().int().min(0),
  unmet: z.array(short).max(maxUnmet),
});
type Recorded = z.output<typeof validation>;

/** A sender's clock may be so far ahead. */
const aheadMs = 300_000;

/** Records what Great Expectations found about data that a model reads. The upload route is its only door. */
export const recordValidations = command({
  name: "validation.recorded",
  title: "Record what a validation of data found",
  http: null,
  input: z.strictObject({
    model: z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters."),
    run: z.string().trim().max(500, "At most 500 characters.").optional(),
    /** Whether the pipeline stops when a validation fails, as its sender says; left out: it does not say. */
    blocking: z.boolean().optional(),
    sha256: z.string().length(64),
    validations: z.array(validation).min(1).max(maxValidations),
  }),
  load: (tx, { model }, actor) => loadPushed(tx, [{ model }], actor),
  may: mayPush,
  run: async (tx, { input, subject, actor, now }) => {
    const model = oneModel(subject, input.model);
    const validations: (Omit<Recorded, "unmet"> & { late: boolean })[] = [];
    for (const one of input.validations) {
      const { unmet: _, ...told } = one;
      validations.push({ ...told, late: !(await put(tx, model.id, one, input.sha256, now)) });
    }
    const facts = await standing(tx, model, now);
    if (input.blocking !== undefined)
      facts.push({
        model: model.name,
        key: "data.gates_blocking",
        value: input.blocking,
        detail: "as the pipeline says that sends the validations",
      });
    const recorded = await writePushed(tx, { facts, run: input.run ?? null, subject, actor, now });
    const failed = input.validations.filter((v) => !v.success);
    const result = {
      model: model.name,
      validations,
      facts: facts.map(({ key, value }) => ({ key, value })),
    };
    return {
      result,
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: `uploaded ${input.validations.length === 1 ? "a validation" : `${input.validations.length} validations`} of data of ${model.name}: ${
          failed.length === 0
            ? "all expectations met"
            : `${failed
                .map((v) => v.suite)
                .join(", ")
                .slice(0, 200)} failed`
        }`,
        body: {
          ...result,
          unmet: failed.map(({ suite, unmet }) => ({ suite, unmet })),
          sha256: input.sha256,
          recorded,
        },
      },
      jobs: [refreshJob(model.id)],
    };
  },
});

export function oneModel(subject: PushSubject, name: string): PushSubject["models"][number] {
  const [model] = subject.models;
  if (!model)
    throw new Refusal("not_found", `There is no model ${name} in the inventory.`, [
      { field: "model", message: "Not in the inventory." },
    ]);
  return model;
}

/** False: a newer one of this suite is there, so this one changes nothing. */
async function put(tx: Tx, modelId: string, v: Recorded, sha256: string, now: Date): Promise<boolean> {
  const at = v.ranAt ?? now;
  if (at.getTime() > now.getTime() + aheadMs)
    throw new Refusal(
      "invalid",
      `The suite ${v.suite} says it ran at ${at.toISOString()}, which lies in the future. Check its clock.`,
    );
  const { rows } = await tx.execute(sql`
    insert into data_validation as d (id, model_id, suite, asset, ran_at, success, evaluated, failed, unmet, sha256)
    values (${newId()}, ${modelId}, ${v.suite}, ${v.asset}, ${at.toISOString()}::timestamptz, ${v.success}, ${v.evaluated}, ${v.failed},
      array(select jsonb_array_elements_text(${JSON.stringify(v.unmet)}::jsonb)), ${sha256})
    on conflict (model_id, suite, asset) do update set ran_at = excluded.ran_at, success = excluded.success,
      evaluated = excluded.evaluated, failed = excluded.failed, unmet = excluded.unmet, sha256 = excluded.sha256, retired_at = null
      where d.ran_at <= excluded.ran_at returning suite`);
  return rows.length > 0;
}

/** The facts that all suites of a model stand for together. */
export async function standing(tx: Tx, model: { id: string; name: string }, now: Date): Promise<Pushed[]> {
  const { rows } = await tx.execute<{
    suites: number;
    oldest: Date | string | null;
    failing: string[];
    evaluated: number;
    failed: number;
  }>(sql`
    select count(*)::int as suites, min(ran_at) as oldest, coalesce(array_agg(suite order by suite) filter (where not success), '{}') as failing,
      coalesce(sum(evaluated), 0)::int as evaluated, coalesce(sum(failed), 0)::int as failed
    from data_validation where model_id = ${model.id} and retired_at is null`);
  const [row] = rows;
  if (!row?.oldest) return [];
  const detail = `${row.suites === 1 ? "one suite" : `${row.suites} suites`} of Great Expectations${row.failing.length > 0 ? `; failing: ${row.failing.join(", ")}` : ""}`;
  const one = (key: string, value: Pushed["value"]): Pushed => ({
    model: model.name,
    key,
    value,
    effectiveAt: now.toISOString(),
    detail: detail.slice(0, 2000),
  });
  return [
    // The suite that has not run for longest decides how fresh the whole is.
    one("data.gates_last_run_at", new Date(row.oldest).toISOString()),
    one("data.gates_passed", row.failing.length === 0),
    one("data.expectations", row.evaluated),
    one("data.expectations_unmet", row.failed),
  ];
}
