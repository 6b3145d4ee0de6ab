import "server-only";
import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { contentRevisions } from "@/db/schema/library";
import { type Guide, loadContent, newestOfEach, type Pattern } from "@/lib/content/load";
import { parseGuide, parsePattern } from "@/lib/content/texts";
import type { LibraryKind } from "./library";

/** One text of the library by its digest: a shipped version (revision 0), or the organisation's own revision of one. */
export type Edition = {
  kind: LibraryKind;
  id: string;
  version: number;
  revision: number;
  digest: string;
  inForce: boolean;
};

type OwnPattern = Pattern & { revision: number };
type OwnGuide = Guide & { revision: number };
type Shipped = Pattern | Guide;

/** The shipped texts of one id, newest first. */
export const shippedOf = (kind: LibraryKind, id: string): readonly Shipped[] =>
  kind === "pattern"
    ? loadContent().patterns.filter((p) => p.id === id)
    : loadContent().guides.filter((g) => g.kind === kind && g.id === id);

/** The digest and place of every revision that the organisation ever made of some kinds. Few: they are written by hand. */
async function ownPlaces(read: Reader, kind?: LibraryKind) {
  const { id: _id, content: _content, base: _base, ...columns } = contentRevisionColumns;
  return read
    .select(columns)
    .from(contentRevisions)
    .where(kind ? eq(contentRevisions.kind, kind) : undefined)
    .orderBy(desc(contentRevisions.version), desc(contentRevisions.revision));
}
const contentRevisionColumns = {
  id: contentRevisions.id,
  content: contentRevisions.content,
  base: contentRevisions.base,
  kind: contentRevisions.kind,
  contentId: contentRevisions.contentId,
  version: contentRevisions.version,
  revision: contentRevisions.revision,
  digest: contentRevisions.digest,
  endedAt: contentRevisions.endedAt,
};

/** Every edition of the patterns, in the order in which one follows another, newest first. One is in force for each id. */
export async function patternEditions(read: Reader): Promise<Edition[]> {
  const own = await ownPlaces(read, "pattern");
  return editionsOf("pattern", loadContent().patterns, own);
}

type Place = Awaited<ReturnType<typeof ownPlaces>>[number];

/** Shipped and own texts of a kind as editions. */
function editionsOf(kind: LibraryKind, shipped: readonly Shipped[], own: readonly Place[]): Edition[] {
  const held = new Set(own.filter((o) => o.endedAt === null).map((o) => o.contentId));
  const newest = new Set(newestOfEach(shipped).map((s) => s.digest));
  return [
    ...shipped.map((s) => ({
      kind,
      id: s.id,
      version: s.version,
      revision: 0,
      digest: s.digest,
      inForce: newest.has(s.digest) && !held.has(s.id),
    })),
    ...own.map((o) => ({
      kind,
      id: o.contentId,
      version: o.version,
      revision: o.revision,
      digest: o.digest,
      inForce: o.endedAt === null,
    })),
  ].sort((a, b) => a.id.localeCompare(b.id) || b.version - a.version || b.revision - a.revision);
}

// Texts never change, so what a digest means is parsed once. Bounded: beyond this many the oldest goes.
const parsed = new Map<string, OwnPattern | OwnGuide>();
const keep = 300;

type Row = { kind: LibraryKind; contentId: string; revision: number; digest: string; content: Buffer };

const keyOf = (row: Omit<Row, "content">): string => `${row.kind} ${row.contentId} ${row.revision}`;

function known(row: Omit<Row, "content">): OwnPattern | OwnGuide | null {
  const text = parsed.get(keyOf(row));
  return text?.digest === row.digest ? text : null;
}

function parse(row: Row): OwnPattern | OwnGuide {
  const text = row.content.toString("utf8");
  const common = { digest: row.digest, bytes: row.content, file: "", revision: row.revision };
  const made =
    row.kind === "pattern" ? { ...parsePattern(text), ...common } : { ...parseGuide(text), kind: row.kind, ...common };
  if (parsed.size >= keep) for (const oldest of [...parsed.keys()].slice(0, 1)) parsed.delete(oldest);
  parsed.set(keyOf(row), made);
  return made;
}

const isPattern = (text: OwnPattern | OwnGuide): text is OwnPattern => "checks" in text;

/** Own revisions as texts. Only those that were not parsed before are fetched whole. */
async function own(read: Reader, where: ReturnType<typeof and>): Promise<(OwnPattern | OwnGuide)[]> {
  const { content: _content, base: _base, ...columns } = contentRevisionColumns;
  const rows = await read.select(columns).from(contentRevisions).where(where);
  const fresh = rows.filter((row) => !known(row)).map((row) => row.id);
  const fetched =
    fresh.length > 0
      ? await read
          .select({ id: contentRevisions.id, content: contentRevisions.content })
          .from(contentRevisions)
          .where(inArray(contentRevisions.id, fresh))
      : [];
  return rows.map((row) => {
    const content = fetched.find((f) => f.id === row.id)?.content;
    const text = known(row) ?? (content && parse({ ...row, content }));
    if (!text) throw new Error(`The text of ${row.kind} ${row.contentId} revision ${row.revision} is gone.`);
    return text;
  });
}

/** The pattern of each id that is in force: the organisation's own revision where there is one, else the newest shipped. */
export async function patternsInForce(read: Reader): Promise<OwnPattern[]> {
  const revised = (await own(read, and(eq(contentRevisions.kind, "pattern"), isNull(contentRevisions.endedAt)))).filter(
    isPattern,
  );
  return newestOfEach(loadContent().patterns).map((p) => revised.find((r) => r.id === p.id) ?? { ...p, revision: 0 });
}

/** The standard, playbook or runbook of each id that is in force. */
export async function guidesInForce(read: Reader): Promise<OwnGuide[]> {
  const revised = (
    await own(read, and(sql`${contentRevisions.kind} <> 'pattern'`, isNull(contentRevisions.endedAt)))
  ).filter((r): r is OwnGuide => !isPattern(r));
  return newestOfEach(loadContent().guides).map(
    (g) => revised.find((r) => r.kind === g.kind && r.id === g.id) ?? { ...g, revision: 0 },
  );
}

/** Every pattern text, shipped and own, in the order of `patternEditions`; those of one id if it is given. */
export async function patternTexts(read: Reader, id?: string): Promise<OwnPattern[]> {
  const rows = await own(
    read,
    and(eq(contentRevisions.kind, "pattern"), id === undefined ? undefined : eq(contentRevisions.contentId, id)),
  );
  return [
    ...loadContent()
      .patterns.filter((p) => id === undefined || p.id === id)
      .map((p) => ({ ...p, revision: 0 })),
    ...rows.filter(isPattern),
  ].sort((a, b) => a.id.localeCompare(b.id) || b.version - a.version || b.revision - a.revision);
}

/** Every text of a standard, playbook or runbook, shipped and own. */
export async function guideTexts(read: Reader, id: string): Promise<OwnGuide[]> {
  const rows = await own(read, and(sql`${contentRevisions.kind} <> 'pattern'`, eq(contentRevisions.contentId, id)));
  return [
    ...loadContent()
      .guides.filter((g) => g.id === id)
      .map((g) => ({ ...g, revision: 0 })),
    ...rows.filter((r): r is OwnGuide => !isPattern(r)),
  ].sort((a, b) => b.version - a.version || b.revision - a.revision);
}

/** The own revision of a text that is in force; null when the shipped one is. */
export async function ownInForce(read: Reader, kind: LibraryKind, id: string) {
  const [row] = await read
    .select()
    .from(contentRevisions)
    .where(and(eq(contentRevisions.kind, kind), eq(contentRevisions.contentId, id), isNull(contentRevisions.endedAt)));
  return row ?? null;
}
