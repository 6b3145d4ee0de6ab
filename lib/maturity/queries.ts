import "server-only";
import { desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { maturityAssessments } from "@/db/schema/maturity";
import { people } from "@/db/schema/org";
import { query } from "@/lib/core/query";
import { insist } from "@/lib/core/refusal";
import { mayRead } from "@/lib/models/visible";
import { findTeam, maturityContent } from "./find";
import { measure } from "./measure";

export type TeamMaturity = {
  team: string;
  unit: string;
  lead: string | null;
  models: number;
  overall: number | null;
  levels: Record<string, number> | null;
  answeredAt: string | null;
  before: number | null;
};

/** Teams by name with their last level by dimension, and the overall level of the time before. */
export const maturityOfTeams = query({
  name: "maturity.teams",
  title: "List the capability of teams",
  http: { method: "GET", path: "/maturity" },
  input: z.strictObject({}),
  run: async (read, _input, actor) => {
    insist(mayRead(actor));
    const { rows } = await read.execute<TeamMaturity>(sql`
      select t.name as team, u.name as unit, p.name as lead, (select count(*)::int from model m where m.team = t.name) as models,
        a.overall, a.levels, a.answered_at as "answeredAt",
        (select b.overall from maturity_assessment b where b.team_id = t.id and b.answered_at < a.answered_at order by b.answered_at desc limit 1) as before
      from team t join business_unit u on u.id = t.business_unit_id left join person p on p.id = t.lead_id
        left join lateral (select * from maturity_assessment x where x.team_id = t.id order by x.answered_at desc limit 1) a on true
      order by t.name limit 1000`);
    const { dimensions, version, title } = maturityContent();
    return {
      title,
      version,
      dimensions: dimensions.map((d) => ({ id: d.id, title: d.title, overlay: d.overlay })),
      items: rows,
    };
  },
});

/** One team: what is asked, what is measured today, what was answered last, and the trend of all its answers, oldest first. */
export const maturityOfTeam = query({
  name: "maturity.team",
  title: "Read the capability of a team",
  http: { method: "GET", path: "/teams/{team}/maturity" },
  input: z.strictObject({ team: z.string().trim().min(1).max(120) }),
  run: async (read, { team: name }, actor) => {
    insist(mayRead(actor));
    const team = await findTeam(read, name);
    const content = maturityContent();
    const rows = await read
      .select({ row: maturityAssessments, by: people.name })
      .from(maturityAssessments)
      .innerJoin(people, eq(people.id, maturityAssessments.answeredBy))
      .where(eq(maturityAssessments.teamId, team.id))
      .orderBy(desc(maturityAssessments.answeredAt))
      .limit(40);
    const measured = await measure(read, team.name, content);
    const last = rows[0];
    return {
      team,
      title: content.title,
      version: content.version,
      dimensions: content.dimensions,
      measured: Object.fromEntries(measured),
      last: last ? { ...last.row, by: last.by } : null,
      trend: rows
        .map(({ row, by }) => ({ at: row.answeredAt, overall: row.overall, levels: row.levels, by }))
        .reverse(),
    };
  },
});
