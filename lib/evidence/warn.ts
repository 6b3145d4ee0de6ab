import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, yes } from "@/lib/core/refusal";
import { warnDays } from "@/lib/readiness/waiver";

type Row = { model_id: string; item_id: string; days: number };

/** Warns of attestations 30, 14 and 3 days before they run out, once each; the owner finds them in the queue. */
export const warnOfEvidence = command({
  name: "evidence.watched",
  title: "Warn of attestations that run out",
  http: null,
  input: z.strictObject({}),
  load: async () => null,
  may: (actor) => (actor.kind === "system" ? yes : no("forbidden", "The portal does this by itself.")),
  run: async (tx, { now }): Promise<Done<{ warned: number }> | Unchanged<{ warned: number }>> => {
    const at = sql`${now.toISOString()}::timestamptz`;
    const steps = sql`${`{${warnDays.join(",")}}`}::int[]`;
    const { rows } = await tx.execute<Row>(sql`
      update attestation a set warned = array(select unnest(a.warned) union select d from unnest(${steps}) d where a.expires_at <= ${at} + d * interval '1 day' order by 1)
      from (select x.id, min(d) as days from attestation x join model m on m.id = x.model_id, unnest(${steps}) d
        where x.superseded_at is null and x.expires_at > ${at} and x.expires_at <= ${at} + d * interval '1 day' and m.stage <> 'retired'
        group by x.id) due
      where due.id = a.id and not due.days = any(a.warned) returning a.model_id, a.item_id, due.days`);
    const result = { warned: rows.length };
    if (rows.length === 0) return { unchanged: result };
    const models = [...new Set(rows.map((r) => r.model_id))];
    return {
      result,
      entry: {
        subject: { kind: "attestations", id: newId(), ref: "attestations" },
        modelId: models.length === 1 ? models[0] : null,
        concerns: models,
        summary: `warned of ${rows.length} ${rows.length === 1 ? "attestation that runs" : "attestations that run"} out, of ${models.length} ${models.length === 1 ? "model" : "models"}`,
        body: { warned: rows },
      },
    };
  },
});
