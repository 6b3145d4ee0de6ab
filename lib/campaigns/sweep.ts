import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import type { JobHandlers } from "@/lib/jobs/job";
import { headOf } from "./head";

type Swept = { reminded: number; escalated: number };
type Row = { model_id: string; ref: string; person: string | null };

/** Reminds those who have not answered on the days that were set, and tells the heads of their units after the due day. */
export const sweepCampaigns = command({
  name: "campaign.pursued",
  title: "Remind and escalate",
  http: null,
  input: z.strictObject({}),
  load: async () => null,
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { now }): Promise<Done<Swept> | Unchanged<Swept>> => {
    const at = sql`${now.toISOString()}::timestamptz`;
    const today = sql`${now.toISOString().slice(0, 10)}::date`;
    const { rows: reminded } = await tx.execute<Row>(sql`
      update campaign_item i set reminded_at = ${at} from campaign c, person p
      where c.id = i.campaign_id and p.id = i.owner_id and c.closed_at is null and i.state = 'open' and exists (
        select 1 from unnest(c.remind_days) d where ${today} >= c.due_on - d and ${today} <= c.due_on
          and (i.reminded_at is null or i.reminded_at::date < c.due_on - d))
      returning i.model_id, c.ref, p.name as person`);
    const { rows: escalated } = await tx.execute<Row>(sql`
      update campaign_item i set escalated_at = ${at}, escalated_to = ${headOf(sql`i.business_unit_id`)}
      from campaign c where c.id = i.campaign_id and c.closed_at is null and i.state = 'open' and c.due_on < ${today} and i.escalated_at is null
      returning i.model_id, c.ref, (select name from person p where p.id = i.escalated_to) as person`);
    const result = { reminded: reminded.length, escalated: escalated.length };
    const all = [...reminded, ...escalated];
    if (all.length === 0) return { unchanged: result };
    const refs = [...new Set(all.map((r) => r.ref))].join(", ");
    const said = [
      reminded.length > 0 ? `reminded ${people(reminded)} of ${models(reminded.length)}` : "",
      escalated.length > 0 ? `told ${people(escalated)} of ${models(escalated.length)} past the due day` : "",
    ].filter(Boolean);
    return {
      result,
      entry: {
        subject: { kind: "campaign", id: newId(), ref: refs },
        concerns: [...new Set(all.map((r) => r.model_id))],
        summary: `${refs}: ${said.join("; ")}`,
        body: { reminded: count(reminded), escalated: count(escalated) },
      },
    };
  },
});

const models = (n: number) => `${n} model${n === 1 ? "" : "s"}`;
const count = (rows: readonly Row[]): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const { person } of rows) out[person ?? "no head of unit"] = (out[person ?? "no head of unit"] ?? 0) + 1;
  return out;
};
const people = (rows: readonly Row[]): string => {
  const names = Object.keys(count(rows));
  return names.length === 1 ? (names[0] ?? "") : `${names.length} people`;
};

export const campaignJobs: JobHandlers = {
  "campaigns.pursue": async (ctx) => {
    await sweepCampaigns(ctx, {});
  },
};
