import "server-only";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { patternAdoptions } from "@/db/schema/decisions";
import { waivers } from "@/db/schema/facts";
import { loadContent } from "@/lib/content/load";
import { takeAssessment } from "@/lib/readiness/assess";
import type { Covered } from "./scope";
import type { Lack, Submission } from "./submission";

/** What keeps a further model from being submitted. */
export function modelLack(model: Covered): Lack[] {
  const fault =
    model.tier === null
      ? `${model.name} has no tier. Answer its risk questions first.`
      : model.stage === "retired"
        ? `${model.name} is retired. Take it out.`
        : null;
  return fault ? [{ field: "models", message: fault }] : [];
}

/** Deviations that name a control which no checklist has: triage could not weigh them. */
export function unknownControls(submission: Submission): Lack[] {
  const known = new Set(loadContent().checklists.flatMap((c) => c.items.map((i) => i.id.toLowerCase())));
  return (submission.deviations ?? []).flatMap((row, i) => {
    const control = row.control?.trim() ?? "";
    return control === "" || known.has(control.toLowerCase())
      ? []
      : [
          {
            field: "deviations",
            message: `Deviations: deviation ${i + 1} names “${control}”, which is no readiness item.`,
          },
        ];
  });
}

/** A model with everything that a submission pins of it. */
type ModelPins = {
  model: Covered & { tier: number };
  adoption: Awaited<ReturnType<typeof currentAdoption>>;
  assessment: Awaited<ReturnType<typeof takeAssessment>>;
  repeatedWaivers: string[];
};

/** Readiness is taken now, so that the board and the gate speak about the same bytes. */
async function pinModel(tx: Tx, model: Covered, now: Date): Promise<ModelPins> {
  if (model.tier === null) throw new Error(`${model.name} has no tier and was to be submitted`);
  return {
    model: { ...model, tier: model.tier },
    adoption: await currentAdoption(tx, model.id),
    assessment: await takeAssessment(tx, model.id, null, now),
    repeatedWaivers: await repeatedWaivers(tx, model.id),
  };
}

export async function pinModels(
  tx: Tx,
  [main, ...further]: readonly [Covered, ...Covered[]],
  now: Date,
): Promise<[ModelPins, ...ModelPins[]]> {
  const out: [ModelPins, ...ModelPins[]] = [await pinModel(tx, main, now)];
  for (const model of further) out.push(await pinModel(tx, model, now));
  return out;
}

/** A model in the bytes of a submission. */
export const modelPin = ({ id, name, tier, legalClass }: Covered) => ({ id, name, tier, legalClass });

/** Its reference architecture in the bytes of a submission. */
export const patternPin = (adoption: ModelPins["adoption"]) =>
  adoption && {
    id: adoption.patternId,
    version: adoption.version,
    digest: adoption.digest,
    deviations: adoption.deviations,
  };

async function currentAdoption(tx: Tx, modelId: string) {
  const [adoption] = await tx
    .select({
      patternId: patternAdoptions.patternId,
      version: patternAdoptions.version,
      digest: patternAdoptions.digest,
      deviations: patternAdoptions.deviations,
    })
    .from(patternAdoptions)
    .where(and(eq(patternAdoptions.modelId, modelId), isNull(patternAdoptions.endedAt)))
    .orderBy(desc(patternAdoptions.adoptedAt))
    .limit(1);
  return adoption ?? null;
}

async function repeatedWaivers(tx: Tx, modelId: string): Promise<string[]> {
  const rows = await tx
    .select({ itemId: waivers.itemId })
    .from(waivers)
    .where(and(eq(waivers.modelId, modelId), sql`${waivers.acceptedAt} is not null`))
    .groupBy(waivers.itemId)
    .having(sql`count(*) > 1`)
    .orderBy(waivers.itemId);
  return rows.map((row) => row.itemId);
}
