import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { type Actor, holds } from "@/lib/core/actor";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { modelNamed } from "@/lib/decisions/load";
import { nearTo } from "@/lib/models/near";
import type { Overlap } from "./overlap-rules";
import { openStatuses, type ReviewStatus, statusName } from "./review";

/** What a draft says that others may say too. */
type Case = { reviewId: string | null; models: readonly { id: string; name: string }[]; system: string };

const most = 8;

/**
 * What overlaps with a draft, the strongest first: models that may be the same one, as the inventory compares names and artefacts
 * and nobody said that they are two; and reviews of other models in the same system, or of such a model, that are open or were
 * decided. A like model and an open review must be answered; a decided one is for reading.
 */
export async function overlapsOf(read: Reader, about: Case, actor: Actor): Promise<Overlap[]> {
  const own = about.models.map((m) => m.name);
  const near = new Map<string, Overlap>();
  for (const model of about.models)
    for (const n of (await nearApart(read, model)).filter((n) => !own.includes(n.name)))
      near.set(n.name, {
        kind: "model",
        ref: n.name,
        title: n.unit ? `${n.unit}, ${n.stage.replaceAll("_", " ")}` : n.stage.replaceAll("_", " "),
        model: null,
        status: null,
        who: n.owner,
        why:
          n.why === "digest"
            ? `Has an artefact in common with ${model.name}`
            : `Is called as ${model.name} is, but for its spelling`,
        strong: true,
      });
  const reviews = await reviewsLike(read, about, [...near.keys()], actor);
  return [...near.values(), ...reviews].sort((a, b) => Number(b.strong) - Number(a.strong)).slice(0, most);
}

/** Models that may be this one, but for those that somebody keeps apart from it. */
async function nearApart(read: Reader, model: { id: string; name: string }) {
  const { rows: digests } = await read.execute<{ digest: string }>(sql`
    select digest from model_version where model_id = ${model.id} and digest is not null order by registered_at desc, id desc limit 1`);
  const near = await nearTo(read, { name: model.name, ...(digests[0] ? { digest: digests[0].digest } : {}) });
  if (near.length === 0) return [];
  const { rows: apart } = await read.execute<{ name: string }>(sql`
    select m.name from reconciliation_item i join model m on m.id in (i.model_id, i.other_id)
    where i.kind = 'duplicate' and i.status = 'apart' and ${model.id}::uuid in (i.model_id, i.other_id) and m.id <> ${model.id}`);
  return near.filter((n) => !apart.some((a) => a.name === n.name));
}

async function reviewsLike(read: Reader, about: Case, near: readonly string[], actor: Actor): Promise<Overlap[]> {
  const { rows } = await read.execute<{
    ref: string;
    title: string;
    status: ReviewStatus;
    model: string;
    who: string;
    same: boolean;
  }>(sql`
    with k as (select nullif(model_name_key(${about.system}), '') as key)
    select r.ref, r.title, r.status, m.name as model, p.name as who, coalesce(model_name_key(r.submission->>'system') = k.key, false) as same
    from k, review r join model m on m.id = r.model_id join person p on p.id = r.created_by
    where r.status in ('in_review', 'changes_requested', 'deferred', 'approved', 'approved_with_conditions', 'rejected')
      and r.id is distinct from ${about.reviewId}::uuid
      and (model_name_key(r.submission->>'system') = k.key or m.name = any(${sql.param([...near])}::text[]))
      and not exists (select from review_model x where x.review_id = r.id and x.round = r.round
        and x.model_id = any(${sql.param(about.models.map((n) => n.id))}::uuid[]))
      and ${inReach(actor, "reviews:read", sql`m.business_unit_id`)}
    order by r.decided_at desc nulls first, r.id desc limit ${most}`);
  return rows.map((r) => ({
    kind: "review" as const,
    ref: r.ref,
    title: r.title,
    model: r.model,
    status: r.status,
    who: r.who,
    why: `${r.same ? "The same system" : "A model that may be the same"}, ${statusName[r.status].toLowerCase()}`,
    strong: openStatuses.some((s) => s === r.status),
  }));
}

const Names = z.array(z.string().trim().min(1).max(255)).max(20);

/** What overlaps with a case as it is being written. */
export const findOverlaps = query({
  name: "review.overlap.found",
  title: "Find what overlaps with a review submission",
  http: { method: "GET", path: "/models/{model}/overlap" },
  input: z.strictObject({
    model: z.string().trim().min(1).max(255),
    further: z
      .union([
        Names,
        z
          .string()
          .max(5200)
          .transform((s) => s.split(","))
          .pipe(Names),
      ])
      .default([])
      .describe("Names of further models, with commas between them"),
    system: z.string().trim().max(200).default("").describe("The system that it is part of"),
    review: z.string().trim().max(60).optional().describe("The draft itself, by its id or reference"),
  }),
  async run(read, input, actor) {
    const models = [];
    for (const name of [input.model, ...input.further]) {
      const found = await modelNamed(read, name);
      if (!holds(actor, "inventory:read", found.businessUnitId))
        throw new Refusal("not_found", `There is no model ${name} in the inventory.`);
      models.push({ id: found.id, name: found.name });
    }
    const { rows } = input.review
      ? await read.execute<{ id: string }>(
          sql`select id from review where ref = ${input.review.toUpperCase()} or id::text = ${input.review}`,
        )
      : { rows: [] };
    return { items: await overlapsOf(read, { reviewId: rows[0]?.id ?? null, models, system: input.system }, actor) };
  },
});
