import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { adrChecks } from "@/db/schema/decision-checks";
import { adrRevisions, adrs } from "@/db/schema/decisions";
import type { UnknownCause } from "@/lib/checks/check";
import type { Actor } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { OneRecord } from "@/lib/decisions/decision";
import { byRef } from "@/lib/decisions/load";
import { factKey } from "@/lib/facts/catalogue";
import type { FactValue } from "@/lib/facts/fact";
import { isStale } from "@/lib/facts/fact";
import { modelSubject } from "@/lib/readiness/subject";
import { checkedStatuses, type SubjectOutcome, subjectOutcomes } from "./assumption";
import { writtenChecks } from "./written";

/** How many models a page shows of each check at first. */
const shown = 12;

type SubjectRow = {
  check_id: string;
  model: string;
  outcome: SubjectOutcome;
  cause: UnknownCause | null;
  why: string;
  since: string;
  facts: { key: string; value: FactValue; source: string; collected_at: string }[] | null;
};

async function readable(read: Reader, ref: string, actor: Actor) {
  const [adr] = await read
    .select({
      id: adrs.id,
      ref: adrs.ref,
      status: adrs.status,
      unitId: adrs.businessUnitId,
      revision: adrs.currentRevision,
    })
    .from(adrs)
    .where(and(byRef(ref), inReach(actor, "decisions:read", adrs.businessUnitId)));
  if (!adr) throw new Refusal("not_found", `There is no decision ${ref}.`);
  return adr;
}

const rank = sql`array_position(${`{${subjectOutcomes.join(",")}}`}::text[], s.outcome)`;

/** The models behind checks, those that fail first, then by name; each with the recorded facts that its answer rests on. */
async function subjectsOf(
  read: Reader,
  actor: Actor,
  checkIds: readonly string[],
  page: { limit: number; after?: { rank: number; name: string } },
  now: Date,
) {
  const after = page.after ? sql`and (${rank}, m.name) > (${page.after.rank}::int, ${page.after.name}::text)` : sql``;
  const { rows } = await read.execute<SubjectRow>(sql`
    select x.*, (select json_agg(json_build_object('key', f.key, 'value', f.value, 'source', f.source_name, 'collected_at', f.collected_at) order by f.key)
        from fact f where f.id = any(x.fact_ids)) as facts
    from unnest(${`{${checkIds.join(",")}}`}::uuid[]) with ordinality as c(id, place), lateral (
      select s.check_id, m.name as model, s.outcome, s.cause, s.why, s.since::text, s.fact_ids from adr_check_subject s join model m on m.id = s.model_id
      where s.check_id = c.id and ${inReach(actor, "inventory:read", sql`m.business_unit_id`)} ${after}
      order by ${rank}, m.name limit ${page.limit}) x order by c.place`);
  return rows.map(({ check_id, facts, since, ...row }) => ({
    ...row,
    checkId: check_id,
    since: new Date(since),
    facts: (facts ?? []).map(({ collected_at, ...fact }) => {
      const collectedAt = new Date(collected_at);
      return { ...fact, collectedAt, stale: isStale({ collectedAt }, factKey(fact.key)?.maxAgeDays ?? null, now) };
    }),
  }));
}

/** The checks of a decision, what came of each last, the first models behind it, and what is wrong with its text. */
export const adrChecksOf = query({
  name: "adr.checks",
  title: "Read the checks of a decision and what came of them",
  http: { method: "GET", path: "/decisions/{ref}/checks" },
  input: OneRecord,
  async run(read, { ref }, actor, now) {
    const adr = await readable(read, ref, actor);
    const [kept, [revision], { rows: breaks }] = await Promise.all([
      read.select().from(adrChecks).where(eq(adrChecks.adrId, adr.id)).orderBy(adrChecks.place),
      read
        .select({ content: adrRevisions.content })
        .from(adrRevisions)
        .where(and(eq(adrRevisions.adrId, adr.id), eq(adrRevisions.number, adr.revision))),
      read.execute<{ check_id: string; raised_at: string; answered_at: string | null; closed_at: string | null }>(sql`
        select check_id, raised_at::text, answered_at::text, closed_at::text from adr_check_break where adr_id = ${adr.id}
        order by raised_at desc limit 200`),
    ]);
    const subjects =
      kept.length === 0
        ? []
        : await subjectsOf(
            read,
            actor,
            kept.map((c) => c.id),
            { limit: shown + 1 },
            now,
          );
    return {
      ref: adr.ref,
      inForce: checkedStatuses.some((one) => one === adr.status),
      subject: { ref: adr.ref, status: adr.status, unitId: adr.unitId, checks: kept.length },
      faults: writtenChecks(revision?.content.toString("utf8") ?? "").faults,
      items: kept.map(({ id, adrId: _adr, place: _place, key, ...check }) => {
        const mine = subjects.filter((s) => s.checkId === id);
        return {
          id: key,
          ...check,
          breaks: breaks
            .filter((b) => b.check_id === id)
            .map((b) => ({
              raisedAt: new Date(b.raised_at),
              answeredAt: b.answered_at === null ? null : new Date(b.answered_at),
              closedAt: b.closed_at === null ? null : new Date(b.closed_at),
            })),
          subjects: mine.slice(0, shown).map(({ checkId: _id, ...subject }) => subject),
          more: mine.length > shown,
        };
      }),
    };
  },
});

/** All models behind one check, page by page. */
export const adrCheckModels = query({
  name: "adr.check.models",
  title: "List the models behind a check of a decision",
  http: { method: "GET", path: "/decisions/{ref}/checks/{check}/models" },
  input: OneRecord.extend({
    check: z.string().trim().min(1).max(60),
    after: z
      .string()
      .max(300)
      .regex(/^[1-4] \S/, "Use the value of `next` from the page before.")
      .optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  async run(read, { ref, check, after, limit }, actor, now) {
    const adr = await readable(read, ref, actor);
    const [found] = await read
      .select({ id: adrChecks.id })
      .from(adrChecks)
      .where(and(eq(adrChecks.adrId, adr.id), eq(adrChecks.key, check)));
    if (!found) throw new Refusal("not_found", `${adr.ref} has no check ${check}.`);
    const from = after === undefined ? undefined : { rank: Number(after[0]), name: after.slice(2) };
    const rows = await subjectsOf(read, actor, [found.id], { limit: limit + 1, after: from }, now);
    const items = rows.slice(0, limit).map(({ checkId: _id, ...subject }) => subject);
    const last = items.at(-1);
    return {
      items,
      next: rows.length > limit && last ? `${subjectOutcomes.indexOf(last.outcome) + 1} ${last.model}` : null,
    };
  },
});

/** The checks of decisions in force that a model breaks: newest break first. */
export const modelBreaks = query({
  name: "models.checks",
  title: "List the checks of decisions that a model breaks",
  http: { method: "GET", path: "/models/{name}/checks" },
  input: z.strictObject({ name: z.string().trim().min(1).max(250) }),
  async run(read, { name }, actor) {
    const model = await modelSubject(read, name, actor);
    const { rows } = await read.execute<{
      ref: string;
      decision: string;
      check: string;
      title: string;
      why: string;
      since: string;
    }>(sql`
      select a.ref, a.title as decision, c.key as "check", c.title, s.why, s.since::text
      from adr_check_subject s join adr_check c on c.id = s.check_id join adr a on a.id = c.adr_id
      where s.model_id = ${model.id} and s.outcome = 'fail' and a.status = any(${`{${checkedStatuses.join(",")}}`}::text[])
        and ${inReach(actor, "decisions:read", sql`a.business_unit_id`)}
      order by s.since desc, a.ref limit 100`);
    return { model: model.name, items: rows.map((row) => ({ ...row, since: new Date(row.since) })) };
  },
});
