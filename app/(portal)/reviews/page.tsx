import { orEmpty } from "@/app/(portal)/not-found-if";
import { Button, ButtonLink } from "@/components/ui/button";
import { Due } from "@/components/ui/due";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { Status } from "@/components/ui/status";
import { type Column, type Row, Table } from "@/components/ui/table";
import { Tabs } from "@/components/ui/tabs";
import { TierChip } from "@/components/ui/tier-chip";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { inWords } from "@/lib/reviews/clock-words";
import { findReviews, inView, views } from "@/lib/reviews/list";
import { laneName, lanes, statusName } from "@/lib/reviews/review";
import { mayDraft } from "@/lib/reviews/rules";

export const metadata = { title: "Reviews" };

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;
const viewName = { open: "Queue", drafts: "Drafts", decided: "Decided" } as const;

export default async function ReviewsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const view = views.find((v) => v === one(params.view)) ?? "open";
  const list = await orEmpty(findReviews, ctx, {
    view,
    lane: one(params.lane),
    status: one(params.status),
    tier: one(params.tier),
    mine: one(params.mine) === "true",
    q: one(params.q),
    model: one(params.model),
    after: one(params.after),
  });
  const items = list?.items ?? [];
  const counted = (v: (typeof views)[number]) =>
    (list?.counts ?? []).filter((c) => inView[v].includes(c.status)).reduce((n, c) => n + c.n, 0);
  const mayBegin = mayDraft(ctx.actor, { unitId: null });
  const filtered = ["lane", "status", "tier", "mine", "q", "model"].some((key) => one(params[key]));
  return (
    <Page name="records">
      <PageHead
        title="Reviews"
        lede="What the board is asked, by promised date."
        actions={
          <>
            <ButtonLink href={withParams("/reviews/rows.csv", params, { after: null })} prefetch={false}>
              CSV
            </ButtonLink>
            <ButtonLink href="/reviews/findings">Findings</ButtonLink>
            <ButtonLink href="/reviews/registers">Registers</ButtonLink>
            <ButtonLink href="/reviews/incidents">Incidents</ButtonLink>
            <ButtonLink href="/reviews/measures">Measures</ButtonLink>
            {mayBegin.ok ? (
              <ButtonLink href="/reviews/new" tone="primary">
                Ask for a review
              </ButtonLink>
            ) : (
              <Button aria-disabled="true" title={mayBegin.reason}>
                Ask for a review
              </Button>
            )}
          </>
        }
      />
      <Tabs
        label="Which reviews"
        items={views.map((v) => ({
          href: withParams("/reviews", params, { view: v === "open" ? null : v, status: null }),
          name: viewName[v],
          on: v === view,
          count: counted(v),
        }))}
      />
      <div className="row w" style={{ margin: "12px 0" }}>
        <SearchBox label="Find a review or model" />
        <Filters
          filters={[
            { key: "lane", name: "Lane", options: lanes.map((l) => ({ value: l, label: laneName[l] })) },
            { key: "status", name: "Status", options: inView[view].map((s) => ({ value: s, label: statusName[s] })) },
            { key: "tier", name: "Tier", options: ["1", "2", "3", "4"].map((t) => ({ value: t, label: `Tier ${t}` })) },
            { key: "mine", name: "Whose", options: [{ value: "true", label: "Mine" }] },
          ]}
        />
      </div>
      <Table
        label={viewName[view]}
        columns={view === "decided" ? decidedColumns : view === "drafts" ? draftColumns : openColumns}
        rows={items.map(row)}
        empty={
          filtered ? (
            <Empty title="No review matches" action={<ButtonLink href="/reviews">Show the queue</ButtonLink>} />
          ) : (
            <Empty
              title={
                view === "open"
                  ? "Nothing waits for the board"
                  : view === "drafts"
                    ? "Nobody is writing a submission"
                    : "Nothing was decided yet"
              }
              action={mayBegin.ok ? <ButtonLink href="/reviews/new">Ask for a review</ButtonLink> : undefined}
            >
              A review begins with a model that someone owns and whose risk is assessed.
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
          noun="review"
          next={list?.next ? withParams("/reviews", params, { after: list.next }) : null}
          start={params.after ? withParams("/reviews", params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}

const common: Column[] = [
  { id: "ref", name: "Review", width: 100 },
  { id: "title", name: "Asked" },
  { id: "tier", name: "Tier", width: 56 },
];
const openColumns: Column[] = [
  ...common,
  { id: "lane", name: "Lane", width: 120 },
  { id: "status", name: "Status", width: 170 },
  { id: "votes", name: "Votes", num: true, width: 64 },
  { id: "due", name: "Promised", width: 150 },
];
const draftColumns: Column[] = [
  ...common,
  { id: "by", name: "Author", width: 180 },
  { id: "begun", name: "Begun", width: 110 },
];
const decidedColumns: Column[] = [
  ...common,
  { id: "lane", name: "Lane", width: 120 },
  { id: "status", name: "Outcome", width: 210 },
  { id: "conditions", name: "Open conditions", num: true, width: 130 },
  { id: "decided", name: "Decided", width: 110 },
];

/** Whose time it took. */
const took = (c: { board: number; submitter: number; perDay: number }): string =>
  `board ${inWords(c.board, c.perDay)}${c.submitter > 0 ? `, author ${inWords(c.submitter, c.perDay)}` : ""}`;

type Item = Awaited<ReturnType<typeof findReviews>>["items"][number];

function row(review: Item): Row {
  const title = (
    <div style={{ padding: "6px 0" }}>
      <Link href={`/reviews/${review.ref}`} className="plain b">
        {review.title}
      </Link>
      <div className="lbl">
        <span className="mono">{review.model}</span>
        {review.further.length > 0 ? (
          <>
            {" "}
            and <span className="mono">{review.further.join(", ")}</span>
          </>
        ) : null}
        {review.unit ? `, ${review.unit}` : ""}
        {review.mustFix > 0 && review.decidedAt === null ? `. ${review.mustFix} must be fixed` : ""}
        {review.round > 1 ? `. Reading ${review.round}` : ""}
        {review.reviewers.length > 0 ? `. Read by ${review.reviewers.join(", ")}` : ""}
      </div>
    </div>
  );
  // While the author works, no promise of the board runs.
  const due =
    review.status === "in_review" ? (
      <Due on={review.promisedOn} left={review.daysLeft} late={review.late} />
    ) : (
      <span className="mut">With the author</span>
    );
  const lane = review.lane ? laneName[review.lane] : <span className="mut">None yet</span>;
  return {
    id: review.id,
    name: review.ref,
    cells: {
      ref: <span className="mono">{review.ref}</span>,
      title,
      tier: <TierChip tier={review.tier} />,
      lane,
      status: (
        <>
          <Status state={review.status} />
          {review.clocks ? <div className="lbl">{took(review.clocks)}</div> : null}
        </>
      ),
      votes: review.votes,
      due,
      by: review.submitter,
      begun: <When at={review.createdAt} />,
      conditions: review.openConditions,
      decided: review.decidedAt ? <When at={review.decidedAt} /> : <span className="mut">not decided</span>,
    },
    card: (
      <>
        <div className="row">
          <span className="mono mut">{review.ref}</span>
          <TierChip tier={review.tier} />
          <span className="sp" />
          <Status state={review.status} />
        </div>
        {title}
        <div className="row">
          <span className="lbl">{lane}</span>
          <span className="sp" />
          {review.decidedAt ? (
            <When at={review.decidedAt} />
          ) : review.promisedOn ? (
            due
          ) : (
            <span className="lbl">{review.submitter}</span>
          )}
        </div>
      </>
    ),
  };
}
