import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { adrFiles, adrSources } from "@/db/schema/adr-sources";
import { connectorActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { readRecordFile } from "./record-file";
import { recordSync, recordSyncFault } from "./record-sync";
import { type Reach, readTree, type Tree } from "./tree";

/**
 * Reads a source and records what it holds. Whatever cannot be reached is recorded as the source's fault and is no failure of the
 * job: the schedule comes round again. A source that was ended meanwhile has nothing to sync.
 */
export async function syncSource(system: Ctx, id: string, reach: Reach): Promise<void> {
  const [source] = await system.db
    .select()
    .from(adrSources)
    .where(and(eq(adrSources.id, id), isNull(adrSources.endedAt)));
  if (!source || source.kind === "files" || source.address === null) return;
  const ctx: Ctx = { ...system, actor: connectorActor(source) };
  let tree: Tree;
  try {
    tree = await readTree({ ...source, kind: source.kind, address: source.address }, reach);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await recordSyncFault(ctx, { id, fault: error.message.slice(0, 1000) });
    return;
  }
  const rows = await system.db
    .select({ path: adrFiles.path, blob: adrFiles.blob, state: adrFiles.state })
    .from(adrFiles)
    .where(eq(adrFiles.sourceId, id));
  const known = new Map(rows.map((row) => [row.path, row]));
  const files = [];
  for (const file of tree.files) {
    const { path, blob } = file;
    const before = known.get(path);
    if ("reason" in file) files.push({ path, blob, reason: file.reason });
    else if (before?.blob === blob && before.state !== "removed") files.push({ path, blob, content: null });
    else {
      const read = readRecordFile(path, await file.read());
      files.push(read.ok ? { path, blob, content: read.content } : { path, blob, reason: read.reason });
    }
  }
  await recordSync(ctx, { id, commit: tree.commit, files });
}
