import Link from "next/link";
import { orEmpty } from "@/app/(portal)/not-found-if";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { Status } from "@/components/ui/status";
import { type Column, type Row, Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { mayWrite } from "@/lib/decisions/decision";
import { adrStatuses } from "@/lib/decisions/madr";
import { findAdrs } from "@/lib/decisions/queries";

export const metadata = { title: "Decisions" };

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;

export default async function DecisionsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const status = adrStatuses.find((s) => s === one(params.status));
  const list = await orEmpty(findAdrs, ctx, {
    q: one(params.q),
    status,
    model: one(params.model),
    pattern: one(params.pattern),
    after: one(params.after),
  });
  const may = mayWrite(ctx.actor, null);
  const total = list ? adrStatuses.reduce((sum, s) => sum + list.facets[s], 0) : 0;
  const items = list?.items ?? [];
  const filtered = ["q", "status", "model", "pattern"].some((key) => one(params[key]));
  return (
    <Page name="records">
      <PageHead
        title="Decisions"
        lede="What was decided about architecture, and why. One log for the organisation."
        actions={
          <>
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
                label: `${s[0]?.toUpperCase()}${s.slice(1)}, ${list?.facets[s] ?? 0}`,
              })),
            },
          ]}
        />
      </div>
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
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          first={items[0]?.ref}
          last={items.at(-1)?.ref}
          total={status ? (list?.facets[status] ?? null) : total}
          noun="decision"
          next={list?.next ? withParams("/decisions", params, { after: list.next }) : null}
          start={params.after ? withParams("/decisions", params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}

const columns: Column[] = [
  { id: "ref", name: "Record", width: 100 },
  { id: "title", name: "Title" },
  { id: "status", name: "Status", width: 150 },
  { id: "about", name: "About", width: 220 },
  { id: "author", name: "Author", width: 160 },
  { id: "changed", name: "Changed", width: 110 },
];

type Item = Awaited<ReturnType<typeof findAdrs>>["items"][number];

function row(adr: Item): Row {
  const title = (
    <Link href={`/decisions/${adr.ref}`} className="plain">
      {adr.title}
    </Link>
  );
  const status = (
    <>
      <Status state={adr.status} />
      {adr.supersededBy ? <span className="lbl"> by {adr.supersededBy}</span> : null}
    </>
  );
  return {
    id: adr.id,
    name: adr.ref,
    cells: {
      ref: <span className="mono">{adr.ref}</span>,
      title,
      status,
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
        </div>
      </>
    ),
  };
}
