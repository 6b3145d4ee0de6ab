import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { reachesUnit, roleList, rolesWith } from "@/lib/core/in-reach";
import type { Right } from "@/lib/core/rights";

/** Whoever holds a right where the entry's unit lies. */
const holders = (right: Right, due: SQL = sql`null::date`): SQL =>
  sql`select g.person_id, ${due} as due_on from role_grant g where g.role = any(${rolesWith(right)}::text[]) and ${reachesUnit(sql`b.unit_id`)}`;

const model = (columns: SQL, from: SQL): SQL =>
  sql`select unnest(${columns}) as person_id, null::date as due_on ${from}`;
const subject = sql`b.subject_id::uuid`;
/** Who has a part in a break-glass `x`, so that it is not theirs to confirm or to look at. */
const glassParties = sql`select i.id from release r join model m on m.id = r.model_id
    cross join lateral unnest(array[x.requested_by, x.confirmed_by, r.requested_by, m.owner_id, m.backup_owner_id]) as i(id)
    where r.id = x.release_id and i.id is not null
  union select p.id from release r join model_version v on v.id = r.version_id
    join person p on lower(p.email) = lower(v.trained_by) or lower(p.name) = lower(v.trained_by) where r.id = x.release_id`;

/**
 * People by how they stand to an entry, each as a lateral query of (person_id, due_on) over `b`: an entry with its model, unit and
 * review. Whoever may not be told (their own deed, no right, not active) is left out afterwards, in one place.
 */
export const whos = {
  owners: model(sql`array[m.owner_id, m.backup_owner_id]`, sql`from model m where m.id = b.model_id`),
  /** Owners of all models that a bulk action concerns, or of its one. */
  concerned: model(
    sql`array[m.owner_id, m.backup_owner_id]`,
    sql`from model m where m.id = b.model_id or m.id in (select c.model_id from log_entry_model c where c.entry_id = b.id)`,
  ),
  submitters: sql`select r.created_by as person_id, null::date as due_on from review r where r.id = b.review_id
    union select s.submitted_by, null from review_submission s where s.review_id = b.review_id`,
  /** Who may vote, in their own seat or another's, and has not: no party, and nobody who stands aside. */
  voters: sql`select h.person_id, r.promised_on as due_on from review r, lateral (
      with v as (${holders("reviews:vote")}) select v.person_id from v
      union select d.delegate_id from board_delegate d where d.member_id in (select v.person_id from v) and d.ended_at is null
        and (b.at at time zone 'UTC')::date between d.from_on and d.until_on) h
    where r.id = b.review_id and r.status = 'in_review' and r.lane <> 'self_service' and h.person_id <> r.created_by
      and h.person_id not in (select c.person_id from recusal c where c.review_id = r.id)
      and h.person_id not in (select s.submitted_by from review_submission s where s.review_id = r.id)
      and not exists (select from review_model x join model m on m.id = x.model_id
        where x.review_id = r.id and x.round = r.round and h.person_id in (m.owner_id, m.backup_owner_id))
      and h.person_id not in (select v.person_id from vote v where v.review_id = r.id and v.round = r.round and v.superseded_at is null)`,
  deciders: holders("reviews:decide"),
  /** Who took part in a review: by a vote, a comment or a finding. */
  participants: sql`select v.person_id, null::date as due_on from vote v where v.review_id = b.review_id
    union select c.author_id, null from review_comment c where c.review_id = b.review_id
    union select p.id, null from finding f join person p on p.id::text = f.raised_by where f.review_id = b.review_id`,
  /** Whom this step of a ladder told (lib/reviews/escalate.ts). */
  escalatedTo: sql`select unnest(e.told) as person_id, null::date as due_on from escalation e
    where coalesce(e.condition_id, e.review_id) = ${subject} and e.raised_at = b.at`,
  disagreeing: sql`select e.raised_by as person_id, null::date as due_on from escalation e where e.review_id = b.review_id and e.answered_at = b.at`,
  boardDelegate: sql`select unnest(array[d.member_id, d.delegate_id]) as person_id, null::date as due_on from board_delegate d where d.id = ${subject}`,
  /** Whom a meeting concerns: seats and their delegates of its day, and who submitted what is on its agenda. */
  meetingPeople: sql`select g.person_id, null::date as due_on from role_grant g where g.role = any(${rolesWith("reviews:vote")}::text[])
    union select d.delegate_id, null from board_delegate d join meeting m on m.id = ${subject}
      where d.ended_at is null and m.starts_at::date between d.from_on and d.until_on
    union select r.created_by, null from agenda_item i join review r on r.id = i.review_id where i.meeting_id = ${subject}`,
  conditionOwner: sql`select c.owner_id as person_id, case when c.status = 'open' then c.due_on end as due_on from condition c where c.id = ${subject}`,
  conditionOwnersOfReview: sql`select c.owner_id as person_id, min(c.due_on) as due_on from condition c
    where c.review_id = b.review_id and c.status = 'open' group by c.owner_id`,
  conditionJudges: sql`select h.person_id, c.due_on from condition c, lateral (${holders("conditions:accept")}) h
    where c.id = ${subject} and c.status = 'answered' and h.person_id not in (c.owner_id, c.answered_by)`,
  findingRaiser: sql`select p.id as person_id, null::date as due_on from finding f join person p on p.id::text = f.raised_by where f.id = ${subject}`,
  /** The one who was named last: an entry names one. */
  reviewerNamed: sql`select x.person_id, null::date as due_on from review_reviewer x
    where x.review_id = b.review_id and x.ended_at is null order by x.assigned_at desc, x.id desc limit 1`,
  /** Who was asked for advice last: an entry asks one. */
  adviser: sql`select x.adviser_id as person_id, null::date as due_on from review_advice x
    where x.review_id = b.review_id and x.answered_at is null order by x.asked_at desc, x.id desc limit 1`,
  findingOwner: sql`select f.owner_id as person_id, case when f.status in ('open', 'accepted') then f.due_on end as due_on from finding f
    where f.id = ${subject} and f.owner_id is not null`,
  /** Who is to mend the finding that this entry raised: the entry is the review's. */
  raisedFindingOwner: sql`select f.owner_id as person_id, f.due_on from finding f
    where f.review_id = b.review_id and f.raised_at = b.at and f.raised_by = b.actor_id and f.owner_id is not null`,
  requester: sql`select r.requested_by as person_id, null::date as due_on from release r where r.id = ${subject}`,
  signed: sql`select a.person_id, null::date as due_on from approval a where a.release_id = ${subject} and a.revoked_at is null`,
  /** Who holds a role whose signature the policy asks for, and has not signed what is asked now. */
  signers: sql`select g.person_id, null::date as due_on from release r, role_grant g
    where r.id = ${subject} and r.status = 'open' and g.role = any(b.roles) and g.role = any(${rolesWith("releases:approve")}::text[])
      and ${reachesUnit(sql`b.unit_id`)} and g.person_id <> r.requested_by
      and not exists (select from model_version v join person p on p.email = v.trained_by or p.name = v.trained_by where v.id = r.version_id and p.id = g.person_id)
      and not exists (select from approval a where a.release_id = r.id and a.person_id = g.person_id and a.revoked_at is null and a.request_sha256 = r.statement_sha256)`,
  /** Whom an emergency at the gate concerns: the two, the model's owners, the chair, the second line, and the people of the unit. */
  glassHears: sql`select unnest(array[g.requested_by, g.confirmed_by, m.owner_id, m.backup_owner_id]) as person_id, null::date as due_on
      from break_glass g join model m on m.id = g.model_id where g.id = ${subject}
    union select g.person_id, null from role_grant g
      where g.role = any(${roleList(["board_chair", "security", "privacy", "model_risk", "compliance"])}::text[]) and ${reachesUnit(sql`b.unit_id`)}
    union select p.id, null from person p where p.business_unit_id = b.unit_id`,
  /** Who may confirm what still waits. */
  glassSecond: sql`select h.person_id, null::date as due_on from break_glass x, lateral (${holders("releases:break_glass")}) h
    where x.id = ${subject} and x.confirmed_at is null and x.ended_at is null and h.person_id not in (${glassParties})`,
  /** Who may look at what is over. */
  glassThird: sql`select h.person_id, x.review_due_on as due_on from break_glass x, lateral (${holders("releases:break_glass")}) h
    where x.id = ${subject} and x.confirmed_at is not null and x.reviewed_at is null and h.person_id not in (${glassParties})`,
  glassTold: sql`select unnest(x.told) as person_id, x.review_due_on as due_on from break_glass x where x.id = ${subject} and x.reviewed_at is null`,
  /** Whose releases a freeze stops, and who signs them. */
  freezeHears: sql`select g.person_id, null::date as due_on from role_grant g
    where (g.role = any(${rolesWith("releases:request")}::text[]) or g.role = any(${rolesWith("releases:freeze")}::text[])) and ${reachesUnit(sql`b.unit_id`)}`,
  /** Who asked for the release that this entry exempts. */
  exempted: sql`select r.requested_by as person_id, null::date as due_on from release_freeze_exemption e join release r on r.id = e.release_id
    where e.freeze_id = ${subject} and e.given_at = b.at`,
  waiverRequester: sql`select w.requested_by as person_id, null::date as due_on from waiver w where w.id = ${subject}`,
  backlogPeople: sql`select unnest(array[i.owner_id, i.opened_by]) as person_id, null::date as due_on from backlog_item i where i.id = ${subject}`,
  incidentReviewOwner: sql`select i.owner_id as person_id, case when i.published_at is null then i.due_on end as due_on from incident_review i where i.id = ${subject}`,
  /** Of the condition that was added last: an entry adds one. */
  conditionAfterIncident: sql`select c.owner_id as person_id, c.due_on from incident_outcome x join condition c on c.ref = x.ref
    where x.incident_review_id = ${subject} and x.kind = 'condition' and x.added_at = b.at and c.status = 'open'`,
  officeArchitect: sql`select h.architect_id as person_id, k.slot_on as due_on from office_booking k join office_hours h on h.id = k.hours_id where k.id = ${subject}`,
  officePeople: sql`select unnest(array[k.booked_by, h.architect_id]) as person_id, null::date as due_on
    from office_booking k join office_hours h on h.id = k.hours_id where k.id = ${subject}`,
  /** Whose bookings ended with the hours, at this entry. */
  officeBooked: sql`select k.booked_by as person_id, null::date as due_on from office_booking k where k.hours_id = ${subject} and k.cancelled_at = b.at`,
  acceptanceRequester: sql`select x.requested_by as person_id, null::date as due_on from risk_acceptance x where x.id = ${subject}`,
  recordPeople: sql`select a.author_id as person_id, null::date as due_on from adr a where a.id = ${subject}
    union select v.author_id, null from adr_revision v where v.adr_id = ${subject}
    union select c.author_id, null from adr_comment c where c.adr_id = ${subject}`,
  recordJudges: holders("decisions:accept"),
  patternKeepers: holders("patterns:manage"),
  connectionKeepers: holders("connections:manage"),
  campaignAsked: sql`select distinct i.owner_id as person_id, c.due_on from campaign_item i join campaign c on c.id = i.campaign_id
    where c.id = ${subject} and i.state = 'open'`,
  campaignPeople: sql`select distinct i.owner_id as person_id, null::date as due_on from campaign_item i where i.campaign_id = ${subject}`,
  /** Who was reminded, or told of what their units' owners left undone, at this entry. */
  campaignPursued: sql`select distinct case when i.escalated_at = b.at then i.escalated_to else i.owner_id end as person_id, c.due_on
    from campaign_item i join campaign c on c.id = i.campaign_id where (i.reminded_at = b.at or i.escalated_at = b.at) and i.state = 'open'`,
  subjectPerson: sql`select ${subject} as person_id, null::date as due_on`,
  tokenPerson: sql`select t.person_id, null::date as due_on from api_token t where t.id = ${subject}`,
  unitHead: sql`select u.head_id as person_id, null::date as due_on from business_unit u where u.id = ${subject}`,
  useCaseOwner: sql`select u.owner_id as person_id, null::date as due_on from use_case u where b.subject_kind = 'use_case' and u.id::text = b.subject_id`,
  /** Whom a noun's own rule named, one by one (prepare.ts). */
  resolved: sql`select unnest(b.people) as person_id, null::date as due_on`,
} as const satisfies Record<string, SQL>;

export type Who = keyof typeof whos;
