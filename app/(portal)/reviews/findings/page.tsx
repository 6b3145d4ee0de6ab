import { orEmpty } from "@/app/(portal)/not-found-if";
import { SeverityTag } from "@/components/reviews/finding-card";
import { ButtonLink } from "@/components/ui/button";
import { Due } from "@/components/ui/due";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { Status } from "@/components/ui/status";
import { type Column, type Row, Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { businessDaysBetween, dayOf } from "@/lib/core/business-days";
import { findFindings } from "@/lib/reviews/findings-list";
import { conformanceName, findingStatuses, severities, severityName } from "@/lib/reviews/review";
import { listUnits } from "@/lib/units/queries";

export const metadata = { title: "Findings" };

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;
const here = "/reviews/findings";
const statusName = {
  unsettled: "Not settled",
  any: "Any",
  open: "Open",
  accepted: "Accepted",
  resolved: "Resolved",
  verified: "Verified",
};

export default async function FindingsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const [list, units] = await Promise.all([
    orEmpty(findFindings, ctx, {
      status: one(params.status),
      severity: one(params.severity),
      owner: one(params.owner),
      overdue: one(params.overdue) === "true",
      unit: one(params.unit),
      model: one(params.model),
      q: one(params.q),
      after: one(params.after),
    }),
    orEmpty(listUnits, ctx, {}),
  ]);
  const items = list?.items ?? [];
  const today = dayOf(ctx.now());
  const filtered = ["status", "severity", "owner", "overdue", "unit", "model", "q"].some((key) => one(params[key]));
  return (
    <Page name="records">
      <PageHead
        title="Findings"
        lede="What boards and gates asked to be mended: by whom, by when, and who looked whether it is."
        actions={
          <>
            <ButtonLink href={withParams(`${here}/rows.csv`, params, { after: null })} prefetch={false}>
              CSV
            </ButtonLink>
            <ButtonLink href="/reviews">Reviews</ButtonLink>
          </>
        }
      />
      <div className="row w" style={{ margin: "12px 0" }}>
        <SearchBox label="Find a finding or model" />
        <Filters
          filters={[
            {
              key: "status",
              name: "Status",
              options: (["any", ...findingStatuses] as const).map((s) => ({ value: s, label: statusName[s] })),
            },
            {
              key: "severity",
              name: "Severity",
              options: severities.map((s) => ({ value: s, label: severityName[s] })),
            },
            {
              key: "owner",
              name: "Owner",
              options: [
                { value: "me", label: "Me" },
                { value: "none", label: "Nobody" },
              ],
            },
            { key: "overdue", name: "Due", options: [{ value: "true", label: "Overdue" }] },
            {
              key: "unit",
              name: "Unit",
              options: (units?.items ?? []).map((u) => ({ value: u.slug, label: u.name })),
            },
          ]}
        />
      </div>
      <Table
        label="Findings"
        columns={columns}
        rows={items.map((item) => row(item, today))}
        empty={
          filtered ? (
            <Empty title="No finding matches" action={<ButtonLink href={here}>Show those not settled</ButtonLink>} />
          ) : (
            <Empty title="Nothing waits to be mended" action={<ButtonLink href="/reviews">See the reviews</ButtonLink>}>
              Members of the board raise findings on a review; a release past the gate raises one by itself.
            </Empty>
          )
        }
      />
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          first={items[0]?.ref}
          last={items.at(-1)?.ref}
          total={null}
          noun="finding"
          next={list?.next ? withParams(here, params, { after: list.next }) : null}
          start={params.after ? withParams(here, params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}

const columns: Column[] = [
  { id: "ref", name: "Finding", width: 100 },
  { id: "title", name: "What is wrong" },
  { id: "severity", name: "Severity", width: 120 },
  { id: "status", name: "Status", width: 120 },
  { id: "owner", name: "Mends it", width: 160 },
  { id: "raised", name: "Raised", width: 90 },
  { id: "due", name: "Due", width: 150 },
];

type Item = Awaited<ReturnType<typeof findFindings>>["items"][number];

function row(f: Item, today: string): Row {
  const href = f.review ? `/reviews/${f.review}?tab=findings#${f.ref}` : `/models/${encodeURIComponent(f.model)}`;
  const title = (
    <div style={{ padding: "6px 0" }}>
      <Link href={href} className="plain b">
        {f.title}
      </Link>
      <div className="lbl">
        <span className="mono">{f.model}</span>
        {f.review ? `, ${f.review}` : ", past the gate"}
        {f.unit ? `, ${f.unit}` : ""}
        {f.conformance ? `. ${conformanceName[f.conformance]}` : ""}
      </div>
    </div>
  );
  const waits = f.status === "open" || f.status === "accepted";
  const due = waits ? (
    <Due on={f.dueOn} left={f.dueOn ? businessDaysBetween(today, f.dueOn) : null} />
  ) : f.status === "resolved" ? (
    <span className="mut">To be verified</span>
  ) : f.verifiedAt ? (
    <When at={f.verifiedAt} />
  ) : (
    <span className="mut">Not known</span>
  );
  const owner = f.owner ?? <span className="mut">Nobody</span>;
  return {
    id: f.id,
    name: f.ref,
    cells: {
      ref: <span className="mono">{f.ref}</span>,
      title,
      severity: <SeverityTag severity={f.severity} />,
      status: <Status state={f.status} />,
      owner,
      raised: <When at={f.raisedAt} />,
      due,
    },
    card: (
      <>
        <div className="row w">
          <span className="mono mut">{f.ref}</span>
          <SeverityTag severity={f.severity} />
          <span className="sp" />
          <Status state={f.status} />
        </div>
        {title}
        <div className="row">
          <span className="lbl">{owner}</span>
          <span className="sp" />
          {due}
        </div>
      </>
    ),
  };
}
