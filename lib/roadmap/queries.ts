import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type BacklogState, mayRead } from "@/lib/backlog/backlog";
import { type Quarter, quarterOf } from "@/lib/backlog/quarter";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { isLate, type MilestoneState } from "./milestone";

export type Milestone = {
  id: string;
  ref: string;
  title: string;
  outcome: string;
  phase: string | null;
  quarter: Quarter;
  firstQuarter: Quarter;
  state: MilestoneState;
  owner: string | null;
  reachedAt: string | null;
  closedReason: string | null;
  /** First ones first. */
  moves: { from: Quarter; to: Quarter; reason: string; by: string; at: string }[];
  items: { ref: string; title: string; state: BacklogState; points: number }[];
};

/** The roadmap: milestones by quarter, each with its moves and with what of the backlog it takes. */
export const readRoadmap = query({
  name: "roadmap.read",
  title: "Read the roadmap of the target state",
  http: { method: "GET", path: "/roadmap" },
  input: z.strictObject({}),
  async run(read, _input, actor, now) {
    insist(mayRead(actor));
    const { rows } = await read.execute<Milestone>(sql`
      select m.id, m.ref, m.title, m.outcome, m.phase, m.quarter, m.first_quarter as "firstQuarter", m.state, p.name as owner,
        to_char(m.reached_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "reachedAt", m.closed_reason as "closedReason",
        coalesce((select json_agg(json_build_object('from', v.from_quarter, 'to', v.to_quarter, 'reason', v.reason, 'by', q.name,
            'at', to_char(v.moved_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by v.moved_at)
          from milestone_move v join person q on q.id = v.moved_by where v.milestone_id = m.id), '[]') as moves,
        coalesce((select json_agg(json_build_object('ref', b.ref, 'title', b.title, 'state', b.state, 'points', b.points) order by b.ref)
          from milestone_item x join backlog_item b on b.id = x.item_id where x.milestone_id = m.id), '[]') as items
      from milestone m left join person p on p.id = m.owner_id order by m.quarter, m.ref limit 500`);
    const today = quarterOf(now);
    const milestones = rows.map((m) => ({ ...m, late: isLate(m, today) }));
    return {
      today,
      quarters: [...new Set(milestones.map((m) => m.quarter))].map((quarter) => ({
        quarter,
        milestones: milestones.filter((m) => m.quarter === quarter),
      })),
      /** Of all that are not dropped: how many moved at least once, and are late. */
      total: milestones.filter((m) => m.state !== "dropped").length,
      moved: milestones.filter((m) => m.state !== "dropped" && m.moves.length > 0).length,
      late: milestones.filter((m) => m.late).length,
    };
  },
});
