import "server-only";
import { type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { allCalendars } from "@/lib/calendars/find";
import { type Actor, holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import type { Right } from "@/lib/core/rights";
import type { Needs } from "@/lib/readiness/risk-acceptance";
import { owed } from "@/lib/reviews/promise";
import type { Lane } from "@/lib/reviews/review";
import { mostOfAKind } from "./queue";

/**
 * Open work as the queue needs it, one bounded statement per kind, narrowed by a condition. Who a row waits on is decided in mine.ts
 * with the nouns' own vocabulary; here is only what is open.
 */
const most = mostOfAKind;

const openReview = sql`r.status in ('in_review', 'changes_requested', 'deferred')`;
const openRelease = sql`r.status = 'open'`;
const openCondition = sql`c.status in ('open', 'answered')`;
const openWaiver = (now: Date): SQL =>
  sql`w.accepted_at is null and w.refused_at is null and w.ended_at is null and w.expires_at > ${now.toISOString()}::timestamptz`;

/** Who has a stake in a review `r` of a model `m`, as a list of their ids in text. */
export const parties = sql`array(select x::text from (
  select r.created_by as x union select m.owner_id union select m.backup_owner_id
  union select unnest(array[n.owner_id, n.backup_owner_id]) from review_model y join model n on n.id = y.model_id
    where y.review_id = r.id and y.round = r.round
  union select s.submitted_by from review_submission s where s.review_id = r.id
  union select v.author_id from adr_revision v where v.adr_id = r.adr_id) p where x is not null)`;

export type OpenReview = {
  ref: string;
  title: string;
  status: "in_review" | "changes_requested" | "deferred";
  lane: Lane | null;
  promised_on: string | null;
  owed: { daysLeft: number | null; late: boolean };
  since: string;
  model: string;
  unit: string | null;
  parties: string[];
  recused: string[];
  voted: string[];
  created_by: string;
};

/** Reviews `r` of models `m` that wait on the board or on their author, with who has a stake, who stands aside and who has voted. */
export async function openReviews(read: Reader, now: Date, where: SQL): Promise<OpenReview[]> {
  const { rows } = await read.execute<
    Omit<OpenReview, "owed"> & { promised_at: string | null; calendar_id: string | null }
  >(sql`
    select r.ref, r.title, r.status, r.lane, r.promised_on::text, r.promised_at::text, r.calendar_id, coalesce(r.submitted_at, r.created_at)::text as since,
      m.name as model, m.business_unit_id as unit, r.created_by,
      ${parties} as parties,
      array(select c.person_id::text from recusal c where c.review_id = r.id) as recused,
      array(select v.person_id::text from vote v where v.review_id = r.id and v.round = r.round and v.superseded_at is null) as voted
    from review r join model m on m.id = r.model_id
    where ${openReview} and ${where}
    order by r.promised_on nulls last, r.id limit ${most}`);
  if (rows.length === 0) return [];
  const calendarOf = await allCalendars(read);
  return rows.map(({ promised_at, calendar_id, ...row }) => ({
    ...row,
    owed: owed(
      { promisedAt: promised_at ? new Date(promised_at) : null, promisedOn: row.promised_on, decidedAt: null },
      now,
      calendarOf(calendar_id),
    ),
  }));
}

export type OpenRelease = {
  ref: string;
  version: string;
  environment: string;
  since: string;
  model: string;
  unit: string | null;
  tier: number | null;
  requested_by: string;
  trained_by: string | null;
  signed_roles: string[];
  signed_by: string[];
  stale_by: string[];
};

/** Releases `r` of models `m` that are open, with whose signature stands for the present digest and whose went stale. */
export async function openReleases(read: Reader, now: Date, where: SQL): Promise<OpenRelease[]> {
  const { rows } = await read.execute<OpenRelease>(sql`
    select r.ref, v.version, r.environment, r.requested_at::text as since, m.name as model, m.business_unit_id as unit, m.tier,
      r.requested_by, (select p.id::text from person p where p.email = v.trained_by or p.name = v.trained_by limit 1) as trained_by,
      array(select a.role from approval a where a.release_id = r.id and ${current(now)}) as signed_roles,
      array(select a.person_id::text from approval a where a.release_id = r.id and ${current(now)}) as signed_by,
      array(select a.person_id::text from approval a where a.release_id = r.id and a.revoked_at is null and a.decision = 'APPROVE'
        and not (${current(now)})) as stale_by
    from release r join model m on m.id = r.model_id join model_version v on v.id = r.version_id
    where ${openRelease} and ${where} order by r.requested_at, r.id limit ${most}`);
  return rows;
}

/** Whether a person's signature on a release `r` counts. */
export const signedBy = (personId: string, now: Date): SQL =>
  sql`exists (select from approval a where a.release_id = r.id and a.person_id = ${personId} and ${current(now)})`;

const current = (now: Date) =>
  sql`a.revoked_at is null and a.expires_at > ${now.toISOString()}::timestamptz and a.digest = r.digest and a.request_sha256 = r.statement_sha256`;

export type OpenCondition = {
  ref: string;
  text: string;
  status: "open" | "answered";
  due_on: string;
  answered_at: string | null;
  answered_by: string | null;
  owner_id: string;
  owner: string;
  review: string;
  lane: Lane | null;
  set_by: string;
  since: string;
  model: string;
  unit: string | null;
};

/** Conditions `c` of decisions `d` on models `m` that are not closed. */
export async function openConditions(read: Reader, where: SQL): Promise<OpenCondition[]> {
  const { rows } = await read.execute<OpenCondition>(sql`
    select c.ref, c.text, c.status, c.due_on::text, c.answered_at::text, c.answered_by::text, c.owner_id::text, p.name as owner,
      r.ref as review, r.lane, d.decided_by as set_by, d.decided_at::text as since, m.name as model, m.business_unit_id as unit
    from condition c join review r on r.id = c.review_id join review_decision d on d.id = c.decision_id
      join model m on m.id = c.model_id join person p on p.id = c.owner_id
    where ${openCondition} and ${where} order by c.due_on, c.id limit ${most}`);
  return rows;
}

export type OpenWaiver = {
  ref: string;
  item: string;
  reason: string;
  since: string;
  requested_by: string;
  model: string;
  unit: string | null;
  model_id: string;
  needs: Needs;
  given: { part: number; personId: string }[];
};

/** Waivers of models `m` that nobody has ruled on yet. */
export async function openWaivers(read: Reader, now: Date, where: SQL): Promise<OpenWaiver[]> {
  const { rows } = await read.execute<OpenWaiver>(sql`
    select w.ref, w.item_id as item, w.reason, w.requested_at::text as since, w.requested_by::text, m.name as model,
      m.business_unit_id as unit, w.model_id, w.needs,
      coalesce((select json_agg(json_build_object('part', a.part, 'personId', a.person_id)) from waiver_acceptance a where a.waiver_id = w.id), '[]') as given
    from waiver w join model m on m.id = w.model_id
    where ${openWaiver(now)} and ${where}
    order by w.requested_at, w.id limit ${most}`);
  return rows;
}

export type EndingWaiver = { ref: string; item: string; model: string; ends: string; since: string };

/** Waivers of a person's models that run out within 30 days. */
export async function endingWaivers(read: Reader, personId: string, now: Date): Promise<EndingWaiver[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await read.execute<EndingWaiver>(sql`
    select w.ref, w.item_id as item, m.name as model, w.expires_at::date::text as ends, w.accepted_at::text as since
    from waiver w join model m on m.id = w.model_id
    where w.accepted_at is not null and w.ended_at is null and w.expires_at > ${at} and w.expires_at <= ${at} + interval '30 days'
      and (m.owner_id = ${personId} or m.backup_owner_id = ${personId}) and m.stage <> 'retired'
      and not exists (select 1 from waiver n where n.model_id = w.model_id and n.item_id = w.item_id and n.requested_at > w.requested_at
        and n.refused_at is null and n.ended_at is null)
    order by w.expires_at, w.id limit ${most}`);
  return rows;
}

export type EndingWords = { model: string; n: number; items: string[]; ends: string; since: string };

/** Attestations of a person's models that run out within 30 days, one row a model. */
export async function endingWords(read: Reader, personId: string, now: Date): Promise<EndingWords[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await read.execute<EndingWords>(sql`
    select m.name as model, count(*)::int as n, array_agg(a.item_id order by a.expires_at, a.item_id) as items,
      min(a.expires_at)::date::text as ends, min(a.recorded_at)::text as since
    from attestation a join model m on m.id = a.model_id
    where a.superseded_at is null and a.expires_at > ${at} and a.expires_at <= ${at} + interval '30 days'
      and (m.owner_id = ${personId} or m.backup_owner_id = ${personId}) and m.stage <> 'retired'
    group by m.name order by min(a.expires_at), m.name limit ${most}`);
  return rows;
}

export type OpenFinding = {
  ref: string;
  title: string;
  severity: string;
  status: "open" | "accepted" | "resolved";
  source: string;
  since: string;
  raised_by: string;
  resolved_by: string | null;
  review: string | null;
  model: string;
  owners: string[];
  due: string | null;
};

/** Findings that a person has to mend, or to verify because they raised them. */
export async function openFindings(read: Reader, personId: string): Promise<OpenFinding[]> {
  const { rows } = await read.execute<OpenFinding>(sql`
    select f.ref, f.title, f.severity, f.status, f.source, f.raised_at::text as since, f.raised_by, f.resolved_by::text,
      r.ref as review, m.name as model, f.due_on::text as due,
      array(select x::text from (select m.owner_id as x union select m.backup_owner_id union select r.created_by union select f.owner_id) p where x is not null) as owners
    from finding f join model m on m.id = f.model_id left join review r on r.id = f.review_id
    where f.id in (
      select id from finding where owner_id = ${personId} and status in ('open', 'accepted')
      union select x.id from finding x join model n on n.id = x.model_id
        where ${personId} in (n.owner_id, n.backup_owner_id) and x.status in ('open', 'accepted')
      union select x.id from finding x join review y on y.id = x.review_id where y.created_by = ${personId} and x.status in ('open', 'accepted')
      union select id from finding where raised_by = ${personId} and status = 'resolved')
    order by f.raised_at, f.id limit ${most}`);
  return rows;
}

/** Models that nobody owns: how many, and since when. Counted up to a thousand. */
export async function unclaimed(read: Reader): Promise<{ n: number; since: string | null }> {
  const { rows } = await read.execute<{ n: number; since: string | null }>(sql`
    select count(*)::int as n, min(created_at)::text as since
    from (select created_at from model where owner_id is null and stage <> 'retired' and vanished_at is null and joined_to_id is null limit 1000) m`);
  return rows[0] ?? { n: 0, since: null };
}

export type ToRescore = { model: string; why: string[]; since: string };

/** Models of a person whose tier has to be scored again. */
export async function toRescore(read: Reader, personId: string): Promise<ToRescore[]> {
  const { rows } = await read.execute<ToRescore>(sql`
    select m.name as model, m.rescore_why as why, m.rescore_since::text as since from model m
    where m.rescore_since is not null and m.owner_id = ${personId} and m.stage <> 'retired' order by m.rescore_since limit ${most}`);
  return rows;
}

/** How much waits on anyone of the board, in what the actor may see. */
export async function boardSize(read: Reader, actor: Actor, now: Date): Promise<number> {
  const unit = sql`m.business_unit_id`;
  const { rows } = await read.execute<{ n: number }>(sql`
    select ((select count(*) from review r join model m on m.id = r.model_id where r.status = 'in_review' and ${inReach(actor, "reviews:read", unit)})
      + (select count(*) from release r join model m on m.id = r.model_id where ${openRelease} and ${inReach(actor, "releases:read", unit)})
      + (select count(*) from condition c join model m on m.id = c.model_id where ${openCondition} and ${inReach(actor, "reviews:read", unit)})
      + (select count(*) from waiver w join model m on m.id = w.model_id where ${openWaiver(now)} and ${inReach(actor, "inventory:read", unit)}))::int as n`);
  return rows[0]?.n ?? 0;
}

export type Figures = {
  models: number | null;
  differences: number | null;
  reviews: number | null;
  releases: number | null;
  organisation: string | null;
};

/**
 * How many models, open reviews and open releases the actor may see, each counted up to ten thousand (null without the right to
 * any); and the one unit at the top.
 */
export async function figures(read: Reader, actor: Actor): Promise<Figures> {
  const of = (right: Right, from: SQL) =>
    holds(actor, right)
      ? sql`(select count(*)::int from (select 1 from ${from} and ${inReach(actor, right, sql`m.business_unit_id`)} limit 10001) x)`
      : sql`null::int`;
  const { rows } = await read.execute<Figures>(sql`
    select ${of("inventory:read", sql`model m where m.stage <> 'retired' and m.joined_to_id is null`)} as models,
      ${of("inventory:read", sql`reconciliation_item i left join model m on m.id = i.model_id where i.status = 'open'`)} as differences,
      ${of("reviews:read", sql`review r join model m on m.id = r.model_id where r.status in ('in_review', 'changes_requested')`)} as reviews,
      ${of("releases:read", sql`release r join model m on m.id = r.model_id where r.status in ('open', 'allowed')`)} as releases,
      (select case when count(*) = 1 then min(name) end from business_unit where parent_id is null) as organisation`);
  return rows[0] ?? { models: null, differences: null, reviews: null, releases: null, organisation: null };
}
