import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "@/lib/core/query";
import type { Platform, Stage } from "./model";
import { seenModels } from "./visible";

type UnitRow = {
  slug: string;
  name: string;
  parent: string | null;
  models: number;
  unclaimed: number;
  without_owner: number;
  tiers: Record<string, number>;
  stages: Partial<Record<Stage, number>>;
  live: number;
  releases: number;
  use_cases: number;
  value_eur: string | null;
  unvalued: number;
};

/**
 * The portfolio by business unit, by platform and in all: models by tier and stage, expected value (EUR a year, of use cases that
 * give one), models that nobody claimed, and releases to prod in the last 90 days. A unit counts its own models, not those below.
 */
export const portfolioGet = query({
  name: "portfolio.read",
  title: "Read the portfolio",
  http: { method: "GET", path: "/portfolio" },
  input: z.strictObject({}),
  run: async (read, _input, actor, now) => {
    // A record that was joined to a model is part of that one.
    const mine = sql`${seenModels(actor)} and m.joined_to_id is null`;
    const ours = seenModels(actor, sql`u.id`);
    const since = new Date(now.getTime() - 90 * 86_400_000).toISOString();
    const [byUnit, byPlatform, none] = await Promise.all([
      read.execute<UnitRow>(sql`
        with m as (
          select business_unit_id, count(*)::int as models,
            count(*) filter (where stage = 'unclaimed')::int as unclaimed,
            count(*) filter (where owner_id is null)::int as without_owner,
            count(*) filter (where stage = 'live')::int as live
          from model m where ${mine} group by 1
        ), t as (
          select business_unit_id, jsonb_object_agg(tier, n) as tiers
          from (select business_unit_id, coalesce(tier::text, 'none') as tier, count(*)::int as n from model m where ${mine} group by 1, 2) x group by 1
        ), s as (
          select business_unit_id, jsonb_object_agg(stage, n) as stages
          from (select business_unit_id, stage, count(*)::int as n from model m where ${mine} group by 1, 2) x group by 1
        ), r as (
          select m.business_unit_id, count(*)::int as releases from deployment d join model m on m.id = d.model_id
          where d.environment = 'prod' and d.since >= ${since}::timestamptz and d.release_id is not null group by 1
        ), c as (
          select business_unit_id, count(*)::int as use_cases, sum(value_eur)::text as value_eur,
            count(*) filter (where value_eur is null)::int as unvalued
          from use_case where status <> 'retired' group by 1
        )
        select u.slug, u.name, p.slug as parent, coalesce(m.models, 0) as models, coalesce(m.unclaimed, 0) as unclaimed,
          coalesce(m.without_owner, 0) as without_owner, coalesce(t.tiers, '{}') as tiers, coalesce(s.stages, '{}') as stages,
          coalesce(m.live, 0) as live, coalesce(r.releases, 0) as releases, coalesce(c.use_cases, 0) as use_cases, c.value_eur,
          coalesce(c.unvalued, 0) as unvalued
        from business_unit u
        left join business_unit p on p.id = u.parent_id
        left join m on m.business_unit_id = u.id left join t on t.business_unit_id = u.id
        left join s on s.business_unit_id = u.id left join r on r.business_unit_id = u.id
        left join c on c.business_unit_id = u.id
        where ${ours} order by u.name`),
      read.execute<{ platform: Platform; models: number; live: number; unclaimed: number }>(sql`
        select platform, count(*)::int as models, count(*) filter (where stage = 'live')::int as live,
          count(*) filter (where stage = 'unclaimed')::int as unclaimed
        from model m where ${mine} group by 1 order by 2 desc, 1`),
      read.execute<{ models: number }>(
        sql`select count(*)::int as models from model m where m.business_unit_id is null and m.joined_to_id is null`,
      ),
    ]);
    return {
      units: byUnit.rows.map(({ without_owner, use_cases, value_eur, ...u }) => ({
        ...u,
        withoutOwner: without_owner,
        useCases: use_cases,
        valueEur: value_eur,
      })),
      platforms: byPlatform.rows,
      withoutUnit: none.rows[0]?.models ?? 0,
      releasesSince: since.slice(0, 10),
    };
  },
});

/** What the portfolio answers. */
export type Portfolio = Awaited<ReturnType<typeof portfolioGet>>;
