import "server-only";
import { sql } from "drizzle-orm";
import { campaigns } from "@/db/schema/campaigns";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { nextRef } from "@/lib/core/ref";
import { Refusal } from "@/lib/core/refusal";
import { subtrees } from "@/lib/models/list";
import { mayRun, openInput } from "./campaign";
import { headOf } from "./head";

const array = (values: readonly (string | number)[]) => `{${values.join(",")}}`;

/** Asks the owners of all models in scope to confirm that they answer for them. */
export const openCampaign = command({
  name: "campaign.opened",
  title: "Open an ownership campaign",
  http: { method: "POST", path: "/campaigns", status: 201 },
  input: openInput,
  load: async (tx, input) => ({ units: await subtrees(tx, input.units) }),
  may: (actor) => mayRun(actor),
  run: async (tx, { input, subject: { units }, actor, now }) => {
    if (input.dueOn <= now.toISOString().slice(0, 10))
      throw new Refusal("invalid", "dueOn: give owners at least a day.", [
        { field: "dueOn", message: "Must lie ahead." },
      ]);
    const id = newId();
    const ref = await nextRef(tx, "cmp");
    const scope = { units: input.units, tiers: input.tiers, stages: input.stages };
    await tx.insert(campaigns).values({
      id,
      ref,
      title: input.title,
      scope,
      dueOn: input.dueOn,
      remindDays: [...new Set(input.remindDays)].sort((a, b) => b - a),
      openedAt: now,
      openedBy: actor.id,
      openedByName: actor.name,
    });
    // A model that nobody owns is asked of the head of its unit from the start.
    const { rows } = await tx.execute<{ model_id: string; owner_id: string | null }>(sql`
      insert into campaign_item (id, campaign_id, model_id, model_name, business_unit_id, owner_id, state, escalated_at, escalated_to)
      select gen_random_uuid(), ${id}, m.id, m.name, m.business_unit_id, m.owner_id, 'open',
        case when m.owner_id is null then ${now.toISOString()}::timestamptz end, case when m.owner_id is null then ${headOf(sql`m.business_unit_id`)} end
      from model m
      where m.stage not in ('unclaimed', 'retired') and m.joined_to_id is null
        and (${input.units.length === 0} or m.business_unit_id = any(${array(units)}::uuid[]))
        and (${input.tiers.length === 0} or m.tier = any(${array(input.tiers)}::int[]))
        and (${input.stages.length === 0} or m.stage = any(${array(input.stages)}::text[]))
      returning model_id, owner_id`);
    if (rows.length === 0)
      throw new Refusal("conflict", "No model is in this scope. Widen the units, tiers or stages.", [
        { field: "units", message: "No model is in scope." },
      ]);
    const owners = new Set(rows.map((r) => r.owner_id).filter((o) => o !== null)).size;
    return {
      result: { id, ref, models: rows.length, owners },
      entry: {
        subject: { kind: "campaign", id, ref },
        concerns: rows.map((r) => r.model_id),
        summary: `opened ${ref}, ${input.title}: ${rows.length} models of ${owners} owners, due ${input.dueOn}`,
        body: { ...input, models: rows.length, owners },
      },
    };
  },
});
