import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { patternsInForce } from "@/lib/library/editions";
import { seenModels } from "@/lib/models/visible";
import { AdoptionList, type Departure, type Drift, type Standing } from "./adoption";
import { countedModels, countedUseCases, editionPlaces } from "./queries";

const array = (values: readonly string[]) => `{${values.map((v) => JSON.stringify(v)).join(",")}}`;
const oneOf = (column: SQL, values: readonly string[] | undefined): SQL =>
  values ? sql`${column} = any(${array(values)}::text[])` : sql`true`;

type Places = Awaited<ReturnType<typeof editionPlaces>>;

const told = sql`a.pattern_id as pattern, a.version, a.digest, a.adopted_at as "adoptedAt", e.behind,
  coalesce(d.open, 0) as open, coalesce(d.decided, 0) as decided`;

const words = sql`case when a.id is null then null when e.behind is null then 'unknown' when e.behind > 0 then 'behind' else 'current' end as drift,
  case when a.id is null then null when d.open > 0 then 'open' when d.decided > 0 then 'decided' else 'none' end as deviation`;

/** The adoption, its place among the editions, and the deviations of whoever a row is about. */
const joined = (column: SQL, id: SQL, places: Places): SQL => sql`
  left join pattern_adoption a on a.${column} = ${id} and a.ended_at is null
  left join jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as e(pattern text, digest text, behind int)
    on e.pattern = a.pattern_id and e.digest = a.digest
  left join (
    select d.${column}, count(*) filter (where r.status is distinct from 'accepted')::int as open,
      count(*) filter (where r.status = 'accepted')::int as decided
    from pattern_deviation d left join adr r on r.id = d.adr_id where d.ended_at is null group by d.${column}
  ) d on d.${column} = ${id}`;

/** One row for each model that could follow a pattern, with where it stands. */
const ofModels = (actor: Actor, places: Places): SQL => sql`
  select m.name as key, m.name as name, m.tier, m.stage, u.name as unit, u.slug as unit_slug, o.name as owner, ${told}, g.missing,
    case when a.id is not null then 'follows' when g.id is not null then 'no_fit' else 'none' end as standing, ${words}
  from model m
    left join business_unit u on u.id = m.business_unit_id
    left join person o on o.id = m.owner_id
    ${joined(sql`model_id`, sql`m.id`, places)}
    left join pattern_gap g on g.model_id = m.id and g.state in ('open', 'planned')
  where ${countedModels} and ${seenModels(actor)}`;

/** The same of use cases, which have no tier and whose stage is their status. */
const ofUseCases = (actor: Actor, places: Places): SQL => sql`
  select c.ref as key, c.name as name, null::int as tier, c.status as stage, u.name as unit, u.slug as unit_slug, o.name as owner,
    ${told}, g.missing, case when a.id is not null then 'follows' when g.id is not null then 'no_fit' else 'none' end as standing, ${words}
  from use_case c
    join business_unit u on u.id = c.business_unit_id
    left join person o on o.id = c.owner_id
    ${joined(sql`use_case_id`, sql`c.id`, places)}
    left join pattern_gap g on g.use_case_id = c.id and g.state in ('open', 'planned')
  where ${countedUseCases} and ${seenModels(actor, sql`c.business_unit_id`)}`;

const stands = { model: ofModels, use_case: ofUseCases };

export type AdoptionRow = {
  /** A model's name, or a use case's reference. */
  key: string;
  name: string;
  tier: number | null;
  stage: string;
  unit: string | null;
  owner: string | null;
  pattern: string | null;
  version: number | null;
  digest: string | null;
  adoptedAt: string | null;
  /** Versions between the pinned one and the one in force; null: nothing pinned, or the pinned text is not known here. */
  behind: number | null;
  /** Deviations that no accepted decision record allows, and those that one does. */
  open: number;
  decided: number;
  missing: string | null;
  standing: Standing;
  drift: Drift | null;
  deviation: Departure | null;
};

/** Every model (by name) or use case (by reference) that could follow a pattern, with what it follows and how far behind it is. */
export const adoptionList = query({
  name: "adoption.listed",
  title: "List which model or use case follows which reference architecture",
  http: { method: "GET", path: "/adoption" },
  input: AdoptionList,
  run: async (read, wanted, actor) => {
    const where = sql.join(
      [
        oneOf(sql`s.pattern`, wanted.pattern),
        oneOf(sql`s.standing`, wanted.standing),
        oneOf(sql`s.drift`, wanted.drift),
        oneOf(sql`s.deviation`, wanted.deviation),
        oneOf(sql`s.unit_slug`, wanted.unit),
        oneOf(sql`s.tier::text`, wanted.tier),
      ],
      sql` and `,
    );
    const from = sql`from (${stands[wanted.of](actor, await editionPlaces(read))}) s where ${where}`;
    const [{ rows }, { rows: counted }] = await Promise.all([
      read.execute<AdoptionRow>(sql`
        select s.key, s.name, s.tier, s.stage, s.unit, s.owner, s.pattern, s.version, s.digest, s."adoptedAt", s.behind, s.open, s.decided,
          s.missing, s.standing, s.drift, s.deviation
        ${from} and ${wanted.after === undefined ? sql`true` : sql`s.key > ${wanted.after}`} order by s.key limit ${wanted.limit + 1}`),
      read.execute<{ n: number }>(sql`select count(*)::int as n ${from}`),
    ]);
    const items = rows.slice(0, wanted.limit);
    return {
      items,
      total: counted[0]?.n ?? 0,
      next: rows.length > wanted.limit ? (items.at(-1)?.key ?? null) : null,
    };
  },
});

type Figures = {
  follows: number;
  current: number;
  behind: number;
  unknown: number;
  openDeviations: number;
  decidedDeviations: number;
};

const figures = sql`count(*) filter (where s.standing = 'follows')::int as follows, count(*) filter (where s.drift = 'current')::int as current,
  count(*) filter (where s.drift = 'behind')::int as behind, count(*) filter (where s.drift = 'unknown')::int as unknown,
  count(*) filter (where s.deviation = 'open')::int as "openDeviations", count(*) filter (where s.deviation = 'decided')::int as "decidedDeviations"`;

/**
 * Adoption over all and for each pattern. The rate is models that follow one over models that could: those for which no pattern
 * fits are outside of it and counted as backlog (governance, KPI 1).
 */
export const adoptionSummary = query({
  name: "adoption.summed",
  title: "Sum the adoption of reference architectures",
  http: { method: "GET", path: "/adoption/summary" },
  input: z.strictObject({ unit: z.string().trim().min(1).max(120).optional() }),
  run: async (read, { unit }, actor) => {
    const places = await editionPlaces(read);
    const [from, fromUseCases] = [ofModels, ofUseCases].map(
      (rows) => sql`from (${rows(actor, places)}) s where ${oneOf(sql`s.unit_slug`, unit ? [unit] : undefined)}`,
    );
    const [{ rows: all }, { rows: each }, { rows: useCases }, { rows: campaigns }] = await Promise.all([
      read.execute<Figures & { models: number; noFit: number; none: number }>(sql`
        select count(*)::int as models, count(*) filter (where s.standing = 'no_fit')::int as "noFit",
          count(*) filter (where s.standing = 'none')::int as none, ${figures} ${from}`),
      read.execute<Figures & { pattern: string }>(sql`
        select s.pattern, ${figures} ${from} and s.pattern is not null group by s.pattern`),
      read.execute<{ pattern: string | null; n: number }>(sql`
        select s.pattern, count(*)::int as n ${fromUseCases} group by s.pattern`),
      read.execute<{ ref: string; pattern: string; due: string }>(
        sql`select ref, upgrade ->> 'pattern' as pattern, due_on::text as due from campaign where upgrade is not null and closed_at is null`,
      ),
    ]);
    const [over] = all;
    if (!over) throw new Error("A count gave no row.");
    const none: Figures = { follows: 0, current: 0, behind: 0, unknown: 0, openDeviations: 0, decidedDeviations: 0 };
    const known = (await patternsInForce(read)).map((p) => ({
      pattern: p.id,
      title: p.title,
      version: p.version,
    }));
    const pinned = [...new Set([...each, ...useCases].flatMap((e) => e.pattern ?? []))];
    const gone = pinned.filter((id) => !known.some((k) => k.pattern === id));
    const could = over.models - over.noFit;
    return {
      ...over,
      could,
      /** Share of 1; null where no model could follow one. */
      rate: could === 0 ? null : over.follows / could,
      /** Use cases that could follow one, and those that do. */
      useCases: {
        all: useCases.reduce((sum, u) => sum + u.n, 0),
        follow: useCases.reduce((sum, u) => sum + (u.pattern === null ? 0 : u.n), 0),
      },
      patterns: [...known, ...gone.map((id) => ({ pattern: id, title: id, version: null }))]
        .map((k) => ({
          ...none,
          ...each.find((e) => e.pattern === k.pattern),
          ...k,
          useCases: useCases.find((u) => u.pattern === k.pattern)?.n ?? 0,
          /** The open upgrade campaign. */
          campaign: campaigns.find((c) => c.pattern === k.pattern) ?? null,
        }))
        .sort((a, b) => b.follows - a.follows || a.title.localeCompare(b.title)),
    };
  },
});
