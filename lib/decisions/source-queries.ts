import "server-only";
import { and, asc, eq, gt, inArray, isNull, ne, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { adrFiles, adrSources } from "@/db/schema/adr-sources";
import { adrs } from "@/db/schema/decisions";
import { models } from "@/db/schema/models";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { ListSources, sourceStaleAfter } from "./source";

const mostTroubles = 50;

export const adrSourceList = query({
  name: "adr.sources",
  title: "List where decisions are read from, with what stands out",
  http: { method: "GET", path: "/decisions/sources" },
  input: ListSources,
  async run(read, input, actor, now) {
    const rows = await read
      .select({
        id: adrSources.id,
        kind: adrSources.kind,
        name: adrSources.name,
        address: adrSources.address,
        branch: adrSources.branch,
        globs: adrSources.globs,
        unitId: adrSources.businessUnitId,
        model: models.name,
        commit: adrSources.commit,
        syncedAt: adrSources.syncedAt,
        triedAt: adrSources.triedAt,
        fault: adrSources.fault,
      })
      .from(adrSources)
      .leftJoin(models, eq(models.id, adrSources.modelId))
      .where(
        and(
          isNull(adrSources.endedAt),
          inReach(actor, "decisions:read", adrSources.businessUnitId),
          input.after ? gt(adrSources.name, input.after) : undefined,
        ),
      )
      .orderBy(asc(adrSources.name))
      .limit(input.limit + 1);
    const page = rows.slice(0, input.limit);
    const ids = page.map((source) => source.id);
    const [counts, troubles] = await Promise.all([countsOf(read, ids), troublesOf(read, ids)]);
    return {
      items: page.map((source) => ({
        ...source,
        stale:
          source.kind !== "files" &&
          (source.syncedAt === null || now.getTime() - source.syncedAt.getTime() > sourceStaleAfter * 60_000),
        files: counts.get(source.id) ?? { same: 0, drift: 0, removed: 0, refused: 0 },
        troubles: troubles.filter((file) => file.sourceId === source.id).slice(0, mostTroubles),
      })),
      next: rows.length > input.limit ? (page.at(-1)?.name ?? null) : null,
    };
  },
});

async function countsOf(read: Reader, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, Record<"same" | "drift" | "removed" | "refused", number>>();
  const rows = await read
    .select({ sourceId: adrFiles.sourceId, state: adrFiles.state, n: sql<number>`count(*)::int` })
    .from(adrFiles)
    .where(inArray(adrFiles.sourceId, [...ids]))
    .groupBy(adrFiles.sourceId, adrFiles.state);
  return new Map(
    ids.map((id) => {
      const of = (state: string) => rows.find((r) => r.sourceId === id && r.state === state)?.n ?? 0;
      return [id, { same: of("same"), drift: of("drift"), removed: of("removed"), refused: of("refused") }] as const;
    }),
  );
}

async function troublesOf(read: Reader, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return read
    .select({
      sourceId: adrFiles.sourceId,
      path: adrFiles.path,
      state: adrFiles.state,
      reason: adrFiles.reason,
      ref: adrs.ref,
    })
    .from(adrFiles)
    .leftJoin(adrs, eq(adrs.id, adrFiles.adrId))
    .where(and(inArray(adrFiles.sourceId, [...ids]), ne(adrFiles.state, "same")))
    .orderBy(asc(adrFiles.path))
    .limit(mostTroubles * ids.length);
}

/** The files that a record comes from, each with its text where that is not the record's. */
export async function filesOfRecord(read: Reader, adrId: string) {
  const rows = await read
    .select({
      source: adrSources.name,
      kind: adrSources.kind,
      ended: sql<boolean>`${adrSources.endedAt} is not null`,
      path: adrFiles.path,
      state: adrFiles.state,
      reason: adrFiles.reason,
      content: adrFiles.content,
      claims: adrFiles.claims,
    })
    .from(adrFiles)
    .innerJoin(adrSources, eq(adrSources.id, adrFiles.sourceId))
    .where(eq(adrFiles.adrId, adrId))
    .limit(20);
  return rows.map(({ content, ...row }) => ({ ...row, drift: content?.toString("utf8") ?? null }));
}
