import "server-only";
import { and, desc, eq, inArray, lt, ne, type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { adrFiles, adrSources } from "@/db/schema/adr-sources";
import { adrChecks } from "@/db/schema/decision-checks";
import { adrs, adrTexts } from "@/db/schema/decisions";
import { apiTokens, businessUnits, people } from "@/db/schema/org";
import { isUuid } from "@/lib/core/ids";
import { inReach } from "@/lib/core/in-reach";
import { query } from "@/lib/core/query";
import { Refusal } from "@/lib/core/refusal";
import { type AssumptionState, checkedStatuses } from "@/lib/decision-checks/assumption";
import { FindAdrs, type fileStates } from "./decision";
import { modelNamed } from "./load";
import { type AdrStatus, adrStatuses } from "./madr";
import { from } from "./queries";

/** A stretch of a record's text around what was searched for; `hit` marks the words found. */
export type Excerpt = { text: string; hit: boolean }[];

export const findAdrs = query({
  name: "adr.found",
  title: "List and search decisions",
  http: { method: "GET", path: "/decisions" },
  input: FindAdrs,
  async run(read, input, actor) {
    const model = input.model ? await modelNamed(read, input.model) : null;
    const search = input.q
      ? sql`(${adrs.ref} = upper(${input.q}) or exists (select 1 from ${adrTexts} where ${adrTexts.adrId} = ${adrs.id} and ${adrTexts.words} @@ websearch_to_tsquery('english', ${input.q})))`
      : undefined;
    const scope = and(
      inReach(actor, "decisions:read", adrs.businessUnitId),
      search,
      model ? eq(adrs.modelId, model.id) : undefined,
    );
    const chosen = and(
      scope,
      input.status ? inArray(adrs.status, input.status) : undefined,
      input.pattern ? inArray(adrs.patternId, input.pattern) : undefined,
      input.unit ? inArray(adrs.businessUnitId, input.unit) : undefined,
      input.author ? inArray(adrs.authorId, input.author) : undefined,
      input.year ? inArray(year, input.year) : undefined,
      input.file
        ? sql`exists (select 1 from ${adrFiles} where ${adrFiles.adrId} = ${adrs.id} and ${inArray(adrFiles.state, input.file)})`
        : undefined,
      input.check
        ? sql`exists (select 1 from ${adrChecks} where ${adrChecks.adrId} = ${adrs.id} and ${inArray(adrChecks.state, input.check)} and ${inArray(adrs.status, [...checkedStatuses])})`
        : undefined,
    );
    const [items, facets, counted] = await Promise.all([
      from(read)
        .where(and(chosen, input.after ? lt(adrs.id, cursor(input.after)) : undefined))
        .orderBy(desc(adrs.id))
        .limit(input.limit + 1),
      input.facets ? facetsOf(read, scope, search !== undefined) : null,
      search ? countFound(read, chosen) : read.$count(adrs, chosen),
    ]);
    const page = items.slice(0, input.limit);
    const ids = page.map((a) => a.id);
    const [files, checks, excerpts] = await Promise.all([
      fileStatesOf(read, ids),
      checkStatesOf(read, ids),
      input.q ? excerptsOf(read, ids, input.q) : new Map<string, Excerpt>(),
    ]);
    return {
      items: page.map((item) => ({
        ...item,
        excerpt: excerpts.get(item.id) ?? null,
        file: files.get(item.id) ?? null,
        checks: checks.get(item.id) ?? null,
      })),
      /** Records that match; of a search at most `mostCounted`, and then `more` says that there are more. */
      total: Math.min(counted, search ? mostCounted : counted),
      more: search !== undefined && counted > mostCounted,
      next: items.length > input.limit ? (page.at(-1)?.id ?? null) : null,
      facets,
    };
  },
});

const year = sql<number>`extract(year from ${adrs.createdAt} at time zone 'UTC')::int`;

/** Words that are in everything are found at once; to count them all takes longer than anybody waits for a search. */
const mostCounted = 1000;

async function countFound(read: Reader, chosen: SQL | undefined): Promise<number> {
  const found = read
    .select({ id: adrs.id })
    .from(adrs)
    .where(chosen)
    .limit(mostCounted + 1)
    .as("found");
  const [row] = await read.select({ n: sql<number>`count(*)::int` }).from(found);
  return row?.n ?? 0;
}

/**
 * How many records each value of each facet has, whatever is chosen of them. One pass; of a search over the newest `mostCounted`
 * that it found.
 */
async function facetsOf(read: Reader, scope: SQL | undefined, searched: boolean) {
  const newest = read.select({ id: adrs.id }).from(adrs).where(scope).orderBy(desc(adrs.id)).limit(mostCounted);
  const rows = await read
    .select({
      status: adrs.status,
      pattern: adrs.patternId,
      unit: adrs.businessUnitId,
      author: adrs.authorId,
      year: sql<number | null>`y`,
      of: sql<number>`grouping(${adrs.status}, ${adrs.patternId}, ${adrs.businessUnitId}, ${adrs.authorId}, y)::int`,
      n: sql<number>`count(*)::int`,
    })
    .from(adrs)
    .innerJoin(sql`lateral (select ${year} as y) years`, sql`true`)
    .where(searched ? inArray(adrs.id, newest) : scope)
    .groupBy(
      sql`grouping sets ((${adrs.status}), (${adrs.patternId}), (${adrs.businessUnitId}), (${adrs.authorId}), (y))`,
    );
  // grouping() has a bit for each column that is not in the set; the first column is the highest bit.
  const of = (bit: number) => rows.filter((r) => r.of === (0b11111 ^ bit));
  const units = of(0b00100).flatMap((r) => (r.unit ? [{ value: r.unit, n: r.n }] : []));
  const authors = of(0b00010).map((r) => ({ value: r.author, n: r.n }));
  const [unitNames, authorNames] = await Promise.all([namesOfUnits(read, units), namesOfAuthors(read, authors)]);
  const most = <T extends { n: number }>(list: T[]) => list.sort((a, b) => b.n - a.n).slice(0, 100);
  return {
    status: Object.fromEntries(adrStatuses.map((s) => [s, of(0b10000).find((r) => r.status === s)?.n ?? 0])) as {
      [s in AdrStatus]: number;
    },
    pattern: most(of(0b01000).flatMap((r) => (r.pattern ? [{ value: r.pattern, name: r.pattern, n: r.n }] : []))),
    unit: most(units.map((u) => ({ ...u, name: unitNames.get(u.value) ?? u.value }))),
    author: most(authors.map((a) => ({ ...a, name: authorNames.get(a.value) ?? "unknown" }))),
    year: of(0b00001)
      .flatMap((r) => (r.year === null ? [] : [{ value: String(r.year), name: String(r.year), n: r.n }]))
      .sort((a, b) => Number(b.value) - Number(a.value)),
  };
}

/** Of the page's records those whose file says otherwise, is gone, or cannot be read. */
async function fileStatesOf(read: Reader, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, (typeof fileStates)[number]>();
  const rows = await read
    .select({ id: adrFiles.adrId, state: adrFiles.state })
    .from(adrFiles)
    .where(and(inArray(adrFiles.adrId, [...ids]), ne(adrFiles.state, "same")));
  return new Map(rows.flatMap((r) => (r.id && r.state !== "same" ? [[r.id, r.state] as const] : [])));
}

const worstFirst: readonly AssumptionState[] = ["broken", "partly", "unknown", "holds"];

/** Of the page's records in force that carry checks: the worst state among them. */
async function checkStatesOf(read: Reader, ids: readonly string[]): Promise<Map<string, AssumptionState>> {
  if (ids.length === 0) return new Map();
  const rows = await read
    .select({ id: adrChecks.adrId, states: sql<AssumptionState[]>`array_agg(${adrChecks.state})` })
    .from(adrChecks)
    .innerJoin(adrs, eq(adrs.id, adrChecks.adrId))
    .where(and(inArray(adrChecks.adrId, [...ids]), inArray(adrs.status, [...checkedStatuses])))
    .groupBy(adrChecks.adrId);
  return new Map(
    rows.flatMap(({ id, states }) => {
      const worst = worstFirst.find((state) => states.includes(state));
      return worst ? [[id, worst] as const] : [];
    }),
  );
}

async function namesOfUnits(read: Reader, units: readonly { value: string }[]): Promise<Map<string, string>> {
  if (units.length === 0) return new Map();
  const ids = units.map((u) => u.value);
  const rows = await read
    .select({ id: businessUnits.id, name: businessUnits.name })
    .from(businessUnits)
    .where(inArray(businessUnits.id, ids));
  return new Map(rows.map((r) => [r.id, r.name]));
}

async function namesOfAuthors(read: Reader, authors: readonly { value: string }[]): Promise<Map<string, string>> {
  if (authors.length === 0) return new Map();
  const ids = authors.map((a) => a.value);
  const [persons, tokens, sources] = await Promise.all([
    read.select({ id: people.id, name: people.name }).from(people).where(inArray(people.id, ids)),
    read.select({ id: apiTokens.id, name: apiTokens.name }).from(apiTokens).where(inArray(apiTokens.id, ids)),
    read.select({ id: adrSources.id, name: adrSources.name }).from(adrSources).where(inArray(adrSources.id, ids)),
  ]);
  return new Map([...sources, ...tokens, ...persons].map((r) => [r.id, r.name]));
}

// Control characters that no stored text holds stand for the marks, so that a text cannot forge them.
const [begin, end, gap] = ["\u0001", "\u0002", " … "];

/** Excerpts of the page's own rows; making one reads the whole text, so never of a whole list. */
async function excerptsOf(read: Reader, ids: readonly string[], q: string): Promise<Map<string, Excerpt>> {
  if (ids.length === 0) return new Map();
  const options = `StartSel=${begin}, StopSel=${end}, MaxFragments=2, MaxWords=22, MinWords=8, FragmentDelimiter="${gap}"`;
  const rows = await read
    .select({
      id: adrTexts.adrId,
      text: sql<string>`ts_headline('english', translate(${adrTexts.body}, ${begin + end}, ''), websearch_to_tsquery('english', ${q}), ${options})`,
    })
    .from(adrTexts)
    .where(inArray(adrTexts.adrId, [...ids]));
  return new Map(rows.filter((r) => r.text.includes(begin)).map((r) => [r.id, excerpt(r.text)]));
}

function excerpt(marked: string): Excerpt {
  return (
    marked
      // Marks of headings, lists, quotes and code say nothing in a line of an excerpt.
      .replaceAll(/(^|\s)(?:#{1,6}|[*+>-]|\||`{3}\w*)(?=\s|$)/g, "$1")
      .replaceAll(/\s+/g, " ")
      .split(begin)
      .flatMap((part, i): Excerpt => {
        const [hit = "", ...rest] = i === 0 ? ["", part] : part.split(end);
        return [
          { text: hit, hit: true },
          { text: rest.join(end), hit: false },
        ];
      })
      .filter((piece) => piece.text !== "")
  );
}

function cursor(after: string): string {
  if (!isUuid(after))
    throw new Refusal("invalid", "after: use the value of `next` from the page before.", [
      { field: "after", message: "Not a page mark." },
    ]);
  return after;
}
