import "server-only";
import { and, count, eq, isNull } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { patternAdoptions } from "@/db/schema/decisions";
import { loadContent, newest, newestOfEach } from "@/lib/content/load";

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
  /** The newest published version; larger than `version` when the pattern has moved on. */
  newestVersion: number | null;
};

/** The adoption in force for a model; null if none. */
export async function currentAdoption(read: Reader, modelId: string): Promise<Adoption | null> {
  const [row] = await read
    .select()
    .from(patternAdoptions)
    .where(and(eq(patternAdoptions.modelId, modelId), isNull(patternAdoptions.endedAt)));
  if (!row) return null;
  const current = newest(loadContent().patterns, row.patternId);
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

/** How many models follow each pattern now, on the newest version and on older ones. */
export async function adoptionCounts(read: Reader): Promise<Map<string, { adopted: number; behind: number }>> {
  const rows = await read
    .select({ patternId: patternAdoptions.patternId, version: patternAdoptions.version, n: count() })
    .from(patternAdoptions)
    .where(isNull(patternAdoptions.endedAt))
    .groupBy(patternAdoptions.patternId, patternAdoptions.version);
  const counts = new Map<string, { adopted: number; behind: number }>();
  for (const { patternId, version, n } of rows) {
    const latest = newest(loadContent().patterns, patternId)?.version ?? version;
    const before = counts.get(patternId) ?? { adopted: 0, behind: 0 };
    counts.set(patternId, { adopted: before.adopted + n, behind: before.behind + (version < latest ? n : 0) });
  }
  return counts;
}

/** The titles of the readiness items, by id. */
export const itemTitles = (): Map<string, string> =>
  new Map(newestOfEach(loadContent().checklists).flatMap((c) => c.items.map((i) => [i.id, i.title])));
