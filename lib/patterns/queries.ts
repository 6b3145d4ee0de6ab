import "server-only";
import { and, isNull, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { patternAdoptions } from "@/db/schema/decisions";
import { loadContent, newestOfEach } from "@/lib/content/load";
import { patternEditions, patternsInForce } from "@/lib/library/editions";
import { type FollowerKey, of } from "./follower";

/** The reference architecture that a model or use case follows, at its pinned version. */
export type Adoption = {
  id: string;
  patternId: string;
  version: number;
  digest: string;
  /** Where it departs, in the owner's words; "" means full conformance. */
  deviations: string;
  adoptedBy: string;
  adoptedAt: Date;
  /** Title now; null when this build no longer carries the pattern. */
  title: string | null;
  /** The version in force; larger than `version` when the pattern has moved on. */
  newestVersion: number | null;
};

/** The adoption in force for a model; null if none. */
export const currentAdoption = (read: Reader, modelId: string): Promise<Adoption | null> =>
  adoptionOf(read, { kind: "model", id: modelId });

/** The adoption in force for a model or use case; null if none. */
export async function adoptionOf(read: Reader, follower: FollowerKey): Promise<Adoption | null> {
  const [row] = await read
    .select()
    .from(patternAdoptions)
    .where(and(of(patternAdoptions, follower), isNull(patternAdoptions.endedAt)));
  if (!row) return null;
  const current = (await patternsInForce(read)).find((p) => p.id === row.patternId);
  const { id, patternId, version, digest, deviations, adoptedBy, adoptedAt } = row;
  return {
    id,
    patternId,
    version,
    digest,
    deviations,
    adoptedBy,
    adoptedAt,
    title: current?.title ?? null,
    newestVersion: current?.version ?? null,
  };
}

type Placed = { pattern: string; digest: string; inForce: boolean; behind: number };

/**
 * How many editions each known text of a pattern is behind the one in force: shipped versions and own revisions that came between.
 * A revision that was given up for the shipped text counts one. A text that is not listed is not known here.
 */
export async function editionPlaces(read: Reader): Promise<Placed[]> {
  const editions = await patternEditions(read);
  const placed = editions.map((e, i) => {
    const inForce = editions.findIndex((other) => other.id === e.id && other.inForce);
    const given = e.revision > 0 && i < inForce ? 1 : 0;
    return { pattern: e.id, digest: e.digest, inForce: e.inForce, behind: Math.max(given, i - inForce) };
  });
  // A text that was given up and taken again is one text: where it stands now counts.
  placed.sort((a, b) => Number(b.inForce) - Number(a.inForce) || a.behind - b.behind);
  const seen = new Set<string>();
  return placed.filter(({ pattern, digest }) => {
    const key = `${pattern} ${digest}`;
    const first = !seen.has(key);
    seen.add(key);
    return first;
  });
}

type Counts = { adopted: number; behind: number; useCases: number };

/** How many models and use cases that count follow each pattern now, and how many of the models are behind the version in force. */
export async function adoptionCounts(read: Reader): Promise<(pattern: string) => Counts> {
  const { rows } = await read.execute<{ pattern_id: string; digest: string; models: number; use_cases: number }>(sql`
    select a.pattern_id, a.digest, count(m.id)::int as models, count(c.id)::int as use_cases from pattern_adoption a
      left join model m on m.id = a.model_id and ${countedModels}
      left join use_case c on c.id = a.use_case_id and ${countedUseCases}
    where a.ended_at is null group by a.pattern_id, a.digest`);
  const places = await editionPlaces(read);
  const counts = new Map<string, Counts>();
  const known = (pattern: string): Counts => counts.get(pattern) ?? { adopted: 0, behind: 0, useCases: 0 };
  for (const { pattern_id, digest, models, use_cases } of rows) {
    const behind = (places.find((p) => p.pattern === pattern_id && p.digest === digest)?.behind ?? 0) > 0;
    const { adopted, behind: before, useCases } = known(pattern_id);
    counts.set(pattern_id, {
      adopted: adopted + models,
      behind: before + (behind ? models : 0),
      useCases: useCases + use_cases,
    });
  }
  return known;
}

/** Models that could follow a pattern: owned at least once, not retired, not joined to another. */
export const countedModels = sql`m.stage not in ('unclaimed', 'retired') and m.joined_to_id is null`;

/** Use cases that could follow a pattern: not retired. */
export const countedUseCases = sql`c.status <> 'retired'`;

/** The titles of the readiness items, by id. */
export const itemTitles = (): Map<string, string> =>
  new Map(newestOfEach(loadContent().checklists).flatMap((c) => c.items.map((i) => [i.id, i.title])));
