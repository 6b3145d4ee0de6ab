import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import type { Actor } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { seenModels } from "@/lib/models/visible";
import { IncidentOrReview, IncidentRef, type OutcomeKind, type ReviewState } from "./incident-review";

/** An incident with its review, if there is one. Instants are ISO 8601. */
export type ReviewedIncident = {
  id: string;
  incident: string;
  title: string;
  severity: number;
  model: string;
  unitId: string | null;
  unit: string | null;
  startedAt: string;
  resolvedAt: string | null;
  cause: string;
  intervention: string;
  version: string | null;
  reviewId: string | null;
  ref: string | null;
  state: ReviewState | null;
  ownerId: string | null;
  owner: string | null;
  dueOn: string | null;
  overdue: boolean;
  outcomes: number;
};

const iso = (column: SQL): SQL => sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const columns = (
  now: Date,
): SQL => sql`i.id, i.ref as incident, i.title, i.severity, m.name as model, m.business_unit_id as "unitId", u.name as unit,
  ${iso(sql`i.started_at`)} as "startedAt", ${iso(sql`i.resolved_at`)} as "resolvedAt", i.cause, i.intervention, v.version,
  p.id as "reviewId", p.ref, p.state, p.owner_id as "ownerId", o.name as owner, p.due_on::text as "dueOn",
  coalesce(p.published_at is null and p.due_on < ${dayOf(now)}::date, false) as overdue,
  (select count(*)::int from incident_outcome x where x.incident_review_id = p.id) as outcomes`;
const from = sql`from incident i join model m on m.id = i.model_id left join business_unit u on u.id = m.business_unit_id
  left join deployment d on d.id = i.deployment_id left join model_version v on v.id = d.version_id
  left join incident_review p on p.incident_id = i.id left join person o on o.id = p.owner_id`;

const FindIncidents = z.strictObject({
  review: z.enum(["none", "open", "overdue", "published"]).optional().describe("Where its review stands"),
  severity: z
    .string()
    .max(20)
    .transform((text) => text.split(",").filter(Boolean))
    .pipe(z.array(z.enum(["1", "2", "3", "4"])))
    .optional(),
  model: z.string().trim().max(256).optional(),
  q: z.string().trim().max(200).optional(),
  after: IncidentRef.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Incidents with where their review stands, the newest first. */
export const findIncidents = query({
  name: "incident_review.found",
  title: "List incidents with their reviews",
  http: { method: "GET", path: "/incident-reviews" },
  input: FindIncidents,
  async run(read, input, actor, now) {
    const like = input.q ? `%${input.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%` : "";
    const standing: Record<NonNullable<typeof input.review>, SQL> = {
      none: sql`p.id is null`,
      open: sql`p.state = 'open'`,
      overdue: sql`p.state = 'open' and p.due_on < ${dayOf(now)}::date`,
      published: sql`p.state = 'published'`,
    };
    const { rows } = await read.execute<ReviewedIncident>(sql`
      select ${columns(now)} ${from}
      where ${seenModels(actor)} and ${input.review ? standing[input.review] : sql`true`}
        and ${input.severity ? sql`i.severity::text = any(${`{${input.severity.join(",")}}`}::text[])` : sql`true`}
        and ${input.model ? sql`m.name = ${input.model}` : sql`true`}
        and ${input.q ? sql`(i.ref = ${input.q.toUpperCase()} or p.ref = ${input.q.toUpperCase()} or i.title ilike ${like} or m.name ilike ${like})` : sql`true`}
        and ${input.after ? sql`(i.started_at, i.ref) < (select started_at, ref from incident where ref = ${input.after.toUpperCase()})` : sql`true`}
      order by i.started_at desc, i.ref desc limit ${input.limit + 1}`);
    const items = rows.slice(0, input.limit);
    return { items, next: rows.length > input.limit ? (items.at(-1)?.incident ?? null) : null };
  },
});

type Said = {
  facts: string;
  causes: string[];
  lessons: string;
  revision: number;
  publishedAt: string | null;
  opener: string;
};
/** What follows; `done` says how far it is: of a condition and of debt its state, of a text whether it was revised since. */
export type Outcome = {
  kind: OutcomeKind;
  text: string;
  ref: string;
  by: string;
  at: string;
  review: string | null;
  done: string;
};

/** An incident with its review in full. */
export const getIncident = query({
  name: "incident_review.read",
  title: "Read an incident and its review",
  http: { method: "GET", path: "/incidents/{incident}" },
  input: z.strictObject({ incident: IncidentOrReview }),
  async run(read, { incident }, actor, now) {
    const { rows } = await read.execute<ReviewedIncident & Said>(sql`
      select ${columns(now)}, p.facts, p.causes, p.lessons, p.revision, ${iso(sql`p.published_at`)} as "publishedAt",
        (select name from person where id = p.opened_by) as opener
      ${from} where ${incident.toUpperCase()} in (i.ref, p.ref) and ${seenModels(actor)}`);
    const [found] = rows;
    if (!found) throw new Refusal("not_found", `There is no incident ${incident}.`);
    const { facts, causes, lessons, revision, publishedAt, opener, ...row } = found;
    const review = row.reviewId
      ? { facts, causes, lessons, revision, publishedAt, opener, follows: await followsFrom(read, row.reviewId) }
      : null;
    return { ...row, review };
  },
});

async function followsFrom(read: Reader, reviewId: string): Promise<Outcome[]> {
  const { rows } = await read.execute<Outcome>(sql`
    select x.kind, x.text, x.ref, a.name as by, ${iso(sql`x.added_at`)} as at, r.ref as review,
      case x.kind when 'condition' then c.status when 'debt' then b.state
        else case when exists (select from content_revision v where v.kind || '/' || v.content_id = x.ref and v.created_at > x.added_at)
          then 'revised' else 'proposed' end end as done
    from incident_outcome x join person a on a.id = x.added_by
      left join condition c on x.kind = 'condition' and c.ref = x.ref left join review r on r.id = c.review_id
      left join backlog_item b on x.kind = 'debt' and b.ref = x.ref
    where x.incident_review_id = ${reviewId} order by x.added_at, x.id`);
  return rows;
}

/** What incidents asked a text of the library to say, and nobody has written into it since. */
export async function changesProposed(
  read: Reader,
  ref: string,
  actor: Actor,
): Promise<{ text: string; incident: string; review: string; at: string }[]> {
  const { rows } = await read.execute<{ text: string; incident: string; review: string; at: string }>(sql`
    select x.text, i.ref as incident, p.ref as review, ${iso(sql`x.added_at`)} as at
    from incident_outcome x join incident_review p on p.id = x.incident_review_id join incident i on i.id = p.incident_id join model m on m.id = i.model_id
    where ${seenModels(actor)} and x.kind = 'standard' and x.ref = ${ref}
      and not exists (select from content_revision v where v.kind || '/' || v.content_id = x.ref and v.created_at > x.added_at)
    order by x.added_at limit 20`);
  return rows;
}

/** Reviews that a person has to publish. */
export async function reviewsDue(
  read: Reader,
  personId: string,
): Promise<{ ref: string; incident: string; title: string; model: string; dueOn: string; since: string }[]> {
  const { rows } = await read.execute<{
    ref: string;
    incident: string;
    title: string;
    model: string;
    dueOn: string;
    since: string;
  }>(sql`
    select p.ref, i.ref as incident, i.title, m.name as model, p.due_on::text as "dueOn", p.opened_at::text as since
    from incident_review p join incident i on i.id = p.incident_id join model m on m.id = p.model_id
    where p.owner_id = ${personId} and p.published_at is null order by p.due_on, p.id limit 100`);
  return rows;
}
