import { orEmpty } from "@/app/(portal)/not-found-if";
import { Lasted, ReviewState } from "@/components/incidents/review-state";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { type Row, Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { findIncidents, type ReviewedIncident } from "@/lib/incident-reviews/queries";

export const metadata = { title: "Incidents" };

const here = "/reviews/incidents";
const keys = ["review", "severity", "model", "q"] as const;
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;

export default async function IncidentsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const given = Object.fromEntries([...keys, "after"].flatMap((k) => (one(params[k]) ? [[k, one(params[k])]] : [])));
  const list = await orEmpty(findIncidents, ctx, given);
  const items = list?.items ?? [];
  const filtered = keys.some((k) => one(params[k]));
  return (
    <Page name="records">
      <PageHead
        title="Incidents"
        lede="What went wrong with models in service, what was learnt from it, and what follows."
        actions={
          <>
            <ButtonLink href={withParams(`${here}/rows.csv`, params, { after: null })} prefetch={false}>
              CSV
            </ButtonLink>
            <ButtonLink href="/reviews/registers">Registers</ButtonLink>
          </>
        }
      />
      <div className="row w" style={{ margin: "12px 0" }}>
        <SearchBox label="Find an incident or model" />
        <Filters
          filters={[
            {
              key: "review",
              name: "Review",
              options: [
                { value: "none", label: "None" },
                { value: "open", label: "Being written" },
                { value: "overdue", label: "Overdue" },
                { value: "published", label: "Published" },
              ],
            },
            {
              key: "severity",
              name: "Severity",
              options: ["1", "2", "3", "4"].map((s) => ({ value: s, label: `Severity ${s}` })),
            },
          ]}
        />
      </div>
      <Table
        label="Incidents"
        columns={[
          { id: "incident", name: "Incident", width: 100 },
          { id: "title", name: "What went wrong" },
          { id: "severity", name: "Severity", num: true, width: 80 },
          { id: "lasted", name: "Lasted", width: 120 },
          { id: "review", name: "Review", width: 150 },
          { id: "owner", name: "Answers for it", width: 150 },
          { id: "due", name: "Due", width: 110 },
        ]}
        rows={items.map(rowOf)}
        empty={
          filtered ? (
            <Empty title="No incident matches" action={<ButtonLink href={here}>Show all</ButtonLink>} />
          ) : (
            <Empty title="No incident was reported">
              Pipelines and on-call systems report incidents over the API; owners report them too.
            </Empty>
          )
        }
      />
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          first={items[0]?.incident}
          last={items.at(-1)?.incident}
          total={null}
          noun="incident"
          next={list?.next ? withParams(here, params, { after: list.next }) : null}
          start={params.after ? withParams(here, params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}

function rowOf(r: ReviewedIncident): Row {
  const title = (
    <div style={{ padding: "6px 0" }}>
      <Link href={`${here}/${r.incident}`} className="plain b">
        {r.title}
      </Link>
      <div className="lbl">
        <span className="mono">{r.model}</span>
        {r.unit ? `, ${r.unit}` : ""}, <When at={r.startedAt} />
        {r.outcomes > 0 ? `. ${r.outcomes} ${r.outcomes === 1 ? "outcome" : "outcomes"}` : ""}
      </div>
    </div>
  );
  const lasted = <Lasted startedAt={r.startedAt} resolvedAt={r.resolvedAt} />;
  const due =
    r.state === "open" && r.dueOn ? (
      <span className={r.overdue ? "st fail" : undefined}>
        <When at={r.dueOn} show="day" />
      </span>
    ) : null;
  return {
    id: r.id,
    name: r.incident,
    cells: {
      incident: <span className="mono">{r.incident}</span>,
      title,
      severity: r.severity,
      lasted,
      review: <ReviewState incident={r} />,
      owner: r.owner,
      due,
    },
    card: (
      <>
        <div className="row w">
          <span className="mono mut">{r.incident}</span>
          <span className="lbl">severity {r.severity}</span>
          <span className="sp" />
          <ReviewState incident={r} />
        </div>
        {title}
        <div className="row">
          <span className="lbl">
            {lasted}
            {r.owner ? `, ${r.owner}` : ""}
          </span>
          <span className="sp" />
          {due}
        </div>
      </>
    ),
  };
}
