import { z } from "zod";
import { parseGuide, parsePattern } from "@/lib/content/texts";
import { faultsOf } from "@/lib/core/parse";
import { guideKinds } from "@/lib/guidance/guidance";

/** What the library holds and an organisation may revise. */
export const libraryKinds = ["pattern", ...guideKinds] as const;
export type LibraryKind = (typeof libraryKinds)[number];

export const libraryKindName: Record<LibraryKind, string> = {
  pattern: "reference architecture",
  standard: "standard",
  playbook: "playbook",
  runbook: "runbook",
};

export const libraryHref = (kind: LibraryKind, id: string): string =>
  kind === "pattern" ? `/patterns/${id}` : `/guidance/${id}`;

/** Names an edition: the shipped version, or the organisation's revision of it. */
export const editionName = ({ version, revision }: { version: number; revision: number }): string =>
  revision === 0 ? `Version ${version}` : `Version ${version}, own revision ${revision}`;

const kind = z.enum(libraryKinds, `One of ${libraryKinds.join(", ")}.`);
const id = z.string().trim().min(1, "Name the text.").max(120, "At most 120 characters.");
const digest = z.string().trim().min(1).max(71, "A SHA-256 in hex.");
const reason = z.string().trim().min(10, "At least 10 characters.").max(1000, "At most 1000 characters.");

export const EditionKey = z.strictObject({ kind, id });
export const TextKey = z.strictObject({ kind, id, digest });

export const Revise = z.strictObject({
  kind,
  id,
  /** The whole file: front matter and Markdown. The digest is over exactly these bytes. */
  content: z.string().min(1, "Write the text.").max(200_000, "At most 200,000 characters."),
  reason,
  /** Digest of the text in force that it was written over. */
  over: digest,
  /** Digest of the newest shipped text, when this revision takes its changes in. */
  merges: digest.optional(),
});

export const Revert = z.strictObject({ kind, id, over: digest, reason });

const marker = /^(?:<{7}|\|{7}|>{7}) /;

/** Lines (from 1) that a merge left to be resolved. */
export const unresolved = (text: string): number[] =>
  text.split("\n").flatMap((line, i) => (marker.test(line) ? [i + 1] : []));

/** What keeps a text from being a revision of `id` over shipped version `version`; empty when nothing does. */
export function textFaults(kind: LibraryKind, text: string, id: string, version: number): string[] {
  const conflicts = unresolved(text);
  if (conflicts.length > 0)
    return [`Resolve the conflict at line ${conflicts[0]}: keep one side, take the marks away.`];
  try {
    const meta = kind === "pattern" ? parsePattern(text) : parseGuide(text);
    return [
      ...(meta.id === id ? [] : [`id: keep ${id}; a text of another name is another text.`]),
      ...(meta.version === version
        ? []
        : [`version: keep ${version}, the shipped version; the portal numbers your revisions itself.`]),
    ];
  } catch (error) {
    if (error instanceof z.ZodError) return faultsOf(error).map((f) => `${f.field}: ${f.message}`);
    return [`The front matter cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}
