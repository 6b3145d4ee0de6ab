import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { mayDecideAcceptance } from "@/lib/acceptances/acceptance";
import { openAcceptances } from "@/lib/acceptances/read";
import { activePeople } from "@/lib/auth/identify";
import { rolesWith } from "@/lib/core/in-reach";
import type { Role } from "@/lib/core/rights";
import { mayAccept, type Needs } from "@/lib/readiness/risk-acceptance";
import { standings } from "@/lib/readiness/waiver-standing";
import { policyFor } from "@/lib/releases/policies";
import { tierRule } from "@/lib/releases/policy";
import type { Happened } from "./place";
import { tellings } from "./tellings";

/** An entry that someone may hear of, with what it takes to find out who, and where it is to be seen. */
export type Prepared = Happened & {
  id: string;
  at: string;
  actorId: string;
  actorName: string;
  summary: string;
  modelId: string | null;
  unitId: string | null;
  /** Roles whose signature a release needs. */
  roles: readonly Role[];
  /** Whom a rule of a noun named. */
  people: readonly string[];
};

type Row = Omit<Prepared, "roles" | "people"> & { environment: string | null; tier: number | null };

const told = Object.keys(tellings);

/** The entries of a stretch of the log that someone may hear of. */
export async function prepared(tx: Tx, from: number, to: number, now: Date): Promise<Prepared[]> {
  const { rows } = await tx.execute<Row>(sql`
    select e.id, e.name, e.at::text, e.actor_id as "actorId", e.actor_name as "actorName", e.summary, e.subject_kind as "subjectKind",
      e.subject_id as "subjectId", e.subject_ref as "subjectRef", e.model_id as "modelId", m.name as model, m.tier,
      coalesce(m.business_unit_id, a.business_unit_id, u.business_unit_id, z.business_unit_id) as "unitId",
      r.id as "reviewId", r.ref as review, w.item_id as item, l.environment
    from log_leaf x join log_entry e on e.id = x.entry_id left join model m on m.id = e.model_id
      left join condition c on c.id = case when e.subject_kind = 'condition' then e.subject_id::uuid end
      left join finding f on f.id = case when e.subject_kind = 'finding' then e.subject_id::uuid end
      left join risk_acceptance k on k.id = case when e.subject_kind = 'risk_acceptance' then e.subject_id::uuid end
      left join review r on r.id = coalesce(case when e.subject_kind = 'review' then e.subject_id::uuid end, c.review_id, f.review_id, k.review_id)
      left join waiver w on w.id = case when e.subject_kind = 'waiver' then e.subject_id::uuid end
      left join adr a on a.id = case when e.subject_kind = 'adr' then e.subject_id::uuid end
      left join use_case u on u.id = case when e.subject_kind = 'use_case' then e.subject_id::uuid end
      left join release_freeze z on z.id = case when e.subject_kind = 'release_freeze' then e.subject_id::uuid end
      left join release l on l.id = case when e.subject_kind = 'release' then e.subject_id::uuid end
    where x.idx >= ${from} and x.idx < ${to} and e.kind = 'command' and e.name = any(${sql.param(told)}::text[]) order by x.idx`);
  const named = (name: string) => rows.filter((r) => r.name === name).map((r) => r.subjectId);
  const acceptors = await acceptorsOf(tx, named("readiness.waiver.requested"), named("risk_acceptance.requested"), now);
  return rows.map((row) => ({ ...row, roles: rolesFor(row), people: acceptors.get(row.subjectId) ?? [] }));
}

function rolesFor(row: Row): Role[] {
  if (!row.environment) return [];
  const policy = policyFor(row.environment);
  const rule = policy ? tierRule(policy, row.tier) : null;
  return [...new Set(rule?.approvals.flatMap((need) => need.roles) ?? [])];
}

/** Who may accept a part of each waiver and of each risk that still waits, by the rules that the pages ask. */
async function acceptorsOf(
  tx: Tx,
  waivers: readonly string[],
  risks: readonly string[],
  now: Date,
): Promise<Map<string, string[]>> {
  if (waivers.length + risks.length === 0) return new Map();
  const { rows } = await tx.execute<{
    id: string;
    model_id: string;
    requested_by: string;
    needs: Needs;
    given: { part: number; personId: string }[];
  }>(sql`
    select w.id, w.model_id, w.requested_by::text, w.needs,
      coalesce((select json_agg(json_build_object('part', a.part, 'personId', a.person_id)) from waiver_acceptance a where a.waiver_id = w.id), '[]') as given
    from waiver w where w.id = any(${sql.param([...waivers])}::uuid[]) and w.accepted_at is null and w.refused_at is null and w.ended_at is null`);
  const people = await activePeople(
    tx,
    sql`(p.id in (select g.person_id from role_grant g where g.role = any(${rolesWith("readiness:waive")}::text[]))
      or p.id in (select t.lead_id from team t) or p.id in (select u.head_id from business_unit u))`,
    now,
  );
  const stand = await standings(tx, [...new Set(rows.map((r) => r.model_id))]);
  const asked = risks.length === 0 ? [] : await openAcceptances(tx, new Date(0), risks);
  return new Map([
    ...asked.map((x) => [x.id, people.filter((p) => mayDecideAcceptance(p, x.rules).ok).map((p) => p.id)] as const),
    ...rows.map((w) => {
      const model = stand.get(w.model_id);
      const subject = model && {
        state: "requested" as const,
        requestedBy: w.requested_by,
        needs: w.needs,
        given: w.given,
        model,
      };
      return [w.id, subject ? people.filter((p) => mayAccept(p, subject).ok).map((p) => p.id) : []] as const;
    }),
  ]);
}
