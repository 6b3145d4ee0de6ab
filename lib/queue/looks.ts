import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { glassItems } from "@/lib/break-glass/queries";
import { type Actor, holds } from "@/lib/core/actor";
import { reviewsDue } from "@/lib/incident-reviews/queries";
import { decidersIn } from "@/lib/reviews/decider";
import type { Lane } from "@/lib/reviews/review";
import { laneName } from "@/lib/reviews/review";
import type { QueueItem } from "./queue";

type Look = {
  ref: string;
  title: string;
  model: string;
  unit: string | null;
  lane: Lane | null;
  due: string;
  since: string;
};

/** Decisions that are to be looked at again, by someone of the board who neither has a stake nor took part. */
async function againOf(read: Reader, actor: Actor): Promise<QueueItem[]> {
  if (!holds(actor, "reviews:vote")) return [];
  const { rows } = await read.execute<Look>(sql`
    select r.ref, r.title, m.name as model, m.business_unit_id as unit, r.lane, r.look_due_on::text as due, r.decided_at::text as since
    from review r join model m on m.id = r.model_id
    where r.look_due_on is not null and r.looked_at is null and ${actor.id}::uuid not in (
      select r.created_by union select s.submitted_by from review_submission s where s.review_id = r.id
      union select p.id from review_model y join model n on n.id = y.model_id join person p on p.id in (n.owner_id, n.backup_owner_id)
        where y.review_id = r.id and y.round = r.round
      union select v.author_id from adr_revision v where v.adr_id = r.adr_id
      union select c.person_id from recusal c where c.review_id = r.id
      union select v.person_id from vote v where v.review_id = r.id and v.superseded_at is null)
      and not exists (select from review_decision d where d.review_id = r.id and d.decided_by = ${actor.id})
    order by r.look_due_on, r.ref limit 100`);
  return rows
    .filter((row) => holds(actor, "reviews:vote", row.unit))
    .map((row) => ({
      ref: row.ref,
      href: `/reviews/${row.ref}#look`,
      title: `Look again: ${row.title}`,
      model: row.model,
      why:
        row.lane === "emergency"
          ? "Decided in an emergency; someone who took no part looks at it"
          : "Decided by rule and drawn for a look by people",
      ask: "decide",
      lane: row.lane ? laneName[row.lane] : "Not set",
      promise: "later look",
      due: row.due,
      since: row.since,
      action: "Look again",
    }));
}

/** Reviews of incidents that the actor has to write and publish. */
async function incidentItems(read: Reader, actor: Actor): Promise<QueueItem[]> {
  const due = await reviewsDue(read, actor.id);
  return due.map((r) => ({
    ref: r.ref,
    href: `/reviews/incidents/${r.incident}`,
    title: `Write what was learnt: ${r.title}`,
    model: r.model,
    why: `You answer for the review of ${r.incident}`,
    ask: "answer",
    lane: "Incident",
    promise: "publish by",
    due: r.dueOn,
    since: r.since,
    action: "Write",
  }));
}

/** Decisions of the last 30 days that the actor made and has not signed with a key of their own. */
async function toSign(read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> {
  const from = new Date(now.getTime() - 30 * 86_400_000);
  const { rows } = await read.execute<{
    ref: string;
    title: string;
    model: string;
    lane: Lane | null;
    since: string;
    content: string;
    unit: string | null;
  }>(sql`
    select r.ref, r.title, m.name as model, m.business_unit_id as unit, r.lane, d.decided_at::text as since, d.content
    from review_decision d join review r on r.id = d.review_id and r.round = d.round join model m on m.id = r.model_id
    where d.decided_at > ${from.toISOString()}::timestamptz and d.decided_by <> 'system'
      and (d.decided_by = ${actor.id} or exists (select from vote v where v.review_id = d.review_id and v.round = d.round and v.person_id = ${actor.id}::uuid))
      and not exists (select from decision_signature s where s.decision_id = d.id and s.person_id = ${actor.id}::uuid)
    order by d.decided_at limit 100`);
  return rows
    .filter(
      (row) => holds(actor, "reviews:read", row.unit) && decidersIn(row.content).some((d) => d.personId === actor.id),
    )
    .map((row) => ({
      ref: row.ref,
      href: `/reviews/${row.ref}#decided`,
      title: `Sign the decision: ${row.title}`,
      model: row.model,
      why: "You took part in it; your own key can answer for it",
      ask: "sign",
      lane: row.lane ? laneName[row.lane] : "Not set",
      promise: "decided",
      due: null,
      since: row.since,
      action: "Sign",
    }));
}

/** What follows a decision, an incident or an emergency: to look again, to sign, to confirm, to write what was learnt. */
export const myLooks = async (read: Reader, actor: Actor, now: Date): Promise<QueueItem[]> =>
  (
    await Promise.all([
      glassItems(read, actor, now),
      againOf(read, actor),
      incidentItems(read, actor),
      toSign(read, actor, now),
    ])
  ).flat();
