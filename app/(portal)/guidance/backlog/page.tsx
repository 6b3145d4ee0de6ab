import type { Metadata } from "next";
import { BurnDownChart } from "@/components/backlog/burn-down-chart";
import { ItemFields } from "@/components/backlog/item-fields";
import { ItemState } from "@/components/backlog/state";
import { GuidanceTabs } from "@/components/guidance/tabs";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { TextArea } from "@/components/ui/field";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { type Row, Table } from "@/components/ui/table";
import { Segmented } from "@/components/ui/tabs";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import {
  type BacklogKind,
  backlogKinds,
  backlogStates,
  kindName,
  kindNoun,
  mayOpen,
  sourceKinds,
  sourceName,
  stateName,
} from "@/lib/backlog/backlog";
import { type BacklogRow, findBacklog, openGaps, readBurnDown } from "@/lib/backlog/queries";
import { activePeople } from "@/lib/reviews/queries";
import { orEmpty } from "../../not-found-if";
import { openAction } from "./actions";

export const metadata: Metadata = { title: "Debt and capabilities" };

const path = "/guidance/backlog";
const keys = ["state", "source", "owner", "model", "cohort", "standing", "q"] as const;
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;

const lede: Record<BacklogKind, string> = {
  debt: "What was left for later, what it costs each quarter, and how much of it remains. What a point of effort saves most comes first.",
  capability:
    "What the platform cannot do yet, and who waits for it. Value times the models that wait, over effort: what earns most comes first.",
};

export default async function BacklogPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const kind = backlogKinds.find((k) => k === one(params.kind)) ?? "debt";
  const given = Object.fromEntries([...keys, "after"].flatMap((k) => (one(params[k]) ? [[k, one(params[k])]] : [])));
  const [list, burned, gaps, people] = await Promise.all([
    orEmpty(findBacklog, ctx, { kind, ...given }),
    readBurnDown(ctx, { kind }),
    kind === "capability" ? openGaps(ctx, {}) : { items: [] },
    activePeople(ctx.db),
  ]);
  const items = list?.items ?? [];
  const filtered = keys.some((k) => one(params[k]));
  const verdict = mayOpen(ctx.actor);
  const gap = gaps.items.find((g) => g.id === one(params.gap));
  return (
    <Page name="patterns">
      <PageHead
        title={kindName[kind]}
        lede={lede[kind]}
        actions={
          <ButtonLink href={withParams(`${path}/rows.csv`, params, { after: null, kind })} prefetch={false}>
            CSV
          </ButtonLink>
        }
      />
      <GuidanceTabs at={path} />
      <div className="fb">
        <Segmented
          label="Which list"
          items={backlogKinds.map((k) => ({
            href: k === "debt" ? path : `${path}?kind=${k}`,
            name: kindName[k],
            on: k === kind,
          }))}
        />
      </div>
      {burned.quarters.length > 0 ? (
        <Section title={`${burned.points} points remain`} note={`${burned.open} open`}>
          <BurnDownChart rows={burned.quarters} cohorts={burned.cohorts} path={`${path}?kind=${kind}`} />
        </Section>
      ) : null}
      <Section title={cohortTitle(params) ?? "By what a point earns"}>
        <div className="row w" style={{ marginBottom: 12 }}>
          <SearchBox label={`Find a ${kindNoun[kind]}`} />
          <Filters
            filters={[
              {
                key: "state",
                name: "State",
                options: [
                  { value: "any", label: "Any" },
                  ...backlogStates.map((s) => ({ value: s, label: stateName[s] })),
                ],
              },
              {
                key: "owner",
                name: "Owner",
                options: [
                  { value: "me", label: "Me" },
                  { value: "none", label: "Nobody" },
                ],
              },
              { key: "source", name: "From", options: sourceKinds.map((s) => ({ value: s, label: sourceName[s] })) },
              ...(one(params.cohort)
                ? [
                    {
                      key: "cohort",
                      name: "Opened in",
                      options: [{ value: one(params.cohort) ?? "", label: one(params.cohort) ?? "" }],
                    },
                  ]
                : []),
              ...(one(params.standing)
                ? [
                    {
                      key: "standing",
                      name: "Open at the end of",
                      options: [{ value: one(params.standing) ?? "", label: one(params.standing) ?? "" }],
                    },
                  ]
                : []),
            ]}
          />
        </div>
        <Table
          label={kindName[kind]}
          columns={[
            { id: "title", name: kind === "debt" ? "Debt" : "Capability" },
            { id: "state", name: "State", width: 120 },
            { id: "points", name: "Points", num: true, width: 70 },
            { id: "gain", name: kind === "debt" ? "Interest" : "Value", num: true, width: 80 },
            { id: "worth", name: "Worth", num: true, width: 70 },
            { id: "owner", name: "Owner", width: 150 },
            { id: "opened", name: "Opened", width: 100 },
          ]}
          rows={items.map(rowOf)}
          empty={
            filtered ? (
              <Empty
                title="Nothing matches"
                action={<ButtonLink href={`${path}?kind=${kind}`}>Show what is open</ButtonLink>}
              />
            ) : (
              <Empty title={kind === "debt" ? "Nothing is owed" : "Nothing is wanted"}>
                Findings, exceptions, incidents and gaps of the library lead here; say below what they ask for.
              </Empty>
            )
          }
        />
        {items.length > 0 ? (
          <Pager
            shown={items.length}
            total={null}
            noun="item"
            next={list?.next ? withParams(path, params, { after: list.next }) : null}
            start={params.after ? withParams(path, params, { after: null }) : null}
          />
        ) : null}
      </Section>
      {gaps.items.length > 0 ? (
        <Section title="Missed, and on no list yet" note="where no pattern fits">
          {gaps.items.map((g) => (
            <article className="pt whole" key={g.id}>
              <div>
                <div className="row w">
                  <h3>{g.name}</h3>
                  <span className="lbl">
                    <When at={g.saidAt} />
                  </span>
                  <span className="sp" />
                  <Link href={`${path}?kind=capability&gap=${g.id}#open`}>Take up</Link>
                </div>
                <p className="ink2">{g.missing}</p>
              </div>
            </article>
          ))}
        </Section>
      ) : null}
      <Section title={kind === "debt" ? "Say what is owed" : "Say what is wanted"} id="open">
        {verdict.ok ? (
          <div style={{ maxWidth: 560 }}>
            {gap ? (
              <p className="ink2">
                For {gap.name}: {gap.missing}
              </p>
            ) : null}
            <ActionForm
              action={openAction}
              submit="Put it on the backlog"
              guard
              hidden={{ kind, ...(gap ? { "sources[]": gap.id } : {}) }}
              label="Put something on the backlog"
            >
              <ItemFields kind={kind} people={people} />
              {gap ? null : (
                <TextArea
                  name="sources:lines"
                  label="Where it comes from"
                  hint="A finding, exception or incident on each line, like FND-0003, WVR-0001 or INC-0002."
                  rows={2}
                  optional
                />
              )}
            </ActionForm>
          </div>
        ) : (
          <WhyButton label="Put it on the backlog" reason={verdict.reason} />
        )}
      </Section>
    </Page>
  );
}

function cohortTitle(params: Params): string | null {
  const cohort = one(params.cohort);
  const standing = one(params.standing);
  if (cohort && standing) return `Opened in ${cohort}, open at the end of ${standing}`;
  return cohort ? `Opened in ${cohort}` : standing ? `Open at the end of ${standing}` : null;
}

function rowOf(r: BacklogRow): Row {
  const worth = Number(r.worth).toFixed(2);
  const title = (
    <div style={{ padding: "6px 0" }}>
      <Link href={`${path}/${r.ref}`} className="plain b">
        {r.title}
      </Link>
      <div className="lbl">
        <span className="mono">{r.ref}</span>
        {r.models.length > 0 ? `, ${r.models.slice(0, 4).join(", ")}` : ""}
        {r.models.length > 4 || r.others > 0 ? ` and ${Math.max(0, r.models.length - 4) + r.others} more` : ""}
        {r.sources.length > 0
          ? `. From ${[...new Set(r.sources.map((s) => sourceName[s.kind].toLowerCase()))].join(", ")}`
          : ""}
      </div>
    </div>
  );
  const owner = r.owner ?? <span className="mut">Nobody</span>;
  return {
    id: r.id,
    name: r.ref,
    cells: {
      title,
      state: <ItemState state={r.state} />,
      points: r.points,
      gain: r.gain,
      worth,
      owner,
      opened: <When at={r.openedAt} />,
    },
    card: (
      <>
        {title}
        <div className="row w">
          <ItemState state={r.state} />
          <span className="sp" />
          <span className="lbl">
            {r.points} points, {r.kind === "debt" ? "interest" : "value"} {r.gain}, worth {worth}
          </span>
        </div>
        <div className="lbl">{owner}</div>
      </>
    ),
  };
}
