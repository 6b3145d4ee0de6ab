import "server-only";
import { eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { models } from "@/db/schema/models";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { findModel } from "./find";
import { endOfLifeInput } from "./inputs";
import { mayChangeStage } from "./model";

/** Says when a model shall end, what takes its place and whether those who rely on it know; or takes the plan back. */
export const planEndOfLife = command({
  name: "model.end_of_life.planned",
  title: "Plan a model's end of life",
  http: { method: "PUT", path: "/models/{name}/end-of-life" },
  input: endOfLifeInput,
  load: async (tx, input, actor) => ({
    model: await findModel(tx, input.name, actor),
    successor: input.successor ? await findModel(tx, input.successor, actor) : null,
  }),
  may: (actor, { model }) => mayChangeStage(actor, model),
  run: async (tx, { input, subject: { model, successor }, now }) => {
    if (successor?.id === model.id)
      throw new Refusal("invalid", "A model cannot be its own successor. Name another, or none.", [
        { field: "successor", message: "Is the model itself." },
      ]);
    if (successor?.stage === "retired")
      throw new Refusal("invalid", `${successor.name} is retired and can take nothing's place.`, [
        { field: "successor", message: "Is retired." },
      ]);
    if (input.date && input.reason === "")
      throw new Refusal("invalid", "reason: Say why it ends.", [{ field: "reason", message: "Say why it ends." }]);
    const plan = input.date
      ? {
          endOfLife: input.date,
          successorId: successor?.id ?? null,
          endReason: input.reason,
          consumersToldOn: input.consumersToldOn ?? null,
        }
      : { endOfLife: null, successorId: null, endReason: "", consumersToldOn: null };
    const [before] = await tx
      .select({
        endOfLife: models.endOfLife,
        successorId: models.successorId,
        endReason: models.endReason,
        consumersToldOn: models.consumersToldOn,
      })
      .from(models)
      .where(eq(models.id, model.id))
      .for("update");
    const result = { id: model.id, name: model.name, ...plan };
    if (JSON.stringify(before) === JSON.stringify(plan)) return { unchanged: result };
    await tx
      .update(models)
      .set({ ...plan, updatedAt: now, revision: sql`${models.revision} + 1` })
      .where(eq(models.id, model.id));
    return {
      result,
      entry: {
        subject: { kind: "model", id: model.id, ref: model.name },
        modelId: model.id,
        summary: input.date
          ? `planned the end of ${model.name} on ${input.date}${successor ? `, followed by ${successor.name}` : ""}`
          : `took back the planned end of ${model.name}`,
        body: { before, after: plan, successor: successor?.name ?? null },
      },
    };
  },
});

/** What still hangs on a model; a model retires when nothing does. */
export async function insistNothingHangsOn(tx: Tx, model: { id: string; name: string }): Promise<void> {
  const { rows } = await tx.execute<{ serving: string[]; releases: string[]; followers: string[] }>(sql`
    select
      coalesce((select array_agg(v.version || ' in ' || d.environment || case when d.target <> '' then ' (' || d.target || ')' else '' end order by d.environment)
        from deployment d join model_version v on v.id = d.version_id where d.model_id = ${model.id} and d.until is null), '{}') as serving,
      coalesce((select array_agg(ref order by ref) from release where model_id = ${model.id} and status in ('open', 'allowed')), '{}') as releases,
      coalesce((select array_agg(name order by name) from model where successor_id = ${model.id} and stage <> 'retired'), '{}') as followers`);
  const found = rows[0];
  if (!found) return;
  const reasons = [
    ...(found.serving.length > 0 ? [`it still serves ${found.serving.join(", ")}`] : []),
    ...(found.releases.length > 0
      ? [`${found.releases.join(", ")} ${found.releases.length === 1 ? "is" : "are"} open`]
      : []),
    ...(found.followers.length > 0 ? [`it is to follow ${found.followers.join(", ")}`] : []),
  ];
  if (reasons.length === 0) return;
  throw new Refusal(
    "conflict",
    `${model.name} cannot retire: ${reasons.join("; ")}. Take it out of service, withdraw the release or name another successor first.`,
    [{ field: "to", message: "Something still hangs on it." }],
  );
}
