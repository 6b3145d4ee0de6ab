import "server-only";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import type { Pattern } from "@/lib/content/load";
import { type Actor, holds } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { guidesInForce, patternsInForce, patternTexts } from "@/lib/library/editions";
import { seenModels } from "@/lib/models/visible";
import { useCaseKey } from "@/lib/use-cases/use-case";
import type { DeviationRow, GapState } from "./adoption";
import { type FollowerKey, modelFollower, useCaseFollower } from "./follower";
import { PatternList, patternKinds } from "./pattern";
import { adoptionCounts, adoptionOf, editionPlaces, itemTitles } from "./queries";

const mustSee = (actor: Actor): void => {
  if (!holds(actor, "inventory:read"))
    throw new Refusal("forbidden", "You need a role to read reference architectures. Ask an administrator for one.");
};

/** The version in force of each reference architecture, by kind and title; several values of a filter are alternatives. */
export const listPatterns = query({
  name: "patterns.list",
  title: "List reference architectures",
  http: { method: "GET", path: "/patterns" },
  input: PatternList,
  run: async (read, wanted, actor) => {
    mustSee(actor);
    const counts = await adoptionCounts(read);
    const words = wanted.q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
    const fits = (p: Pattern) =>
      (!wanted.kind || (p.kind !== null && wanted.kind.includes(p.kind))) &&
      (!wanted.serving || wanted.serving.some((s) => p.limits.serving_types.includes(s))) &&
      (!wanted.platform || wanted.platform.some((v) => p.variants.includes(v))) &&
      words.every((word) => `${p.id} ${p.title} ${p.summary} ${p.markdown}`.toLowerCase().includes(word));
    const all = await patternsInForce(read);
    const place = ({ kind }: Pattern) => (kind ? patternKinds.indexOf(kind) : patternKinds.length);
    return {
      total: all.length,
      items: all
        .filter(fits)
        .sort((a, b) => place(a) - place(b) || a.title.localeCompare(b.title))
        .map(({ bytes: _bytes, markdown: _markdown, file: _file, ...pattern }) => ({
          ...pattern,
          adoption: counts(pattern.id),
        })),
    };
  },
});

/** One text of a reference architecture and the digest of every one, shipped or own; the one in force if nothing is said. */
export const getPattern = query({
  name: "patterns.get",
  title: "Read a reference architecture",
  http: { method: "GET", path: "/patterns/{id}" },
  input: z.strictObject({
    id: z.string().trim().min(1).max(120),
    version: z.coerce.number().int().min(1).max(10_000).optional(),
    /** One exact text, also of an own revision that is not in force any more. */
    digest: z.string().trim().min(1).max(64).optional(),
  }),
  run: async (read, { id, version, digest }, actor) => {
    mustSee(actor);
    const [versions, places] = await Promise.all([patternTexts(read, id), editionPlaces(read)]);
    const held = places.find((p) => p.pattern === id && p.inForce);
    const inForce = versions.find((p) => p.digest === held?.digest);
    const found = digest
      ? versions.find((p) => p.digest === digest)
      : version === undefined || version === inForce?.version
        ? inForce
        : versions.find((p) => p.version === version && p.revision === 0);
    if (!found)
      throw new Refusal(
        "not_found",
        `There is no reference architecture ${id}${version ? ` version ${version}` : ""}${digest ? " with this digest" : ""}.`,
      );
    const { bytes: _bytes, file: _file, ...pattern } = found;
    const counts = await adoptionCounts(read);
    const [patterns, guides] = await Promise.all([patternsInForce(read), guidesInForce(read)]);
    const titles = itemTitles();
    return {
      ...pattern,
      satisfies: pattern.satisfies.map((s) => ({ ...s, title: titles.get(s.item) ?? null })),
      guides: guides.filter((g) => g.patterns.includes(id)).map((g) => ({ id: g.id, kind: g.kind, title: g.title })),
      related: pattern.related.map((r) => ({ ...r, title: patterns.find((p) => p.id === r.id)?.title ?? r.id })),
      versions: versions.map((v) => ({
        version: v.version,
        revision: v.revision,
        digest: v.digest,
        published: v.published,
        status: v.status,
        inForce: v === inForce,
      })),
      inForce: found === inForce,
      adoption: counts(id),
    };
  },
});

const FollowerPage = z.strictObject({
  id: z.string().trim().min(1).max(120),
  after: z.string().max(250).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A model, by name, or a use case, by reference, that follows a pattern now. */
export type FollowingRow = {
  key: string;
  name: string;
  /** Null of use cases, which have none. */
  tier: number | null;
  unit: string | null;
  ownerName: string | null;
  version: number;
  deviations: string;
  adoptedAt: string;
};

const following = {
  model: sql`m.name as key, m.name, m.tier from pattern_adoption a join model m on m.id = a.model_id and m.stage <> 'retired'`,
  use_case: sql`m.ref as key, m.name, null::int as tier from pattern_adoption a join use_case m on m.id = a.use_case_id and m.status <> 'retired'`,
};

async function followersOf(
  read: Reader,
  kind: keyof typeof following,
  { id, after, limit }: z.output<typeof FollowerPage>,
  actor: Actor,
): Promise<{ items: FollowingRow[]; next: string | null }> {
  mustSee(actor);
  const { rows } = await read.execute<FollowingRow>(sql`
    select * from (
      select u.name as unit, o.name as "ownerName", a.version, a.deviations, a.adopted_at as "adoptedAt", ${following[kind]}
        left join business_unit u on u.id = m.business_unit_id left join person o on o.id = m.owner_id
      where a.pattern_id = ${id} and a.ended_at is null and ${seenModels(actor)}) f
    where ${after === undefined ? sql`true` : sql`f.key > ${after}`} order by f.key limit ${limit + 1}`);
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.key ?? null) : null };
}

export const patternAdopters = query({
  name: "patterns.adopters",
  title: "List the models that follow a reference architecture",
  http: { method: "GET", path: "/patterns/{id}/adopters" },
  input: FollowerPage,
  run: (read, wanted, actor) => followersOf(read, "model", wanted, actor),
});

export const patternUseCases = query({
  name: "patterns.use_cases",
  title: "List the use cases that follow a reference architecture",
  http: { method: "GET", path: "/patterns/{id}/use-cases" },
  input: FollowerPage,
  run: (read, wanted, actor) => followersOf(read, "use_case", wanted, actor),
});

export const modelPattern = query({
  name: "models.pattern",
  title: "Read which reference architecture a model follows",
  http: { method: "GET", path: "/models/{name}/pattern" },
  input: z.strictObject({ name: z.string().trim().min(1).max(250) }),
  run: async (read, wanted, actor) => {
    const subject = await modelFollower(read, wanted, actor);
    return { model: subject.name, ...(await followedBy(read, subject)), subject };
  },
});

export const patternOfUseCase = query({
  name: "use_cases.pattern",
  title: "Read which reference architecture a use case follows",
  http: { method: "GET", path: "/use-cases/{useCase}/pattern" },
  input: z.strictObject({ useCase: useCaseKey }),
  run: async (read, wanted, actor) => {
    const subject = await useCaseFollower(read, wanted, actor);
    return { useCase: subject.ref, ...(await followedBy(read, subject)), subject };
  },
});

/** What a model or use case pinned, what that text asks for, where it departs, and what its owner said is missing. */
async function followedBy(read: Reader, follower: FollowerKey) {
  const column = follower.kind === "model" ? sql.raw("model_id") : sql.raw("use_case_id");
  const [adoption, { rows: gaps }, { rows: deviations }] = await Promise.all([
    adoptionOf(read, follower),
    read.execute<GapRow>(sql`
      select g.id, g.missing, g.state, g.pattern_id as pattern, g.answer, g.said_at as "saidAt", p.name as "saidBy"
      from pattern_gap g join person p on p.id = g.said_by where g.${column} = ${follower.id} order by g.said_at desc limit 20`),
    read.execute<DeviationRow>(sql`
      select d.id, d.requirement, d.requirement_title as title, d.why, r.ref as adr, r.title as "adrTitle", r.status as "adrStatus",
        p.name as "recordedBy", d.recorded_at as "recordedAt"
      from pattern_deviation d left join adr r on r.id = d.adr_id left join person p on p.id = d.recorded_by
      where d.${column} = ${follower.id} and d.ended_at is null
      order by d.recorded_at, d.id`),
  ]);
  const [texts, places] = adoption
    ? await Promise.all([patternTexts(read, adoption.patternId), editionPlaces(read)])
    : [[], []];
  const pinned = texts.find((p) => p.digest === adoption?.digest);
  return {
    adoption: adoption && {
      ...adoption,
      behind: places.find((p) => p.pattern === adoption.patternId && p.digest === adoption.digest)?.behind ?? null,
      revision: pinned?.revision ?? null,
    },
    /** What the pinned text asks for. */
    requirements: pinned?.checks.map((c) => ({ id: c.id, title: c.title })) ?? [],
    /** Open until the decision record is accepted. */
    deviations: deviations.map((d) => ({ ...d, open: d.adrStatus !== "accepted" })),
    gaps,
  };
}

export type GapRow = {
  id: string;
  missing: string;
  state: GapState;
  pattern: string | null;
  answer: string;
  saidAt: string;
  saidBy: string;
};
