import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { roleList } from "@/lib/core/in-reach";
import { Refusal } from "@/lib/core/refusal";
import { type Role, rightsOf, roles } from "@/lib/core/rights";
import { type Policy, tierRule } from "./policy";
import { type Candidate, type Satisfiability, satisfiable } from "./satisfiable";
import { seesRelease } from "./visible";

/** A business unit with those it lies in (itself first) and how many models serve there, by tier 1 to 4. */
type Unit = {
  id: string;
  slug: string;
  name: string;
  depth: number;
  above: readonly string[];
  live: readonly number[];
};
type Grantee = {
  id: string;
  name: string;
  email: string;
  active: boolean;
  grants: readonly { role: Role; unit: string | null }[];
};
/** Everybody and everything that decides whether a policy can be met; read in four statements, whatever its size. */
export type Organisation = {
  units: readonly Unit[];
  people: readonly Grantee[];
  trainers: ReadonlyMap<string | null, readonly Grantee[]>;
  /** Live models that belong to no unit, by tier 1 to 4. */
  unitless: readonly number[];
};

export const tiers = [1, 2, 3, 4] as const;
/** Roles that make somebody count: they sign, ask for releases, or (administrators) may not sign. */
const counted = roleList(
  roles.filter(
    (r) => rightsOf[r].includes("releases:approve") || rightsOf[r].includes("releases:request") || r === "admin",
  ),
);

/** The organisation as it is now; `trainers` false leaves them out, where the question is only whether anyone could pass. */
export async function organisation(read: Reader, trainers = true): Promise<Organisation> {
  await refusePast(read);
  const [units, people, trained] = await Promise.all([
    read.execute<Omit<Unit, "id"> & { id: string | null }>(sql`
      with recursive t as (
        select id, slug, name, 0 as depth, array[id] as above, array[name] as path from business_unit where parent_id is null
        union all select b.id, b.slug, b.name, t.depth + 1, b.id || t.above, t.path || b.name from business_unit b join t on b.parent_id = t.id
      ), live as (
        select business_unit_id as unit, array[count(*) filter (where tier = 1), count(*) filter (where tier = 2),
          count(*) filter (where tier = 3), count(*) filter (where tier = 4)]::int[] as live
        from model where stage = 'live' and joined_to_id is null group by business_unit_id
      )
      select t.id, t.slug, t.name, t.depth, t.above::text[] as above, coalesce(l.live, '{0,0,0,0}') as live, t.path
      from t left join live l on l.unit = t.id
      union all select null, '', '', 0, '{}', l.live, null from live l where l.unit is null
      order by path nulls last limit 2000`),
    read.execute<Grantee>(sql`
      select p.id, p.name, p.email, p.active, json_agg(json_build_object('role', g.role, 'unit', g.business_unit_id)) as grants
      from person p join role_grant g on g.person_id = p.id and g.role = any(${counted}::text[])
      group by p.id order by p.name, p.id`),
    trainers
      ? read.execute<{ unit: string | null; name: string }>(sql`
          select distinct m.business_unit_id as unit, lower(v.trained_by) as name from model_version v join model m on m.id = v.model_id
          where v.trained_by is not null and m.stage <> 'retired' limit 20000`)
      : { rows: [] },
  ]);
  return {
    units: units.rows.filter((u): u is Unit => u.id !== null),
    unitless: units.rows.find((u) => u.id === null)?.live ?? [0, 0, 0, 0],
    people: people.rows,
    trainers: trainersBy(people.rows, trained.rows),
  };
}

/** Roles have no past as rows: the present ones beside people of then would be a wrong answer. */
async function refusePast(read: Reader): Promise<void> {
  const { rows } = await read.execute<{ past: boolean }>(
    sql`select nullif(current_setting('countersign.as_of', true), '') is not null as past`,
  );
  if (rows[0]?.past)
    throw new Refusal(
      "invalid",
      "asof: Who held which role is not kept as rows, so this is answered for today only. Leave asof out; the log says who was given a role when.",
      [{ field: "asof", message: "Not kept for this." }],
    );
}

/** A registry's user name means a person as in lib/releases/load.ts: by address, its local part, or full name. */
function trainersBy(
  people: readonly Grantee[],
  trained: readonly { unit: string | null; name: string }[],
): Map<string | null, Grantee[]> {
  const known = new Map<string, Grantee>();
  for (const p of people)
    for (const name of [p.name.toLowerCase(), p.email.toLowerCase().split("@")[0] ?? "", p.email.toLowerCase()])
      known.set(name, p);
  const by = new Map<string | null, Grantee[]>();
  for (const { unit, name } of trained) {
    const person = known.get(name);
    const there = by.get(unit) ?? [];
    if (person && !there.includes(person)) by.set(unit, [...there, person]);
  }
  return by;
}

/** One unit of the answer; `unit` null stands for models that belong to none. Tiers in order, 1 to 4. */
export type UnitAnswer = {
  unit: Pick<Unit, "id" | "slug" | "name" | "depth"> | null;
  tiers: readonly (Satisfiability & { tier: 1 | 2 | 3 | 4; live: number })[];
};

/** What the policy asks of each unit that the actor may see: can its signatures be had? */
export function satisfiableIn(policy: Policy, org: Organisation, actor: Actor): UnitAnswer[] {
  const answers: UnitAnswer[] = org.units
    .filter((u) => seesRelease(actor, u.id))
    .map(({ id, slug, name, depth, above, live }) => {
      const here = candidates(org.people, above);
      return { unit: { id, slug, name, depth }, tiers: byTier(policy, live, here, here, org.trainers.get(id)) };
    });
  // Nobody of a unit signs for what belongs to none; asking is open to all who may ask anywhere.
  if (org.unitless.some((n) => n > 0) && seesRelease(actor, null))
    answers.push({
      unit: null,
      tiers: byTier(
        policy,
        org.unitless,
        candidates(org.people, []),
        candidates(org.people, null),
        org.trainers.get(null),
      ),
    });
  return answers;
}

/** People with the roles that reach a unit, given those it lies in; null: roles wherever held. */
const candidates = (people: readonly Grantee[], above: readonly string[] | null): Candidate[] =>
  people.map(({ id, name, active, grants }) => ({
    id,
    name,
    active,
    admin: grants.some((g) => g.role === "admin"),
    roles: grants.filter((g) => g.unit === null || above === null || above.includes(g.unit)).map((g) => g.role),
  }));

const byTier = (
  policy: Policy,
  live: readonly number[],
  signers: readonly Candidate[],
  askers: readonly Candidate[],
  trainers: readonly Grantee[] = [],
) =>
  tiers.map((tier) => ({
    tier,
    live: live[tier - 1] ?? 0,
    ...satisfiable(tierRule(policy, tier)?.approvals ?? [], signers, askers, trainers),
  }));

/** Where models serve for which nobody could pass the policy: unit and tiers. */
export const stuckUnits = (answers: readonly UnitAnswer[]): { unit: string; tiers: number[]; reason: string }[] =>
  answers.flatMap(({ unit, tiers: all }) => {
    const stuck = all.filter((t) => t.live > 0 && t.state === "blocked");
    const [first] = stuck;
    return first
      ? [{ unit: unit?.name ?? "no unit", tiers: stuck.map((t) => t.tier), reason: first.reasons[0] ?? "" }]
      : [];
  });
