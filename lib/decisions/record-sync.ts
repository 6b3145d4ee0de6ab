import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { adrFiles, adrSources, type FileClaims } from "@/db/schema/adr-sources";
import type { Actor } from "@/lib/core/actor";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { no, Refusal, type Verdict, yes } from "@/lib/core/refusal";
import { evaluateJob } from "@/lib/decision-checks/put";
import { mentionsChecks } from "@/lib/decision-checks/written";
import { maxRecord } from "./decision";
import { type KnownFile, knownFiles, takeFile } from "./files";
import { readRecordFile } from "./record-file";
import { sha256 } from "./store";

type Source = typeof adrSources.$inferSelect;

async function lockedSource(tx: Tx, id: string): Promise<Source> {
  const [source] = await tx
    .select()
    .from(adrSources)
    .where(and(eq(adrSources.id, id), isNull(adrSources.endedAt)))
    .for("update");
  if (!source) throw new Refusal("gone", "This source was ended.");
  return source;
}

const mayRecord = (actor: Actor, source: Source): Verdict =>
  actor.kind === "connector" && actor.id === source.id
    ? yes
    : no("forbidden", "Only the source itself records what was read from it.");

const path = z.string().min(1).max(1000);
const blob = z.string().min(1).max(100);

/** What one sync saw: every file that fits, with its text where the blob is not the one that was seen last. */
const Seen = z.strictObject({
  id: z.uuid(),
  commit: z.string().max(100).nullable(),
  files: z
    .array(
      z.union([
        z.strictObject({ path, blob, content: z.string().max(maxRecord).nullable() }),
        z.strictObject({ path, blob, reason: z.string().min(1).max(500) }),
      ]),
    )
    .max(20_000),
});

const nothing: FileClaims = { status: null, statusText: null, date: null, links: [] };
type Change = {
  path: string;
  became: string;
  ref: string | null;
  id: string | null;
  digest?: string;
  was?: string;
  reason?: string;
};
type Outcome = { changed: number };

/**
 * Records a complete reading of a source, all of it or nothing. The file is the truth for its text: it revises a proposed record, and
 * shows as drift on one that was signed off. A file that is gone, or cannot be read, leaves its record as it last was.
 */
export const recordSync = command({
  name: "adr.source.synced",
  title: "Record what a source of decisions holds",
  http: null,
  input: Seen,
  load: (tx, { id }) => lockedSource(tx, id),
  may: mayRecord,
  async run(tx, { input, subject: source, now }): Promise<Done<Outcome> | Unchanged<Outcome>> {
    const known = await knownFiles(tx, source.id);
    const changes: Change[] = await followRenames(tx, known, input.files);
    const here = new Set(input.files.map((file) => file.path));
    for (const file of known.values()) {
      if (here.has(file.path) || file.state === "removed") continue;
      await tx
        .update(adrFiles)
        .set({ state: "removed", reason: null, content: null, seenAt: now })
        .where(eq(adrFiles.id, file.id));
      changes.push({ path: file.path, became: "removed", ref: file.adr?.ref ?? null, id: file.adr?.id ?? null });
    }
    const about = { modelId: source.modelId, modelName: null, unitId: source.businessUnitId };
    for (const file of input.files) {
      const before = known.get(file.path);
      // Seen before with these very bytes, and not since said to be gone.
      if (before && before.blob === file.blob && before.state !== "removed") continue;
      if ("reason" in file) {
        await refuse(tx, source.id, file.path, file.blob, file.reason, before, now);
        changes.push({
          path: file.path,
          became: "refused",
          ref: before?.adr?.ref ?? null,
          id: before?.adr?.id ?? null,
          reason: file.reason,
        });
        continue;
      }
      if (file.content === null) throw new Error(`${file.path} changed, and its text was not read`);
      const read = readRecordFile(file.path, Buffer.from(file.content, "utf8"));
      if (!read.ok) throw new Error(`${file.path} was read as a record and is none: ${read.reason}`);
      const taken = await takeFile(tx, {
        sourceId: source.id,
        incoming: { path: file.path, content: file.content, digest: sha256(file.content), record: read.record },
        known: before,
        about,
        authorId: source.id,
        now,
      });
      await tx
        .update(adrFiles)
        .set({ blob: file.blob })
        .where(and(eq(adrFiles.sourceId, source.id), eq(adrFiles.path, file.path)));
      const back = taken.fate === "unchanged" && before !== undefined && before.state !== "same";
      if (taken.fate !== "unchanged" || back)
        changes.push({
          path: file.path,
          became: back ? "same" : taken.fate,
          ref: taken.ref,
          id: taken.id,
          digest: taken.digest,
        });
    }
    // When it was last looked at is no news of its own.
    await tx
      .update(adrSources)
      .set({ commit: input.commit, syncedAt: now, triedAt: now, fault: null })
      .where(eq(adrSources.id, source.id));
    const result = { changed: changes.length };
    if (changes.length === 0 && source.fault === null) return { unchanged: result };
    return {
      result,
      entry: {
        subject: { kind: "adr_source", id: source.id, ref: source.name },
        modelId: source.modelId,
        summary:
          changes.length === 0 ? `could read ${source.name} again` : `read ${counted(changes)} in ${source.name}`,
        body: { commit: input.commit, before: source.commit, files: changes },
      },
      jobs: input.files.some((file) => "content" in file && file.content !== null && mentionsChecks(file.content))
        ? [evaluateJob]
        : [],
    };
  },
});

/** The same bytes under a name that is new, where an old one is gone: the record stays the same one. */
async function followRenames(
  tx: Tx,
  known: Map<string, KnownFile>,
  files: readonly { path: string; blob: string }[],
): Promise<Change[]> {
  const here = new Set(files.map((file) => file.path));
  const gone = new Map(
    [...known.values()].flatMap((file) => (file.blob && file.adr && !here.has(file.path) ? [[file.blob, file]] : [])),
  );
  const changes: Change[] = [];
  for (const { path: to, blob: content } of files) {
    const before = gone.get(content);
    if (!before || known.has(to)) continue;
    gone.delete(content);
    known.delete(before.path);
    known.set(to, { ...before, path: to });
    await tx.update(adrFiles).set({ path: to }).where(eq(adrFiles.id, before.id));
    changes.push({
      path: to,
      became: "renamed",
      was: before.path,
      ref: before.adr?.ref ?? null,
      id: before.adr?.id ?? null,
    });
  }
  return changes;
}

async function refuse(
  tx: Tx,
  sourceId: string,
  at: string,
  blobId: string,
  reason: string,
  before: KnownFile | undefined,
  now: Date,
) {
  const seen = { state: "refused" as const, reason, blob: blobId, content: null, seenAt: now };
  if (before) await tx.update(adrFiles).set(seen).where(eq(adrFiles.id, before.id));
  else await tx.insert(adrFiles).values({ id: newId(), sourceId, path: at, digest: "", claims: nothing, ...seen });
}

function counted(changes: readonly Change[]): string {
  const kinds = ["new", "revised", "drift", "same", "renamed", "removed", "refused"];
  const words: { [kind: string]: string } = { same: "back in step", drift: "drifted" };
  return kinds
    .map((kind) => [kind, changes.filter((change) => change.became === kind).length] as const)
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => `${n} ${words[kind] ?? kind}`)
    .join(", ");
}

/** Records that a source could not be read, once for each fault; what was read last stays. */
export const recordSyncFault = command({
  name: "adr.source.failed",
  title: "Record that a source of decisions could not be read",
  http: null,
  input: z.strictObject({ id: z.uuid(), fault: z.string().min(1).max(1000) }),
  load: (tx, { id }) => lockedSource(tx, id),
  may: mayRecord,
  async run(tx, { input, subject: source, now }): Promise<Done<{ fault: string }> | Unchanged<{ fault: string }>> {
    await tx.update(adrSources).set({ triedAt: now, fault: input.fault }).where(eq(adrSources.id, source.id));
    if (source.fault === input.fault) return { unchanged: { fault: input.fault } };
    return {
      result: { fault: input.fault },
      entry: {
        subject: { kind: "adr_source", id: source.id, ref: source.name },
        modelId: source.modelId,
        summary: `could not read ${source.name}`,
        body: { fault: input.fault },
      },
    };
  },
});
