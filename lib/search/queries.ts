import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Reader } from "@/db/client";
import { sendSql } from "@/db/transact";
import type { Actor } from "@/lib/core/actor";
import { holds } from "@/lib/core/actor";
import { query } from "@/lib/core/query";
import { guidesInForce, patternsInForce } from "@/lib/library/editions";
import { seenModels } from "@/lib/models/visible";
import { pagesFor } from "./pages";
import { type Asked, type Hit, type HitKind, literally, parseAsked } from "./search";

const SearchInput = z.strictObject({
  q: z.string().max(200, "Search with at most 200 characters.").default(""),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

/** Finds everything by name, part of a name, words, reference, digest or log index. Any text is a question; none is an error. */
export const search = query({
  name: "search",
  title: "Find models, decisions, reviews, releases, people, patterns, pages, log entries and digests",
  http: { method: "GET", path: "/search" },
  input: SearchInput,
  run: async (read, { q, limit }, actor): Promise<{ hits: Hit[] }> => {
    const asked = parseAsked(q);
    if (!holds(actor, "inventory:read") || (asked.text === "" && asked.tier === null && asked.stage === null))
      return { hits: pagesFor(asked.text, asked.kinds).slice(0, limit) };
    const [byName, byKey, texts] = await Promise.all([
      named(read, asked, actor, limit),
      direct(read, asked, actor),
      library(read, asked),
    ]);
    const found = [...byKey, ...byName, ...texts.titled, ...pagesFor(asked.text, asked.kinds)];
    const few = found.length < 5 && asked.text.length >= 3 ? await lookingLike(read, asked, actor) : [];
    return { hits: distinct([...found, ...few, ...texts.within]).slice(0, limit) };
  },
});

type Row = { kind: HitKind; ref: string; title: string; detail: string | null };

/** By the beginning of a name, then by a part of it, then by its words: each from an index. */
async function named(read: Reader, asked: Asked, actor: Actor, limit: number): Promise<Hit[]> {
  const { text } = asked;
  const part = `%${literally(text)}%`;
  const start = `${literally(text)}%`;
  // Two letters are in half of all names; only beginnings are worth showing then.
  const pattern = text.length < 3 ? start : part;
  const rank = (column: SQL) =>
    sql`case when lower(${column}) = lower(${text}) then 0 when ${column} ilike ${start} then 1 else 2 end`;
  const narrowed = asked.tier !== null || asked.stage !== null;
  const words = sql`websearch_to_tsquery('english', ${text})`;
  const of = (kind: HitKind) => (narrowed ? kind === "model" : asked.kinds === null || asked.kinds.includes(kind));
  const filter = sql`${asked.tier === null ? sql`true` : sql`m.tier = ${asked.tier}`} and ${asked.stage === null ? sql`true` : sql`m.stage = ${asked.stage}`}`;
  const parts: SQL[] = [];
  if (of("model")) {
    parts.push(sql`(select 'model' as kind, m.name as ref, m.name as title, ${modelDetail} as detail, ${rank(sql`m.name`)} as rank, m.name as by
      from model m left join business_unit u on u.id = m.business_unit_id
      where ${text === "" ? sql`true` : sql`m.name ilike ${pattern}`} and ${filter} and ${seenModels(actor)} order by rank, m.name limit ${limit})`);
    if (text.length >= 3)
      parts.push(sql`(select 'model', m.name, m.name, ${modelDetail}, 3, m.name from model m left join business_unit u on u.id = m.business_unit_id
        where to_tsvector('english', m.name || ' ' || m.description) @@ ${words} and ${filter} and ${seenModels(actor)} limit ${limit})`);
  }
  if (text !== "" && of("person"))
    parts.push(sql`(select 'person', p.email, p.name, nullif(p.title, ''), ${rank(sql`p.name`)}, p.name from person p
      where p.active and p.name ilike ${pattern} order by 5, p.name limit ${limit})`);
  if (text !== "" && of("adr")) {
    parts.push(sql`(select 'adr', a.ref, a.title, a.status, ${rank(sql`a.title`)}, a.ref from adr a left join model m on m.id = a.model_id
      where a.title ilike ${pattern} and (a.model_id is null or ${seenModels(actor)}) order by 5, a.ref limit ${limit})`);
    if (text.length >= 3)
      parts.push(sql`(select 'adr', a.ref, a.title, a.status, 3, a.ref from adr_text x join adr a on a.id = x.adr_id left join model m on m.id = a.model_id
        where x.words @@ ${words} and (a.model_id is null or ${seenModels(actor)}) limit ${limit})`);
  }
  if (text !== "" && of("review"))
    parts.push(sql`(select 'review', r.ref, r.title, m.name, ${rank(sql`r.title`)}, r.ref from review r join model m on m.id = r.model_id
      where r.title ilike ${pattern} and ${seenModels(actor)} order by 5, r.ref desc limit ${limit})`);
  if (text !== "" && of("release"))
    parts.push(sql`(select 'release', l.ref, m.name || ' ' || v.version, l.environment || ', ' || l.status, 4, l.ref
      from release l join model m on m.id = l.model_id join model_version v on v.id = l.version_id
      where m.id in (select id from model where name ilike ${pattern} limit 50) and ${seenModels(actor)} order by l.requested_at desc limit ${Math.min(limit, 5)})`);
  if (parts.length === 0) return [];
  const all = sql`select kind, ref, title, detail from (${sql.join(parts, sql` union all `)}) h (kind, ref, title, detail, rank, by) order by rank, length(title), by limit ${limit * 2}`;
  // With a filter the best plan depends on the value, so that one kept for every value is slower than planning anew.
  const rows = narrowed ? (await read.execute<Row>(all)).rows : await sendSql<Row>(read, "search", all);
  return rows.map(hit);
}

const modelDetail = sql`concat_ws(', ', case when m.tier is null then 'tier unknown' else 'tier ' || m.tier end, m.stage, u.name)`;

/** By reference, digest or log index: one row each, by key. */
async function direct(read: Reader, asked: Asked, actor: Actor): Promise<Hit[]> {
  const parts: SQL[] = [];
  if (asked.ref) {
    const ref = `${asked.ref.kind}-${String(asked.ref.number).padStart(4, "0")}`;
    const table: Record<string, SQL> = {
      ADR: sql`select 'adr' as kind, a.ref, a.title, a.status as detail from adr a left join model m on m.id = a.model_id where a.ref = ${ref} and (a.model_id is null or ${seenModels(actor)})`,
      REV: sql`select 'review' as kind, r.ref, r.title, m.name as detail from review r join model m on m.id = r.model_id where r.ref = ${ref} and ${seenModels(actor)}`,
      REL: sql`select 'release' as kind, l.ref, m.name || ' ' || v.version as title, l.environment as detail from release l join model m on m.id = l.model_id join model_version v on v.id = l.version_id where l.ref = ${ref} and ${seenModels(actor)}`,
      CON: sql`select 'condition' as kind, r.ref || '#' || c.ref as ref, c.text as title, m.name as detail from condition c join review r on r.id = c.review_id join model m on m.id = c.model_id where c.ref = ${ref} and ${seenModels(actor)}`,
      FND: sql`select 'condition' as kind, r.ref || '#' || f.ref as ref, f.title, m.name as detail from finding f join review r on r.id = f.review_id join model m on m.id = f.model_id where f.ref = ${ref} and ${seenModels(actor)}`,
    };
    const found = table[asked.ref.kind];
    if (found) parts.push(found);
  }
  if (asked.digest) {
    const start = `${asked.digest}%`;
    parts.push(sql`(select 'version' as kind, m.name as ref, 'sha256:' || left(v.digest, 12) as title, m.name || ' ' || v.version as detail
      from model_version v join model m on m.id = v.model_id where (v.digest like ${start} or v.digest like ${`sha256:${start}`}) and ${seenModels(actor)} limit 5)`);
    parts.push(sql`(select 'release' as kind, l.ref, 'sha256:' || left(l.digest, 12) as title, m.name as detail
      from release l join model m on m.id = l.model_id where l.digest like ${start} and ${seenModels(actor)} limit 5)`);
  }
  if (asked.index !== null && holds(actor, "log:read"))
    parts.push(sql`select 'entry' as kind, x.idx::text as ref, e.subject_ref || ': ' || e.summary as title, e.actor_name as detail
      from log_leaf x join log_entry e on e.id = x.entry_id where x.idx = ${asked.index}::bigint`);
  if (parts.length === 0) return [];
  const rows = await sendSql<Row>(read, "search", sql`${sql.join(parts, sql` union all `)}`);
  return rows.map(hit);
}

/** What looks like the text: for typing errors. */
async function lookingLike(read: Reader, asked: Asked, actor: Actor): Promise<Hit[]> {
  const rows = await sendSql<Row>(
    read,
    "search",
    sql`
    select n.kind, coalesce(m.name, p.email, a.ref, r.ref) as ref, coalesce(m.name, p.name, a.title, r.title) as title,
      case n.kind when 'model' then ${modelDetail} when 'person' then p.title when 'adr' then a.status else r.status end as detail
    from names_like(${asked.text}) n left join model m on n.kind = 'model' and m.id = n.id
      left join business_unit u on u.id = m.business_unit_id
      left join person p on n.kind = 'person' and p.id = n.id and p.active
      left join adr a on n.kind = 'adr' and a.id = n.id left join review r on n.kind = 'review' and r.id = n.id
    where coalesce(m.name, p.name, a.title, r.title) is not null
      and (n.kind <> 'model' or ${seenModels(actor)})
      and (a.model_id is null or a.model_id in (select m.id from model m where ${seenModels(actor)}))
      and (r.model_id is null or r.model_id in (select m.id from model m where ${seenModels(actor)}))
    order by n.likeness desc limit 10`,
  );
  return rows.map(hit).filter((h) => asked.kinds === null || asked.kinds.includes(h.kind));
}

/**
 * Patterns, standards, playbooks and runbooks as they are in force, own revisions before shipped texts: by title first, then by
 * beginnings of words of the text, which come after everything else that was found.
 */
async function library(read: Reader, { text, kinds }: Asked): Promise<{ titled: Hit[]; within: Hit[] }> {
  const of = (kind: HitKind) => kinds === null || kinds.includes(kind);
  const [patterns, guides] = await Promise.all([
    text.length >= 2 && of("pattern") ? patternsInForce(read) : [],
    text.length >= 3 && of("page") ? guidesInForce(read) : [],
  ]);
  const all = [
    ...patterns.map((p) => ({ of: p, hit: libraryHit("pattern", p.id, p, "", `/patterns/${p.id}`) })),
    ...guides.map((g) => ({ of: g, hit: libraryHit("page", `/guidance/${g.id}`, g, g.kind, `/guidance/${g.id}`) })),
  ];
  const want = text.toLowerCase();
  const words = want.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= 4);
  const titled = all.filter(({ of: t }) => t.id.includes(want) || t.title.toLowerCase().includes(want));
  const within = all.filter(
    (one) => !titled.includes(one) && words.length > 0 && words.every((word) => holdsWord(one.of, word)),
  );
  return { titled: titled.slice(0, 10).map((t) => t.hit), within: within.slice(0, 5).map((t) => t.hit) };
}

/** Texts in small letters by digest: they do not change, and every key typed asks them. */
const lowered = new Map<string, string>();
const mostLowered = 300;

/** Whether a word of the text begins with this one. */
function holdsWord({ digest, markdown }: { digest: string; markdown: string }, word: string): boolean {
  const text = lowered.get(digest) ?? markdown.toLowerCase();
  if (!lowered.has(digest)) {
    if (lowered.size >= mostLowered) lowered.clear();
    lowered.set(digest, text);
  }
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return true;
  return false;
}

const libraryHit = (
  kind: HitKind,
  ref: string,
  text: { title: string; version: number; revision: number },
  what: string,
  href: string,
): Hit => ({
  kind,
  ref,
  title: text.title,
  detail: [what, what ? "" : `version ${text.version}`, text.revision > 0 ? `own revision ${text.revision}` : ""]
    .filter(Boolean)
    .join(", "),
  href,
});

const hrefOf: Record<HitKind, (ref: string) => string> = {
  model: (ref) => `/models/${encodeURIComponent(ref)}`,
  adr: (ref) => `/decisions/${ref}`,
  review: (ref) => `/reviews/${ref}`,
  release: (ref) => `/releases/${ref}`,
  condition: (ref) => `/reviews/${ref}`,
  person: (ref) => `/models?q=&owner=${encodeURIComponent(ref)}`,
  pattern: (ref) => `/patterns/${ref}`,
  version: (ref) => `/models/${encodeURIComponent(ref)}`,
  entry: (ref) => `/log/${ref}`,
  page: (ref) => ref,
};

const hit = (row: Row): Hit => ({ ...row, detail: row.detail ?? "", href: hrefOf[row.kind](row.ref) });

function distinct(hits: readonly Hit[]): Hit[] {
  const seenKeys = new Set<string>();
  return hits.filter((h) => {
    const key = `${h.kind} ${h.ref}`;
    if (seenKeys.has(key)) return false;
    seenKeys.add(key);
    return true;
  });
}
