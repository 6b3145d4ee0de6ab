import "server-only";
import { sql } from "drizzle-orm";
import { campaigns } from "@/db/schema/campaigns";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { checklistItem } from "@/lib/readiness/subject";
import { wouldBeAsked } from "@/lib/readiness/would-be-asked";
import { begin } from "./begin";
import { mayRun, openRaiseInput, refInput } from "./campaign";
import { findCampaign } from "./find";

/**
 * Raises a readiness item to required in further tiers from the due day on, and asks the owners of all models that do not meet it.
 * Nobody answers: whether a model meets it is told by its assessments.
 */
export const openRaise = command({
  name: "campaign.raise.opened",
  title: "Open a campaign that raises a readiness item",
  http: { method: "POST", path: "/campaigns/raises", status: 201 },
  input: openRaiseInput,
  load: async () => null,
  may: (actor) => mayRun(actor),
  run: async (tx, { input, actor, now }) => {
    const { item } = checklistItem(input.item);
    const tiers = [...new Set(input.tiers)].sort();
    if (tiers.every((t) => item.tiers.some((known) => known === t)))
      throw new Refusal("invalid", `tiers: ${item.id} is required there already.`, [
        { field: "tiers", message: "Name a tier in which it is not required yet." },
      ]);
    const { rows: running } = await tx.execute<{ ref: string }>(
      sql`select ref from campaign where raise ->> 'item' = ${item.id} and closed_at is null`,
    );
    if (running[0]) throw new Refusal("conflict", `${running[0].ref} raises ${item.id} already. Close it first.`);
    const raise = { item: item.id, title: item.title, tiers, from: input.dueOn };
    const picks = sql`exists (select 1 from readiness_item i where i.model_id = m.id and ${wouldBeAsked(item, tiers)}
      and i.state in ('fail', 'unknown'))`;
    const scope = { units: [], tiers, stages: [] };
    const opened = await begin(tx, { ...input, scope, upgrade: null, raise }, picks, actor, now);
    const { id, ref, concerns, models, owners } = opened;
    return {
      result: { id, ref, models, owners },
      entry: {
        subject: { kind: "campaign", id, ref },
        concerns,
        summary: `opened ${ref}, ${input.title}: ${item.id} is required in tier ${tiers.join(", ")} from ${input.dueOn}; ${models} models of ${owners} owners do not meet it`,
        body: { ...input, raise, models, owners },
      },
    };
  },
});

/** Takes back a raise whose campaign is still open: the item is asked of no further tier. */
export const withdrawRaise = command({
  name: "campaign.raise.withdrawn",
  title: "Take back the raise of a readiness item",
  http: { method: "POST", path: "/campaigns/{ref}/withdraw" },
  input: refInput,
  load: (tx, { ref }) => findCampaign(tx, ref),
  may: (actor) => mayRun(actor),
  run: async (tx, { subject: campaign, now, actor }) => {
    const { raise, ref } = campaign;
    if (!raise) throw new Refusal("conflict", `${ref} raises no readiness item.`);
    const { rowCount } = await tx.execute(sql`
      update ${campaigns} set raise = raise || '{"withdrawn": true}'::jsonb, closed_at = ${now.toISOString()}::timestamptz, closed_by_name = ${actor.name}
      where id = ${campaign.id} and closed_at is null`);
    if (rowCount !== 1) throw new Refusal("conflict", `${ref} was closed already; what it raised stays required.`);
    return {
      result: { ref },
      entry: {
        subject: { kind: "campaign", id: campaign.id, ref },
        summary: `took back ${ref}: ${raise.item} is not raised`,
        body: { raise },
      },
    };
  },
});
