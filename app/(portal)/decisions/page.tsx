import { orEmpty } from "@/app/(portal)/not-found-if";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { Status } from "@/components/ui/status";
import { type Column, type Row, Table } from "@/components/ui/table";
import { Segmented } from "@/components/ui/tabs";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { assumptionStateName, assumptionStates } from "@/lib/decision-checks/assumption";
import { fileStates, mayWrite } from "@/lib/decisions/decision";
import { type Excerpt, findAdrs } from "@/lib/decisions/find";
import { adrStatuses } from "@/lib/decisions/madr";

export const metadata = { title: "Decisions" };

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;

const narrowing = ["q", "status", "model", "pattern", "unit", "author", "year", "file", "check"] as const;

export default async function DecisionsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const timeline = one(params.view) === "timeline";
  const list = await orEmpty(findAdrs, ctx, {
    ...Object.fromEntries(narrowing.map((key) => [key, one(params[key])])),
    after: one(params.after),
  });
  const may = mayWrite(ctx.actor, null);
  const items = list?.items ?? [];
  const filtered = narrowing.some((key) => one(params[key]));
  return (
    <Page name="records">
      <PageHead
        title="Decisions"
        lede="What was decided about architecture, and why. One log for the organisation."
        actions={
          <>
            <ButtonLink href="/decisions/sources">Sources</ButtonLink>
            <ButtonLink href={withParams("/decisions/rows.csv", params, { after: null })} prefetch={false}>
              CSV
            </ButtonLink>
            {may.ok ? (
              <ButtonLink href="/decisions/new" tone="primary">
                New decision
              </ButtonLink>
            ) : (
              <Button aria-disabled="true" title={may.reason}>
                New decision
              </Button>
            )}
          </>
        }
      />
      <div className="row w" style={{ margin: "12px 0" }}>
        <SearchBox label="Search the text of decisions" />
        <Filters
          filters={[
            {
              key: "status",
              name: "Status",
              options: adrStatuses.map((s) => ({
                value: s,
                label: `${s[0]?.toUpperCase()}${s.slice(1)}, ${list?.facets?.status[s] ?? 0}`,
              })),
            },
            {
              key: "file",
              name: "File at its source",
              options: fileStates.map((state) => ({ value: state, label: fileWord[state] })),
            },
            {
              key: "check",
              name: "Checks",
              options: assumptionStates.map((state) => ({ value: state, label: assumptionStateName[state] })),
            },
            ...facets.map(({ key, name }) => ({
              key,
              name,
              options: (list?.facets?.[key] ?? []).map((f) => ({ value: f.value, label: `${f.name}, ${f.n}` })),
            })),
          ].filter((f) => f.options.length > 0)}
        />
        <span className="sp" />
        <Segmented
          label="Reading"
          items={[
            { href: withParams("/decisions", params, { view: null }), name: "List", on: !timeline },
            { href: withParams("/decisions", params, { view: "timeline" }), name: "Timeline", on: timeline },
            { href: "/decisions/graph", name: "Graph", on: false },
          ]}
        />
      </div>
      {timeline && items.length > 0 ? (
        <Timeline items={items} />
      ) : (
        <Table
          label="Decisions"
          columns={columns}
          rows={items.map(row)}
          empty={
            filtered ? (
              <Empty title="No decision matches" action={<ButtonLink href="/decisions">Show all</ButtonLink>}>
                Search looks into the present text of every record, and takes words, “phrases” and references.
              </Empty>
            ) : (
              <Empty
                title="No decision is written down yet"
                action={may.ok ? <ButtonLink href="/decisions/new">Write the first</ButtonLink> : undefined}
              >
                Records that exist as Markdown files come in with <code>countersign adr import DIR</code>.
              </Empty>
            )
          }
        />
      )}
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          first={items[0]?.ref}
          last={items.at(-1)?.ref}
          total={list?.total ?? null}
          more={list?.more}
          note={list?.more ? "The numbers of the filters are of the newest 1,000." : undefined}
          noun="decision"
          next={list?.next ? withParams("/decisions", params, { after: list.next }) : null}
          start={params.after ? withParams("/decisions", params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}

const facets = [
  { key: "unit", name: "Business unit" },
  { key: "pattern", name: "Pattern" },
  { key: "author", name: "Author" },
  { key: "year", name: "Year" },
] as const;

const fileWord = { drift: "The file drifted", removed: "Gone at the source", refused: "The file is refused" } as const;

const columns: Column[] = [
  { id: "ref", name: "Record", width: 100 },
  { id: "title", name: "Title" },
  { id: "status", name: "Status", width: 150 },
  { id: "checks", name: "Checks", width: 110 },
  { id: "about", name: "About", width: 220 },
  { id: "author", name: "Author", width: 160 },
  { id: "changed", name: "Changed", width: 110 },
];

/** Where the words that were searched for stand. */
function Found({ excerpt }: { excerpt: Excerpt }) {
  return (
    <div className="lbl found">
      {excerpt.map((piece, i) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
        piece.hit ? <mark key={i}>{piece.text}</mark> : <span key={i}>{piece.text}</span>,
      )}
    </div>
  );
}

/** The page's records by the month in which they were proposed, newest first. */
function Timeline({ items }: { items: readonly Item[] }) {
  const months = [...new Set(items.map((item) => item.createdAt.toISOString().slice(0, 7)))];
  return (
    <ol className="timeline" aria-label="Decisions by month">
      {months.map((month) => (
        <li key={month}>
          <h2>
            {new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(
              new Date(`${month}-01T00:00:00Z`),
            )}
          </h2>
          <ul>
            {items
              .filter((item) => item.createdAt.toISOString().startsWith(month))
              .map((item) => (
                <li key={item.id}>
                  <When at={item.createdAt} />
                  <div>
                    <Link href={`/decisions/${item.ref}`}>{item.title}</Link>
                    <div className="lbl">
                      <span className="mono">{item.ref}</span>, {item.author ?? "unknown"}
                      {item.decidedAt ? (
                        <>
                          , decided <When at={item.decidedAt} />
                        </>
                      ) : null}
                    </div>
                    {item.excerpt ? <Found excerpt={item.excerpt} /> : null}
                  </div>
                  <Status
                    state={item.status}
                    word={item.supersededBy ? `Superseded by ${item.supersededBy}` : undefined}
                  />
                </li>
              ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

type Item = Awaited<ReturnType<typeof findAdrs>>["items"][number];

function row(adr: Item): Row {
  const title = (
    <>
      <Link href={`/decisions/${adr.ref}`} className="plain">
        {adr.title}
      </Link>
      {adr.excerpt ? <Found excerpt={adr.excerpt} /> : null}
    </>
  );
  const status = (
    <>
      <Status state={adr.status} />
      {adr.supersededBy ? <span className="lbl"> by {adr.supersededBy}</span> : null}
      {adr.file ? <div className="lbl">{fileWord[adr.file]}</div> : null}
    </>
  );
  return {
    id: adr.id,
    name: adr.ref,
    cells: {
      ref: <span className="mono">{adr.ref}</span>,
      title,
      status,
      checks: adr.checks ? <Status state={adr.checks} /> : <span className="mut">none</span>,
      about: adr.model ? (
        <Link href={`/models/${adr.model}`} className="mono plain">
          {adr.model}
        </Link>
      ) : (
        (adr.patternId ?? <span className="mut">Organisation</span>)
      ),
      author: adr.author ?? <span className="mut">unknown</span>,
      changed: <When at={adr.updatedAt} />,
    },
    card: (
      <>
        <div className="row">
          <span className="mono mut">{adr.ref}</span>
          <span className="sp" />
          {status}
        </div>
        <div className="b">{title}</div>
        <div className="lbl">
          {adr.model ?? adr.patternId ?? "Organisation"}, <When at={adr.updatedAt} />
          {adr.checks ? (
            <>
              , checks <Status state={adr.checks} />
            </>
          ) : null}
        </div>
      </>
    ),
  };
}
