import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { dayOf } from "@/lib/core/business-days";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { cyclesWhere } from "@/lib/reviews/cycles";
import { type LaneMeasure, laneMeasure } from "@/lib/reviews/measures";
import { lanes } from "@/lib/reviews/review";

/** How this board keeps its promises: decisions of the last 90 days, and what it promised next. */
export type BoardRecord = {
  since: string;
  decided: number;
  lanes: LaneMeasure[];
  sentBack: number;
  dissent: number;
  next: { ref: string; title: string; promisedOn: string }[];
};

export const boardRecord = query({
  name: "queue.record",
  title: "How the board keeps its promises",
  http: { method: "GET", path: "/queue/record" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now): Promise<BoardRecord> => {
    const seen = inReach(actor, "reviews:read", sql`m.business_unit_id`);
    const from = new Date(now.getTime() - 90 * 86_400_000);
    const [decided, next] = await Promise.all([
      cyclesWhere(
        read,
        sql`${seen} and r.decided_at >= ${from.toISOString()}::timestamptz and r.status in ('approved', 'approved_with_conditions', 'rejected')`,
        now,
        2000,
      ),
      read.execute<{ ref: string; title: string; promisedOn: string }>(sql`
        select r.ref, r.title, r.promised_on::text as "promisedOn" from review r join model m on m.id = r.model_id
        where r.status = 'in_review' and r.promised_at >= ${now.toISOString()}::timestamptz and ${seen} order by r.promised_at, r.ref limit 5`),
    ]);
    return {
      since: dayOf(from),
      decided: decided.length,
      lanes: lanes
        .filter((lane) => lane !== "emergency")
        .map((lane) => laneMeasure(lane, decided))
        .filter((lane) => lane.decided > 0),
      sentBack: decided.filter((c) => c.bounces > 0).length,
      dissent: decided.filter((c) => c.dissent).length,
      next: next.rows,
    };
  },
});
