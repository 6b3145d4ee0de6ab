import type { Metadata } from "next";
import { FilterActs, SelectionActs } from "@/components/reconciliation/act";
import { itemColumns, itemRow } from "@/components/reconciliation/item-row";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { DataTable } from "@/components/ui/data-table";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { Tabs } from "@/components/ui/tabs";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { modelFacets } from "@/lib/models/facets";
import { reconciliationActionList, reconciliationCounts, reconciliationList } from "@/lib/reconciliation/queries";
import {
  type ItemKind,
  itemKindMeans,
  itemKindName,
  itemKinds,
  itemStatuses,
  itemStatusName,
  maySettle,
} from "@/lib/reconciliation/reconciliation";
import { apartAction, assignAction, ignoreAction, joinAction, retireAction, sweepAction, undoAct } from "./actions";

export const metadata: Metadata = { title: "Reconciliation" };

const path = "/reconciliation";
const known = ["kind", "status", "unit", "source", "q", "after"];
const actions = {
  assign: assignAction,
  join: joinAction,
  apart: apartAction,
  retire: retireAction,
  ignore: ignoreAction,
};

export default async function ReconciliationPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const input = Object.fromEntries(Object.entries(params).filter(([key, v]) => known.includes(key) && v));
  const ctx = await pageContext();
  const [{ items, total, next }, counts, facets, lately] = await Promise.all([
    reconciliationList(ctx, input),
    reconciliationCounts(ctx, {}),
    modelFacets(ctx, {}),
    reconciliationActionList(ctx, { limit: 6 }),
  ]);
  const { after: _, status, ...filter } = input;
  const kinds = String(input.kind ?? "")
    .split(",")
    .filter((k): k is ItemKind => itemKinds.some((one) => one === k));
  const [only] = kinds;
  const open = status === undefined || status === "open";
  const verdict = maySettle(ctx.actor, []);
  const choices = {
    units: facets.units,
    people: facets.people,
    until: new Date(ctx.now().getTime() + 30 * 86_400_000).toISOString().slice(0, 10),
  };
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);

  return (
    <Page
      name="reconciliation"
      aside={
        <section className="sec" style={{ marginTop: 0 }}>
          <div className="h">
            <h2>Lately done</h2>
          </div>
          {lately.items.length === 0 ? <p className="lbl">Nothing was settled by hand yet.</p> : null}
          <ul className="done">
            {lately.items.map((a) => (
              <li key={a.id}>
                <b>{a.byName}</b> {a.summary}
                <div className="lbl">
                  <When at={a.at} show="datetime" />
                  {a.undoneAt ? ", taken back" : ""}
                </div>
                {a.canUndo ? (
                  <ActionForm
                    action={undoAct}
                    submit="Undo"
                    tone="outlined"
                    hidden={{ action: a.id }}
                    label={`Undo: ${a.summary}`}
                  />
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      }
    >
      <PageHead
        title="Reconciliation"
        lede={
          all === 0
            ? "What registries and serving systems show, held against the inventory. They agree."
            : `${all.toLocaleString("en-GB")} difference${all === 1 ? "" : "s"} between what registries and serving systems show and what the inventory says.`
        }
        actions={
          verdict.ok ? (
            <ActionForm action={sweepAction} submit="Compare now" tone="outlined" label="Compare now" />
          ) : (
            <WhyButton label="Settle differences" reason={verdict.reason} />
          )
        }
      />
      <Tabs
        label="Kinds of difference"
        items={[
          {
            href: withParams(path, params, { kind: null, after: null }),
            name: "All",
            on: kinds.length === 0,
            count: all,
          },
          ...itemKinds.map((kind) => ({
            href: withParams(path, params, { kind, after: null }),
            name: itemKindName[kind],
            on: kinds.includes(kind),
            count: counts[kind] ?? 0,
          })),
        ]}
      />
      {kinds.length === 1 && only ? (
        <p className="ink2" style={{ marginTop: 8 }}>
          {itemKindMeans[only]}
        </p>
      ) : null}
      <div className="fb">
        <SearchBox label="Part of the name" placeholder="Part of the name" />
        <Filters
          filters={[
            {
              key: "unit",
              name: "Business unit",
              options: [
                ...facets.units.map((u) => ({ value: u.slug, label: u.name })),
                { value: "none", label: "no unit" },
              ],
            },
            {
              key: "source",
              name: "Registry",
              options: [
                ...facets.sources.map((value) => ({ value, label: value })),
                { value: "manual", label: "entered by hand" },
              ],
            },
            {
              key: "status",
              name: "State",
              options: itemStatuses.map((s) => ({ value: s, label: itemStatusName[s] })),
            },
          ]}
        />
      </div>
      <DataTable
        label="Differences"
        columns={itemColumns}
        rows={items.map((item) =>
          itemRow(
            item,
            maySettle(ctx.actor, [{ kind: item.kind, models: [item.model, item.other].filter((m) => m !== null) }]),
            actions,
            choices,
          ),
        )}
        toolbar={
          verdict.ok && open && kinds.length > 0 && total > 1 ? (
            <FilterActs
              kinds={kinds}
              filter={Object.fromEntries(
                Object.entries(filter).flatMap(([key, value]) =>
                  typeof value === "string" ? [[key, key === "q" || key === "source" ? value : value.split(",")]] : [],
                ),
              )}
              total={total}
              actions={actions}
              choices={choices}
            />
          ) : null
        }
        bulk={
          verdict.ok && open ? (
            <SelectionActs
              kinds={Object.fromEntries(items.map((i) => [i.id, i.kind]))}
              actions={actions}
              choices={choices}
            />
          ) : undefined
        }
        empty={
          Object.keys(filter).length > 0 || !open ? (
            <Empty title="No difference matches" action={<ButtonLink href={path}>Show all that are open</ButtonLink>}>
              Take a filter away, or look at another kind.
            </Empty>
          ) : (
            <Empty
              title="Inventory and reality agree"
              action={<ButtonLink href="/admin/connections">Connections</ButtonLink>}
            >
              Every registry is compared after each sync, and everything every ten minutes.
            </Empty>
          )
        }
      />
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          total={total}
          noun="difference"
          next={next ? withParams(path, params, { after: next }) : null}
          start={params.after ? withParams(path, params, { after: null }) : null}
          note="Newest first"
        />
      ) : null}
    </Page>
  );
}
