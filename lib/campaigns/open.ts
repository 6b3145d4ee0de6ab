import "server-only";
import { sql } from "drizzle-orm";
import { command } from "@/lib/core/command";
import { subtrees } from "@/lib/models/list";
import { begin } from "./begin";
import { mayRun, openInput } from "./campaign";

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
    const scope = { units: input.units, tiers: input.tiers, stages: input.stages };
    const picks = sql`(${input.units.length === 0} or m.business_unit_id = any(${array(units)}::uuid[]))
      and (${input.tiers.length === 0} or m.tier = any(${array(input.tiers)}::int[]))
      and (${input.stages.length === 0} or m.stage = any(${array(input.stages)}::text[]))`;
    const { id, ref, concerns, models, owners } = await begin(
      tx,
      { ...input, scope, upgrade: null },
      picks,
      actor,
      now,
    );
    return {
      result: { id, ref, models, owners },
      entry: {
        subject: { kind: "campaign", id, ref },
        concerns,
        summary: `opened ${ref}, ${input.title}: ${models} models of ${owners} owners, due ${input.dueOn}`,
        body: { ...input, models, owners },
      },
    };
  },
});
