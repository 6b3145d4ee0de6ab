import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { controlReviews } from "@/db/schema/facts";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, Refusal, yes } from "@/lib/core/refusal";
import { conclusions, mayConclude, waivedOften } from "./control-review";
import { checklistItem } from "./subject";
import { warnDays } from "./waiver";

type Warned = { warned: number; reviews: number };
type Row = { model_id: string; ref: string; days: number };

/**
 * Warns of waivers and accepted risks 30, 14 and 3 days before their end, once each, and opens a review of each item that many waive. One that
 * was shorter to begin with is warned of once for all steps that have passed.
 */
export const warnOfWaivers = command({
  name: "readiness.waivers.watched",
  title: "Warn of waivers that run out",
  http: null,
  input: z.strictObject({}),
  load: async () => null,
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { now }): Promise<Done<Warned> | Unchanged<Warned>> => {
    const at = sql`${now.toISOString()}::timestamptz`;
    const steps = sql`${`{${warnDays.join(",")}}`}::int[]`;
    const soon = async (table: "waiver" | "risk_acceptance") =>
      (
        await tx.execute<Row>(sql`
      update ${sql.identifier(table)} w set warned = array(select unnest(w.warned) union select d from unnest(${steps}) d where w.expires_at <= ${at} + d * interval '1 day' order by 1)
      from (select x.id, min(d) as days from ${sql.identifier(table)} x, unnest(${steps}) d
        where x.accepted_at is not null and x.ended_at is null and x.expires_at > ${at} and x.expires_at <= ${at} + d * interval '1 day'
        group by x.id) due
      where due.id = w.id and not due.days = any(w.warned) returning w.model_id, w.ref, due.days`)
      ).rows;
    const rows = [...(await soon("waiver")), ...(await soon("risk_acceptance"))];
    const { rows: often } = await tx.execute<{ item_id: string; waivers: number; models: number }>(sql`
      select w.item_id, count(distinct w.model_id)::int as waivers, (select count(*)::int from model where readiness_total > 0 and stage <> 'retired') as models
      from waiver w join model m on m.id = w.model_id
      where w.accepted_at is not null and w.ended_at is null and w.expires_at > ${at} and m.stage <> 'retired'
        and not exists (select 1 from control_review r where r.item_id = w.item_id and (r.concluded_at is null or r.concluded_at > ${at} - interval '90 days'))
      group by w.item_id`);
    const reviewed = often.filter((o) => waivedOften(o.waivers, o.models));
    for (const { item_id, waivers, models } of reviewed)
      await tx.insert(controlReviews).values({ id: newId(), itemId: item_id, waivers, models, openedAt: now });
    const result = { warned: rows.length, reviews: reviewed.length };
    if (rows.length + reviewed.length === 0) return { unchanged: result };
    const concerned = [...new Set(rows.map((r) => r.model_id))];
    const said = [
      rows.length > 0
        ? `warned of ${rows.length === 1 ? `${rows[0]?.ref}, which runs` : `${rows.length} waivers and accepted risks that run`} out`
        : "",
      reviewed.length > 0 ? `opened a review of ${reviewed.map((r) => r.item_id).join(", ")}, which many waive` : "",
    ].filter(Boolean);
    return {
      result,
      entry: {
        subject: { kind: "waivers", id: newId(), ref: rows.length === 1 ? (rows[0]?.ref ?? "") : "waivers" },
        modelId: concerned.length === 1 ? concerned[0] : null,
        concerns: concerned,
        summary: said.join("; "),
        body: { warned: rows.map(({ ref, days }) => ({ ref, days })), reviews: reviewed },
      },
    };
  },
});

export const concludeReview = command({
  name: "readiness.item.reviewed",
  title: "Conclude the review of an item that many waive",
  http: { method: "POST", path: "/readiness/items/{item}/review" },
  input: z.strictObject({
    item: z.string().trim().min(1).max(60),
    conclusion: z.enum(conclusions, `Choose ${conclusions.join(", ")}.`),
    reason: z.string().trim().min(20, "Say in at least 20 characters why.").max(4000, "At most 4000 characters."),
  }),
  load: async () => null,
  may: (actor) => mayConclude(actor),
  run: async (tx, { input, actor, now }) => {
    const { item } = checklistItem(input.item);
    const { rows } = await tx.execute<{ id: string; waivers: number }>(sql`
      update control_review set concluded_at = ${now.toISOString()}::timestamptz, concluded_by = ${actor.id}, conclusion = ${input.conclusion}, reason = ${input.reason}
      where item_id = ${item.id} and concluded_at is null returning id, waivers`);
    const [row] = rows;
    if (!row) throw new Refusal("conflict", `No review of ${item.id} is open.`);
    return {
      result: { item: item.id, conclusion: input.conclusion },
      entry: {
        subject: { kind: "checklist_item", id: row.id, ref: item.id },
        summary: `concluded the review of ${item.id}, which ${row.waivers} models had waived: ${input.conclusion}`,
        body: { item: item.id, conclusion: input.conclusion, reason: input.reason },
      },
    };
  },
});
