import "server-only";
import { createHash } from "node:crypto";
import path from "node:path";
import { and, eq, isNotNull } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { sourceFiles } from "@/db/schema/sources";
import { config } from "@/lib/config/config";
import type { Connection } from "@/lib/connections/find";
import { gitTree } from "@/lib/connectors/git";
import type { HttpLimits } from "@/lib/connectors/http";
import { gitGlobs, prometheusSettings } from "@/lib/connectors/prometheus/kind";
import type { BadRecord, Settings } from "@/lib/connectors/registry";
import { badRecord } from "@/lib/connectors/sift";
import type { SourceFile } from "@/lib/connectors/source";
import type { Ctx } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { maxFileChars } from "./source";
import { type Given, takeGitFiles } from "./take-git-files";

/** Files that a repository may hold for one connection. */
const most = 500;

type Place = { id: string; settings: Settings };
/** A file of a repository: its text, or why it has none; null: known already. */
type GitFile = { name: string; blob: string; content: string | null } | { name: string; blob: string; reason: string };
type Read = { repository: string; commit: string; files: GitFile[] };

/** Whether a connection's settings name a repository of SLO files. */
const repositoryOf = (settings: Settings): string | null =>
  typeof settings.gitRepository === "string" && settings.gitRepository !== "" ? settings.gitRepository : null;

/** The SLO files of a connection's repository as they are now; of blobs that are known only the name. Throws a Refusal in words. */
async function readRepository(
  { id, settings }: Place,
  known: ReadonlySet<string>,
  limits: Partial<HttpLimits>,
): Promise<Read | null> {
  const repository = repositoryOf(settings);
  if (repository === null) return null;
  const { gitBranch = null, gitFiles } = prometheusSettings.parse(settings);
  const { dataDir, decisionInternalHosts } = config();
  // Another repository or branch is another folder, so that nothing of the one is taken for the other's.
  const place = createHash("sha256").update(`${id}\n${repository}\n${gitBranch}`).digest("hex").slice(0, 32);
  const tree = await gitTree({
    address: repository,
    branch: gitBranch,
    globs: gitGlobs(gitFiles),
    gitdir: path.join(dataDir, "slo-files", `${place}.git`),
    most,
    internalHosts: decisionInternalHosts,
    limits,
  });
  const files: GitFile[] = [];
  for (const file of tree.files) {
    const { path: name, blob } = file;
    if ("reason" in file) files.push({ name, blob, reason: file.reason });
    else if (known.has(`${name} ${blob}`)) files.push({ name, blob, content: null });
    else {
      const content = (await file.read()).toString("utf8");
      if (content.length > maxFileChars) files.push({ name, blob, reason: `larger than ${maxFileChars} characters` });
      else files.push({ name, blob, content });
    }
  }
  return { repository, commit: tree.commit, files };
}

/** Stored files with those of the repository in the place of their former content. */
export const overlaid = (stored: readonly SourceFile[], read: readonly SourceFile[]): SourceFile[] => [
  ...new Map([...stored, ...read].map((f) => [f.name, f])).values(),
];

/** The files of a connection's repository, for a look that writes nothing. Throws a Refusal in words. */
export async function lookAtGitFiles(place: Place, limits: Partial<HttpLimits>): Promise<SourceFile[]> {
  const read = await readRepository(place, new Set(), limits);
  return (read?.files ?? []).flatMap((f) =>
    "content" in f && f.content !== null ? [{ name: f.name, content: f.content, commit: read?.commit ?? null }] : [],
  );
}

/**
 * Brings the files that a connection reads from Git up to the repository's newest commit. What cannot be reached leaves the files as
 * they were, and says so; a file that is no SLO leaves its former content, and is kept apart.
 */
export async function syncGitFiles(
  ctx: Ctx,
  connection: Connection,
  limits: Partial<HttpLimits>,
): Promise<{ bad: BadRecord[]; unread: string | null }> {
  const stored = await storedFiles(ctx.db, connection.id);
  if (repositoryOf(connection.settings) === null && stored.length === 0) return { bad: [], unread: null };
  let read: Read | null;
  try {
    read = await readRepository(connection, new Set(stored.map((f) => `${f.name} ${f.blob}`)), limits);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { bad: [], unread: `SLO files in Git: ${error.message}`.slice(0, 500) };
  }
  const bad: BadRecord[] = [];
  const given: Given[] = [];
  for (const file of read?.files ?? []) {
    if (!("reason" in file)) given.push(file);
    else bad.push(badRecord("facts", file.name, file.reason, { file: file.name, blob: file.blob }));
  }
  const { refused } = await takeGitFiles(ctx, {
    id: connection.id,
    repository: read?.repository ?? null,
    commit: read?.commit ?? null,
    files: given,
  });
  for (const { name, fault } of refused)
    bad.push(badRecord("facts", name, fault, { file: name, commit: read?.commit }));
  return { bad, unread: null };
}

const storedFiles = (read: Reader, connectionId: string) =>
  read
    .select({ name: sourceFiles.name, blob: sourceFiles.gitBlob })
    .from(sourceFiles)
    .where(and(eq(sourceFiles.connectionId, connectionId), isNotNull(sourceFiles.gitCommit)));
