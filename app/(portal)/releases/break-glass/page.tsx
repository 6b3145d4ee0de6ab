import { orEmpty } from "@/app/(portal)/not-found-if";
import { GlassStatus } from "@/components/break-glass/glass-state";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { type Row, Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { brief, glassStateName, glassStates } from "@/lib/break-glass/break-glass";
import { countGlass, findGlass, type Glass, type GlassCount } from "@/lib/break-glass/queries";

export const metadata = { title: "Break-glass" };

const here = "/releases/break-glass";
const keys = ["state", "environment", "model", "unit", "quarter"] as const;
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;

export default async function BreakGlassPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const given = Object.fromEntries([...keys, "after"].flatMap((k) => (one(params[k]) ? [[k, one(params[k])]] : [])));
  const [list, counts] = await Promise.all([orEmpty(findGlass, ctx, given), countGlass(ctx, {})]);
  const items = list?.items ?? [];
  const filtered = keys.some((k) => one(params[k]));
  return (
    <Page name="records">
      <PageHead
        title="Break-glass"
        lede="Releases for which two people opened the gate in an emergency: who, why, until when, and what a third person found."
        actions={
          <>
            <ButtonLink href={withParams(`${here}/rows.csv`, params, { after: null })} prefetch={false}>
              CSV
            </ButtonLink>
            <ButtonLink href="/releases">Releases</ButtonLink>
          </>
        }
      />
      <div className="row w" style={{ margin: "12px 0" }}>
        <Filters
          filters={[
            {
              key: "state",
              name: "State",
              options: glassStates.map((s) => ({ value: s, label: glassStateName[s] })),
            },
            {
              key: "quarter",
              name: "Quarter",
              options: [...new Set(counts.items.map((c) => c.quarter))].map((q) => ({ value: q, label: q })),
            },
          ]}
        />
      </div>
      <Table
        label="Break-glass releases"
        columns={[
          { id: "ref", name: "Reference", width: 100 },
          { id: "what", name: "What was let through, and why" },
          { id: "people", name: "Asked and confirmed", width: 210 },
          { id: "until", name: "Until", width: 130 },
          { id: "answers", name: "Allows", num: true, width: 70 },
          { id: "due", name: "Look by", width: 100 },
          { id: "state", name: "State", width: 170 },
        ]}
        rows={items.map(rowOf)}
        empty={
          filtered ? (
            <Empty title="None matches" action={<ButtonLink href={here}>Show all</ButtonLink>} />
          ) : (
            <Empty title="The glass was never broken">
              A model owner asks for it on the page of a release; the ARB chair, security or model risk confirms it.
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
          noun="record"
          next={list?.next ? withParams(here, params, { after: list.next }) : null}
          start={params.after ? withParams(here, params, { after: null }) : null}
        />
      ) : null}
      <Section
        title="By quarter and unit"
        note={
          <a href={`${here}/counts.csv`} download>
            CSV
          </a>
        }
      >
        <Table
          label="Break-glass by quarter and unit"
          columns={[
            { id: "quarter", name: "Quarter", width: 100 },
            { id: "unit", name: "Unit" },
            { id: "asked", name: "Asked for", num: true, width: 90 },
            { id: "opened", name: "Opened", num: true, width: 90 },
            { id: "inTime", name: "Looked at in time", num: true, width: 130 },
            { id: "late", name: "Late", num: true, width: 70 },
            { id: "waiting", name: "Waiting", num: true, width: 80 },
            { id: "unjustified", name: "Not justified", num: true, width: 110 },
          ]}
          rows={counts.items.map(countOf)}
          empty={<Empty title="Nothing to count">No quarter has seen a break-glass.</Empty>}
        />
      </Section>
    </Page>
  );
}

function rowOf(g: Glass): Row {
  const what = (
    <div style={{ padding: "6px 0" }}>
      <Link href={`${here}/${g.ref}`} className="plain b">
        {g.model} {g.version} to {g.environment === "prod" ? "production" : g.environment}
      </Link>
      <div className="lbl">{brief(g.justification, 140)}</div>
    </div>
  );
  const state = <GlassStatus state={g.state} overdue={g.overdue} />;
  return {
    id: g.id,
    name: g.ref,
    cells: {
      ref: (
        <Link className="mono" href={`${here}/${g.ref}`}>
          {g.ref}
        </Link>
      ),
      what,
      people: (
        <span className="ink2">
          {g.requestedBy}, {g.confirmedBy ?? <span className="mut">nobody yet</span>}
        </span>
      ),
      until: g.until ? <When at={g.until} show="datetime" /> : <span className="mut">not opened</span>,
      answers: g.answers,
      due: g.reviewDueOn ? <When at={g.reviewDueOn} show="day" /> : <span className="mut">none</span>,
      state,
    },
    card: (
      <Link href={`${here}/${g.ref}`} className="mc-link">
        <span className="row">
          <span className="mono">{g.ref}</span>
          <span className="sp" />
          {state}
        </span>
        <b className="b">
          {g.model} {g.version} to {g.environment === "prod" ? "production" : g.environment}
        </b>
        <div className="lbl">
          {g.requestedBy}, <When at={g.requestedAt} />
          {g.confirmedBy ? `. Confirmed by ${g.confirmedBy}` : ". Not confirmed"}
        </div>
      </Link>
    ),
  };
}

function countOf(c: GlassCount): Row {
  const waiting =
    c.overdue > 0 ? (
      <span className="st fail">
        {c.waitingReview}, {c.overdue} overdue
      </span>
    ) : (
      c.waitingReview
    );
  return {
    id: `${c.quarter} ${c.unit}`,
    name: `${c.quarter} ${c.unit ?? "no unit"}`,
    cells: {
      quarter: <Link href={`${here}?quarter=${c.quarter}`}>{c.quarter}</Link>,
      unit: c.unit ?? <span className="mut">no unit</span>,
      asked: c.asked,
      opened: c.opened,
      inTime: c.inTime,
      late: c.late,
      waiting,
      unjustified: c.unjustified,
    },
    card: (
      <div>
        <b className="b">
          {c.quarter}, {c.unit ?? "no unit"}
        </b>
        <div className="lbl">
          {c.asked} asked for, {c.opened} opened, {c.inTime} looked at in time, {c.late} late, {c.waitingReview} waiting
          {c.overdue > 0 ? ` (${c.overdue} overdue)` : ""}, {c.unjustified} not justified
        </div>
      </div>
    ),
  };
}
