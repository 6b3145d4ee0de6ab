import "server-only";
import { and, asc, desc, eq, gt, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { models } from "@/db/schema/models";
import { businessUnits, people } from "@/db/schema/org";
import { conditions, reviews } from "@/db/schema/reviews";
import { allCalendars } from "@/lib/calendars/find";
import { dayOf } from "@/lib/core/business-days";
import { isUuid } from "@/lib/core/ids";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { day } from "@/lib/core/when";
import { clocksOf } from "./clocks-read";
import { owed } from "./promise";
import { conditionStatuses, lanes, type ReviewStatus, reviewStatuses } from "./review";
import { seenReviews } from "./scope";

/** The three lists of the page: what waits for the board, what waits for its author, what was decided. */
export const views = ["open", "drafts", "decided"] as const;
export const inView: Record<(typeof views)[number], readonly ReviewStatus[]> = {
  open: ["in_review", "changes_requested", "deferred"],
  drafts: ["draft"],
  decided: ["approved", "approved_with_conditions", "rejected", "withdrawn", "not_required"],
};

export const FindReviews = z.strictObject({
  view: z.enum(views).default("open"),
  status: z.enum(reviewStatuses).optional(),
  lane: z.enum(lanes).optional(),
  unit: z.string().trim().max(120).optional().describe("Slug of a business unit"),
  tier: z.coerce.number().int().min(1).max(4).optional(),
  model: z.string().trim().max(255).optional(),
  mine: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((v) => v === "true")])
    .default(false)
    .describe("Only reviews I began or whose model I own"),
  q: z.string().trim().max(200).optional(),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Models that the present round of a review concerns and that meet a condition over `n`. */
function furtherModels(where: SQL): SQL {
  return sql`select n.name, n.tier from review_model x join model n on n.id = x.model_id
    where x.review_id = ${reviews.id} and x.round = ${reviews.round} and ${where}`;
}

const concernsNamed = (name: string) =>
  or(eq(models.name, name), sql`exists (${furtherModels(sql`n.name = ${name}`)})`);

/** Conditions of a decision bind every model that it speaks of. */
const decidedOnNamed = (name: string) => sql`exists (select from review_decision d
  join review_model x on x.review_id = d.review_id and x.round = d.round join model n on n.id = x.model_id
  where d.id = ${conditions.decisionId} and n.name = ${name})`;

/** The strictest tier of the models concerned, as everywhere. */
const strictest = sql<number | null>`least(${models.tier}, (select min(n.tier) from (${furtherModels(sql`true`)}) n))`;

const columns = {
  id: reviews.id,
  ref: reviews.ref,
  title: reviews.title,
  status: reviews.status,
  lane: reviews.lane,
  round: reviews.round,
  model: models.name,
  /** Further models that its present round concerns. */
  further: sql<string[]>`array(select n.name from (${furtherModels(sql`n.id <> ${reviews.modelId}`)}) n order by 1)`,
  tier: strictest,
  unit: businessUnits.name,
  submitter: people.name,
  createdBy: reviews.createdBy,
  createdAt: reviews.createdAt,
  submittedAt: reviews.submittedAt,
  calendarId: reviews.calendarId,
  promisedAt: reviews.promisedAt,
  promisedOn: reviews.promisedOn,
  decidedAt: reviews.decidedAt,
  sampled: reviews.sampled,
  reviewers: sql<
    string[]
  >`array(select p.name from review_reviewer x join person p on p.id = x.person_id where x.review_id = ${reviews.id} and x.ended_at is null order by x.assigned_at)`,
  votes: sql<number>`(select count(*)::int from vote v where v.review_id = ${reviews.id} and v.round = ${reviews.round} and v.superseded_at is null)`,
  mustFix: sql<number>`(select count(*)::int from finding f where f.review_id = ${reviews.id} and f.severity = 'must_fix' and f.status <> 'verified')`,
  openConditions: sql<number>`(select count(*)::int from condition c where c.review_id = ${reviews.id} and c.status in ('open', 'answered'))`,
};

const far = "9999-12-31";

export const findReviews = query({
  name: "review.found",
  title: "List reviews: the queue, drafts, or the decided",
  http: { method: "GET", path: "/reviews" },
  input: FindReviews,
  async run(read, input, actor, now) {
    const mine = input.mine
      ? or(
          eq(reviews.createdBy, uuidOr0(actor.id)),
          eq(models.ownerId, uuidOr0(actor.id)),
          sql`exists (${furtherModels(sql`n.owner_id = ${uuidOr0(actor.id)}::uuid`)})`,
        )
      : undefined;
    const scope = and(
      seenReviews(actor, "reviews:read"),
      input.lane ? eq(reviews.lane, input.lane) : undefined,
      input.tier ? sql`${strictest} = ${input.tier}` : undefined,
      input.model ? concernsNamed(input.model) : undefined,
      input.unit ? eq(businessUnits.slug, input.unit) : undefined,
      input.q
        ? or(
            eq(reviews.ref, input.q.toUpperCase()),
            ilike(reviews.title, like(input.q)),
            ilike(models.name, like(input.q)),
            sql`exists (${furtherModels(sql`n.name ilike ${like(input.q)}`)})`,
          )
        : undefined,
      mine,
    );
    const where = and(scope, inArray(reviews.status, input.status ? [input.status] : [...inView[input.view]]));
    const items = await (input.view === "open"
      ? byPromise(read, and(where, afterPromise(input.after)), input.limit)
      : newestFirst(read, and(where, afterId(input.after)), input.limit));
    const counts = await read
      .select({ status: reviews.status, lane: reviews.lane, n: sql<number>`count(*)::int` })
      .from(reviews)
      .innerJoin(models, eq(models.id, reviews.modelId))
      .leftJoin(businessUnits, eq(businessUnits.id, models.businessUnitId))
      .where(scope)
      .groupBy(reviews.status, reviews.lane);
    const calendarOf = await allCalendars(read);
    const shown = items.slice(0, input.limit);
    const times = await clocksOf(
      read,
      shown.map((item) => ({ id: item.id, submittedAt: item.submittedAt, calendar: calendarOf(item.calendarId) })),
      now,
    );
    const page = shown.map(({ calendarId, promisedAt, ...item }) => ({
      ...item,
      /** Working minutes with the board, with the author, and in all; null before the first submission. */
      clocks: times.get(item.id) ?? null,
      ...owed({ ...item, promisedAt }, now, calendarOf(calendarId)),
    }));
    const last = items.length > input.limit ? page.at(-1) : undefined;
    return {
      items: page,
      next: last ? (input.view === "open" ? `${last.promisedOn ?? far}_${last.id}` : last.id) : null,
      counts,
    };
  },
});

const from = (read: Reader) =>
  read
    .select(columns)
    .from(reviews)
    .innerJoin(models, eq(models.id, reviews.modelId))
    .innerJoin(people, eq(people.id, reviews.createdBy))
    .leftJoin(businessUnits, eq(businessUnits.id, models.businessUnitId));

const promised = sql<string>`coalesce(${reviews.promisedOn}, ${far}::date)`;

const byPromise = (read: Reader, where: SQL | undefined, limit: number) =>
  from(read)
    .where(where)
    .orderBy(asc(promised), asc(reviews.id))
    .limit(limit + 1);
const newestFirst = (read: Reader, where: SQL | undefined, limit: number) =>
  from(read)
    .where(where)
    .orderBy(desc(reviews.id))
    .limit(limit + 1);

const uuidOr0 = (id: string) => (isUuid(id) ? id : "00000000-0000-0000-0000-000000000000");
const like = (q: string) => `%${q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
const notAMark = () =>
  new Refusal("invalid", "after: use the value of `next` from the page before.", [
    { field: "after", message: "Not a page mark." },
  ]);

function afterPromise(after: string | undefined): SQL | undefined {
  if (after === undefined) return undefined;
  const [on = "", id = ""] = after.split("_");
  if (!day().safeParse(on).success || !isUuid(id)) throw notAMark();
  return sql`(${promised}, ${reviews.id}) > (${on}::date, ${id}::uuid)`;
}

function afterId(after: string | undefined): SQL | undefined {
  if (after === undefined) return undefined;
  if (!isUuid(after)) throw notAMark();
  return lt(reviews.id, after);
}

export const FindConditions = z.strictObject({
  status: z.enum(conditionStatuses).optional(),
  model: z.string().trim().max(255).optional(),
  mine: z.union([z.boolean(), z.enum(["true", "false"]).transform((v) => v === "true")]).default(false),
  overdue: z.union([z.boolean(), z.enum(["true", "false"]).transform((v) => v === "true")]).default(false),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Conditions across reviews, the next due first. */
export const findConditions = query({
  name: "condition.found",
  title: "List conditions",
  http: { method: "GET", path: "/conditions" },
  input: FindConditions,
  async run(read, input, actor, now) {
    const today = dayOf(now);
    const [on = "", ref = ""] = (input.after ?? "").split("_");
    if (input.after !== undefined && !(day().safeParse(on).success && /^CON-\d+$/.test(ref))) throw notAMark();
    const rows = await read
      .select({
        id: conditions.id,
        ref: conditions.ref,
        text: conditions.text,
        kind: conditions.kind,
        status: conditions.status,
        dueOn: conditions.dueOn,
        ownerId: conditions.ownerId,
        owner: people.name,
        model: models.name,
        review: reviews.ref,
        overdue: sql<boolean>`${conditions.status} in ('open', 'answered') and ${conditions.dueOn} < ${today}::date`,
      })
      .from(conditions)
      .innerJoin(reviews, eq(reviews.id, conditions.reviewId))
      .innerJoin(models, eq(models.id, conditions.modelId))
      .innerJoin(people, eq(people.id, conditions.ownerId))
      .where(
        and(
          inReach(actor, "reviews:read", models.businessUnitId),
          input.status ? eq(conditions.status, input.status) : undefined,
          input.model ? decidedOnNamed(input.model) : undefined,
          input.mine ? eq(conditions.ownerId, uuidOr0(actor.id)) : undefined,
          input.overdue
            ? and(inArray(conditions.status, ["open", "answered"]), lt(conditions.dueOn, today))
            : undefined,
          input.after
            ? or(gt(conditions.dueOn, on), and(eq(conditions.dueOn, on), gt(conditions.ref, ref)))
            : undefined,
        ),
      )
      .orderBy(asc(conditions.dueOn), asc(conditions.ref))
      .limit(input.limit + 1);
    const page = rows.slice(0, input.limit);
    const last = rows.length > input.limit ? page.at(-1) : undefined;
    return { items: page, next: last ? `${last.dueOn}_${last.ref}` : null };
  },
});
