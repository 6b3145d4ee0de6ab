import "server-only";
import { and, asc, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { adrs } from "@/db/schema/decisions";
import { models } from "@/db/schema/models";
import { holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { modelNamed } from "@/lib/decisions/load";
import { currentAdoption } from "@/lib/patterns/queries";
import { prefilled } from "./fill";
import { precedents } from "./precedents";
import { fillsFor } from "./prefill";

/** What is known about a model before anyone writes: fields filled in, each with its source, records to link, and how like cases went. */
export const prepareIntake = query({
  name: "review.intake.prepared",
  title: "Prepare a review submission for a model",
  http: { method: "GET", path: "/models/{model}/intake" },
  input: z.strictObject({ model: z.string().trim().min(1).max(255) }),
  async run(read, input, actor, now) {
    const found = await modelNamed(read, input.model);
    if (!holds(actor, "inventory:read", found.businessUnitId))
      throw new Refusal("not_found", `There is no model ${input.model} in the inventory.`);
    const [model] = await read.select().from(models).where(eq(models.id, found.id));
    if (!model) throw new Error(`model ${found.id} vanished between two reads`);
    const [fills, adoption, records, similar] = await Promise.all([
      fillsFor(read, model.id, now),
      currentAdoption(read, model.id),
      read
        .select({ ref: adrs.ref, title: adrs.title, status: adrs.status })
        .from(adrs)
        .where(and(eq(adrs.modelId, model.id), sql`${adrs.status} in ('proposed', 'accepted')`))
        .orderBy(desc(adrs.id))
        .limit(20),
      precedents(read, { id: model.id, kind: model.kind, unitId: model.businessUnitId }),
    ]);
    return {
      model: {
        id: model.id,
        name: model.name,
        kind: model.kind,
        tier: model.tier,
        tierProvisional: model.tierProvisional,
        legalClass: model.legalClass,
        ownerId: model.ownerId,
        unitId: model.businessUnitId,
      },
      adoption: adoption
        ? { patternId: adoption.patternId, version: adoption.version, deviations: adoption.deviations }
        : null,
      records,
      precedents: similar,
      fills,
      submission: prefilled(fills),
    };
  },
});

/** Models that the actor can bring before the board, by name; those they own first. */
export const intakeModels = query({
  name: "review.intake.models",
  title: "List the models one can ask a review for",
  http: null,
  input: z.strictObject({ q: z.string().trim().max(200).optional() }),
  async run(read, { q }, actor) {
    const mine = sql`(${models.ownerId}::text = ${actor.id})`;
    return read
      .select({ name: models.name, tier: models.tier, mine: sql<boolean>`coalesce(${mine}, false)` })
      .from(models)
      .where(
        and(
          inReach(actor, "reviews:submit", models.businessUnitId),
          sql`${models.stage} not in ('retired', 'unclaimed')`,
          q ? sql`${models.name} ilike ${`%${q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`}` : undefined,
        ),
      )
      .orderBy(desc(sql`coalesce(${mine}, false)`), asc(models.name))
      .limit(50);
  },
});
