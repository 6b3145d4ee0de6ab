import type { Metadata } from "next";
import { orNotFound } from "@/app/(portal)/not-found-if";
import { sayDays } from "@/components/reviews/lane-bar";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { measureRows, windows } from "@/lib/reviews/measure";
import { laneName, lanes } from "@/lib/reviews/review";

export const metadata: Metadata = { title: "Reviews behind a measure" };

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;

export default async function MeasureRowsPage({
  params,
  searchParams,
}: {
  params: Promise<{ measure: string }>;
  searchParams: Promise<Params>;
}) {
  const { measure } = await params;
  const query = await searchParams;
  const ctx = await pageContext();
  const found = await orNotFound(measureRows, ctx, {
    measure,
    days: one(query.days),
    unit: one(query.unit),
    lane: one(query.lane),
  });
  const met = found.items.filter((row) => row.meets).length;
  return (
    <Page name="records">
      <PageHead
        title={found.name}
        lede={
          <>
            {found.means} {met} of {found.items.length} since <When at={found.since} show="day" />.{" "}
            <Link href={withParams("/reviews/measures", { days: query.days, unit: query.unit }, {})}>All measures</Link>
          </>
        }
        actions={
          <ButtonLink href={withParams(`/reviews/measures/${found.id}/rows.csv`, query, {})} prefetch={false}>
            CSV
          </ButtonLink>
        }
      />
      <div className="row w" style={{ margin: "12px 0" }}>
        <Filters
          filters={[
            {
              key: "days",
              name: "Looking back",
              options: windows.map((d) => ({ value: String(d), label: `${d} days` })),
            },
            { key: "lane", name: "Lane", options: lanes.map((l) => ({ value: l, label: laneName[l] })) },
          ]}
        />
      </div>
      <Table
        label={found.name}
        empty={<Empty title="Nothing to count in this time">A longer time may say more.</Empty>}
        columns={[
          { id: "counts", name: "Counts" },
          { id: "ref", name: "Review" },
          { id: "title", name: "Asked" },
          { id: "lane", name: "Lane" },
          { id: "outcome", name: "Outcome" },
          { id: "board", name: "Board", num: true },
          { id: "total", name: "Total", num: true },
          { id: "bounces", name: "Handed back", num: true },
          { id: "decided", name: "Decided" },
        ]}
        rows={found.items.map(({ cycle: c, meets }) => ({
          id: c.ref,
          cells: {
            counts: meets ? <span className="b">yes</span> : <span className="mut">no</span>,
            ref: (
              <Link className="mono" href={`/reviews/${c.ref}`}>
                {c.ref}
              </Link>
            ),
            title: (
              <>
                {c.title}
                <div className="lbl">
                  <span className="mono">{c.model}</span>
                  {c.reversedBy ? (
                    <>
                      , turned round by <Link href={`/reviews/${c.reversedBy}`}>{c.reversedBy}</Link>
                    </>
                  ) : null}
                </div>
              </>
            ),
            lane: laneName[c.lane],
            outcome: <Status state={c.status} />,
            board: sayDays(c.boardDays),
            total: sayDays(c.totalDays),
            bounces: c.bounces,
            decided: c.decidedAt ? <When at={c.decidedAt} show="day" /> : <span className="mut">not decided</span>,
          },
        }))}
      />
    </Page>
  );
}
