import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "@/lib/core/query";
import type { ModelKind, Stage } from "./model";
import { seenModels } from "./visible";

/** A purpose on the map: what it is worth a year and how risky the riskiest of its models is. Null is not known, never zero. */
export type MapPoint = {
  ref: string;
  name: string;
  unit: string;
  valueEur: number | null;
  /** Highest risk score of its models, 0 to 100. */
  score: number | null;
  /** Strictest tier of its models. */
  tier: number | null;
  models: number;
  live: number;
};

export type StuckRow = {
  name: string;
  unit: string | null;
  owner: string | null;
  tier: number | null;
  stage: Stage;
  since: string;
  why: string;
};

/** Longer than this in a stage that is on the way somewhere counts as stuck. */
export const stuckAfterDays = 60;
export const recentDays = 90;

const day = (now: Date, ago: number): string => new Date(now.getTime() - ago * 86_400_000).toISOString().slice(0, 10);

/** What keeps a model where it is, the first that applies. */
const why: SQL = sql`case
  when m.owner_id is null then 'Nobody owns it'
  when m.tier is null then 'Its risk was never scored'
  when exists (select 1 from review r join review_model x on x.review_id = r.id and x.round = r.round where x.model_id = m.id and r.status = 'changes_requested') then 'The board asked for changes'
  when exists (select 1 from review r join review_model x on x.review_id = r.id and x.round = r.round where x.model_id = m.id and r.status = 'deferred') then 'The board deferred it'
  when exists (select 1 from review r join review_model x on x.review_id = r.id and x.round = r.round where x.model_id = m.id and r.status = 'in_review') then 'The board has not decided'
  when exists (select 1 from review_model x join review_decision d on d.review_id = x.review_id and d.round = x.round
    join condition c on c.decision_id = d.id where x.model_id = m.id and c.status in ('open', 'answered')) then 'Conditions are open'
  when m.gate_decision = 'deny' then 'The gate denies it: reasons ' || coalesce(m.gate_reasons, 0)
  when m.readiness_fail > 0 then 'Readiness checks fail: ' || m.readiness_fail
  when m.readiness_unknown > 0 then 'Readiness checks unknown: ' || m.readiness_unknown
  when m.rescore_since is not null then 'Its risk has to be scored again'
  else 'No release was asked for' end`;

/**
 * What leadership looks at beside the counts: the map of value and risk, what is new, retired and stuck with the reason, kinds,
 * known budgets, overrides of tiers, and what has to be scored again. Days are in the answer, so that each number's rows can be opened.
 */
export const portfolioOutlook = query({
  name: "portfolio.outlook",
  title: "Read value, risk and movement of the portfolio",
  http: { method: "GET", path: "/portfolio/outlook" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now) => {
    const mine = sql`${seenModels(actor)} and m.joined_to_id is null`;
    const recent = day(now, recentDays);
    const stuck = day(now, stuckAfterDays);
    const isStuck = sql`m.stage in ('development', 'review', 'pilot', 'shadow', 'retiring') and m.stage_since < ${stuck}::date`;
    const [points, kinds, totals, stuckRows, reasons] = await Promise.all([
      read.execute<MapPoint>(sql`
        select c.ref, c.name, u.name as unit, c.value_eur::float8 as "valueEur", max(r.score) as score, min(m.tier) as tier,
          count(m.id)::int as models, count(*) filter (where m.stage = 'live')::int as live
        from use_case c join business_unit u on u.id = c.business_unit_id
        left join model m on m.use_case_id = c.id and m.stage <> 'retired' and ${mine}
        left join risk_assessment r on r.id = m.risk_assessment_id
        where c.status <> 'retired' and ${seenModels(actor, sql`c.business_unit_id`)}
        group by c.id, c.ref, c.name, c.value_eur, u.name order by c.value_eur desc nulls last, c.ref limit 500`),
      read.execute<{ kind: ModelKind | null; models: number; live: number; tier1: number }>(sql`
        select m.kind, count(*)::int as models, count(*) filter (where m.stage = 'live')::int as live,
          count(*) filter (where m.tier = 1)::int as tier1 from model m where ${mine} and m.stage <> 'retired' group by 1 order by 2 desc, 1`),
      read.execute<Totals>(sql`
        select count(*) filter (where m.stage <> 'retired')::int as models, count(*) filter (where m.stage = 'live')::int as live,
          count(*) filter (where m.created_at >= ${recent}::date)::int as new,
          count(*) filter (where m.stage = 'retired' and m.stage_since >= ${recent}::date)::int as retired,
          count(*) filter (where ${isStuck})::int as stuck,
          count(*) filter (where m.rescore_since is not null and m.stage <> 'retired')::int as rescore,
          count(*) filter (where exists (select 1 from tier_override o where o.model_id = m.id and o.ended_at is null))::int as overridden,
          count(*) filter (where m.owner_id is null and m.stage <> 'retired')::int as ownerless,
          (sum(b.eur) filter (where m.stage = 'live'))::float8 as budget,
          count(*) filter (where m.stage = 'live' and b.eur is null)::int as unbudgeted
        from model m left join lateral (
          select (f.value #>> '{}')::numeric as eur from fact f
          where f.subject_id = m.id and f.key = 'cost.budget_monthly' and f.superseded_at is null and jsonb_typeof(f.value) = 'number' limit 1
        ) b on true where ${mine}`),
      read.execute<StuckRow>(sql`
        select m.name, u.name as unit, p.name as owner, m.tier, m.stage, m.stage_since as since, ${why} as why
        from model m left join business_unit u on u.id = m.business_unit_id left join person p on p.id = m.owner_id
        where ${mine} and ${isStuck} order by m.stage_since, m.name limit 10`),
      read.execute<{ why: string; n: number }>(sql`
        select regexp_replace(w.why, ': (reasons )?\\d+$', '') as why, count(*)::int as n
        from model m, lateral (select ${why} as why) w where ${mine} and ${isStuck} group by 1 order by 2 desc, 1 limit 12`),
    ]);
    const sums = totals.rows[0];
    if (!sums) throw new Error("An aggregate without a row.");
    return {
      points: points.rows,
      kinds: kinds.rows,
      totals: sums,
      stuck: stuckRows.rows,
      reasons: reasons.rows,
      days: { recent, stuck },
    };
  },
});

type Totals = {
  models: number;
  live: number;
  new: number;
  retired: number;
  stuck: number;
  rescore: number;
  overridden: number;
  ownerless: number;
  /** Monthly budgets of live models that give one, EUR; null when none does. */
  budget: number | null;
  unbudgeted: number;
};

/** What the outlook answers. */
export type Outlook = Awaited<ReturnType<typeof portfolioOutlook>>;
