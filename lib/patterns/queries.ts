import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { patternAdoptions } from "@/db/schema/decisions";
import { loadContent, newestOfEach } from "@/lib/content/load";
import { patternEditions, patternsInForce } from "@/lib/library/editions";

/** The reference architecture a model follows, at its pinned version. */
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
export async function currentAdoption(read: Reader, modelId: string): Promise<Adoption | null> {
  const [row] = await read
    .select()
    .from(patternAdoptions)
    .where(and(eq(patternAdoptions.modelId, modelId), isNull(patternAdoptions.endedAt)));
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

/** How many models that count follow each pattern now, and how many of them are behind the version in force. */
export async function adoptionCounts(read: Reader): Promise<Map<string, { adopted: number; behind: number }>> {
  const { rows } = await read.execute<{ pattern_id: string; digest: string; n: number }>(sql`
    select a.pattern_id, a.digest, count(*)::int as n from pattern_adoption a join model m on m.id = a.model_id
    where a.ended_at is null and ${countedModels} group by a.pattern_id, a.digest`);
  const places = await editionPlaces(read);
  const counts = new Map<string, { adopted: number; behind: number }>();
  for (const { pattern_id, digest, n } of rows) {
    const behind = (places.find((p) => p.pattern === pattern_id && p.digest === digest)?.behind ?? 0) > 0;
    const before = counts.get(pattern_id) ?? { adopted: 0, behind: 0 };
    counts.set(pattern_id, { adopted: before.adopted + n, behind: before.behind + (behind ? n : 0) });
  }
  return counts;
}

/** Models that could follow a pattern: owned at least once, not retired, not joined to another. */
export const countedModels = sql`m.stage not in ('unclaimed', 'retired') and m.joined_to_id is null`;

/** The titles of the readiness items, by id. */
export const itemTitles = (): Map<string, string> =>
  new Map(newestOfEach(loadContent().checklists).flatMap((c) => c.items.map((i) => [i.id, i.title])));
