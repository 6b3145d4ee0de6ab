import "server-only";
import { UpstreamFault } from "@/lib/connectors/fault";
import type { BadRecord } from "@/lib/connectors/registry";
import { badRecord } from "@/lib/connectors/sift";
import type { Observation, SeenSubject, SubjectPage } from "@/lib/connectors/source";
import { openSource } from "@/lib/connectors/sources";
import type { SourceSystem } from "@/lib/connectors/systems";
import type { Ctx } from "@/lib/core/command";
import { factKey } from "@/lib/facts/catalogue";
import { valueFault } from "@/lib/facts/fact";
import { syncGitFiles } from "@/lib/sources/git-files";
import { recordBatch } from "./batch";
import type { Cursor } from "./batch-input";
import { filesOf, targetOf } from "./find";
import type { StartedRun } from "./run";
import type { SyncOptions } from "./sync";

/** A clock that is this far ahead is still believed. */
const aheadMs = 300_000;
/** Subjects in a batch. */
const width = 500;

/**
 * Reads a source of facts page by page. What does not fit the catalogue, or says that it was seen in the future, is kept apart; each
 * batch is written with the place reached.
 */
export async function readSource(
  ctx: Ctx,
  { runId, connection, cursor: from }: StartedRun,
  system: SourceSystem,
  options: SyncOptions,
): Promise<void> {
  const git = system === "prometheus" ? await syncGitFiles(ctx, connection, options.limits ?? {}) : null;
  const client = await openSource(
    system,
    targetOf(connection),
    await filesOf(ctx.db, connection.id),
    options.limits ?? {},
  );
  let cursor: Cursor = from;
  try {
    while (cursor.phase === "read") {
      const page = await client.read({ token: cursor.token, size: options.pageSize ?? width, now: ctx.now() });
      if (page.next !== null && page.next === cursor.token)
        throw new UpstreamFault("shape", `${connection.name} repeats a page token, so its list has no end.`);
      if (git?.unread) page.unread.push({ stream: "facts", why: git.unread });
      page.bad.push(...(git?.bad.splice(0) ?? []));
      cursor = await writePage(ctx, runId, cursor, page);
    }
  } finally {
    client.close();
  }
}

async function writePage(ctx: Ctx, runId: string, cursor: Cursor, page: SubjectPage): Promise<Cursor> {
  const { subjects, bad } = fitting(page.subjects, ctx.now());
  const all = [...page.bad, ...bad];
  for (let at = 0; at + width < subjects.length; at += width)
    await recordBatch(ctx, {
      runId,
      cursor: null,
      seen: { models: 0, versions: 0, skipped: 0, facts: count(subjects.slice(at, at + width)) },
      subjects: subjects.slice(at, at + width),
    });
  const rest = subjects.slice(subjects.length === 0 ? 0 : Math.floor((subjects.length - 1) / width) * width);
  const next: Cursor = {
    ...cursor,
    phase: page.next === null ? "done" : "read",
    token: page.next,
    unread: [...new Map([...cursor.unread, ...page.unread].map((u) => [u.stream, u])).values()],
    beat: ctx.now().toISOString(),
  };
  await recordBatch(ctx, {
    runId,
    cursor: next,
    seen: { models: 0, versions: 0, skipped: all.length, facts: count(rest) },
    subjects: rest,
    bad: all,
  });
  return next;
}

const count = (subjects: readonly SeenSubject[]): number => subjects.reduce((n, s) => n + s.observations.length, 0);

/** The observations that the catalogue knows and whose time has come; the others with what is wrong with them. */
function fitting(subjects: readonly SeenSubject[], now: Date): { subjects: SeenSubject[]; bad: BadRecord[] } {
  const bad: BadRecord[] = [];
  const faultOf = (o: Observation): string | null => {
    const known = factKey(o.key);
    if (!known) return `there is no fact ${o.key} in the catalogue`;
    const at = Date.parse(o.effectiveAt);
    if (Number.isNaN(at)) return "has no time that can be read";
    if (at > now.getTime() + aheadMs) return `says it was seen at ${o.effectiveAt}, which lies in the future`;
    return valueFault(known.type, o.value);
  };
  return {
    subjects: subjects.map((s) => ({
      ...s,
      observations: s.observations.filter((o) => {
        const fault = faultOf(o);
        if (fault !== null) bad.push(badRecord("facts", `${s.subject} ${o.key}`, fault, o));
        return fault === null;
      }),
    })),
    bad,
  };
}
