import { Download, Plus } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { type ModelLine, ModelTable } from "@/components/models/model-table";
import { AsOfBar, AsOfChoice } from "@/components/ui/as-of";
import { BulkForm, BulkLink } from "@/components/ui/bulk-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import { ListKeys } from "@/components/ui/list-keys";
import { MeterLegend } from "@/components/ui/meter";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { asOfParam, type Params, withParams } from "@/components/ui/urls";
import { WhyButton } from "@/components/ui/why-button";
import { ViewMenu } from "@/components/views/view-menu";
import { pageContext } from "@/lib/auth/context";
import { unlessPast } from "@/lib/core/as-of";
import { mayImport } from "@/lib/imports/import";
import { modelFacets } from "@/lib/models/facets";
import { listParams, modelFilters } from "@/lib/models/filters";
import { type ModelOrder, orderName } from "@/lib/models/list-input";
import { mayAskOwners, mayRegister } from "@/lib/models/model";
import { modelList } from "@/lib/models/queries";
import type { ModelRow } from "@/lib/models/row";
import { viewList } from "@/lib/views/queries";
import { mayKeepView, type SavedView, viewQuery } from "@/lib/views/view";
import { askOwnersAction, dropViewAction, editViewAction, saveViewAction } from "./actions";

export const metadata: Metadata = { title: "Models" };

const orders: readonly [column: string, order: ModelOrder][] = [
  ["name", "name"],
  ["tier", "tier"],
  ["stage", "stage"],
  ["release", "released"],
];

const line = ({ businessUnit, owner, ...m }: ModelRow): ModelLine => ({
  name: m.name,
  unit: businessUnit?.name ?? null,
  owner: owner?.name ?? null,
  kind: m.kind,
  method: m.method,
  servingType: m.servingType,
  platform: m.platform,
  stage: m.stage,
  tier: m.tier,
  tierProvisional: m.tierProvisional,
  tierDriver: m.tierDriver,
  source: m.source,
  readiness: m.readiness,
  lastReleaseAt: m.lastReleaseAt,
  gate: m.gate,
  vanishedAt: m.vanishedAt,
});

/** A link that holds nothing but a view opens it: the address then holds everything. */
async function openView(params: Params, views: readonly SavedView[]): Promise<void> {
  const { view, ...rest } = params;
  const entries = Object.entries(rest).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value ?? ""]).map((one): [string, string] => [key, one]),
  );
  if (typeof view !== "string" || viewQuery(entries) !== "") return;
  const found = views.find((v) => v.id === view);
  if (found?.query) redirect(`/models?${found.query}&view=${found.id}`);
}

export default async function ModelsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const input = listParams(params);
  const ctx = await pageContext(params);
  const { asOf } = ctx;
  const [facets, { models, total, next }, views] = await Promise.all([
    modelFacets(ctx, {}),
    modelList(ctx, input),
    viewList(ctx, {}),
  ]);
  await openView(params, views.items);
  const { after: _, ...filter } = input;
  const filtered = Object.keys(filter).some((key) => key !== "order");
  const order = typeof input.order === "string" ? input.order : "tier";
  const sort = Object.fromEntries(
    orders.map(([column, by]) => [
      column,
      {
        href: withParams("/models", params, { order: by === "tier" ? null : by, after: null }),
        direction: by !== order ? null : by === "released" ? ("descending" as const) : ("ascending" as const),
      },
    ]),
  );
  const importModels = unlessPast(ctx, mayImport(ctx.actor));
  const register = unlessPast(ctx, mayRegister(ctx.actor, null));
  const ask = unlessPast(ctx, mayAskOwners(ctx.actor));
  const units = new Set(models.map((m) => m.businessUnit?.name ?? "no unit"));
  const registerButton = register.ok ? (
    <ButtonLink href="/models/new" tone="primary">
      <Plus className="i" aria-hidden="true" />
      Register model
    </ButtonLink>
  ) : (
    <WhyButton label="Register model" reason={register.reason} />
  );

  return (
    <Page name="models">
      <AsOfBar path="/models" params={params} at={asOf} />
      <PageHead
        title="Models"
        state={
          <ViewMenu
            path="/models"
            all="All models"
            views={views.items}
            units={facets.units}
            save={saveViewAction}
            edit={editViewAction}
            drop={dropViewAction}
            mayKeep={Object.fromEntries(views.items.map((v) => [v.id, unlessPast(ctx, mayKeepView(ctx.actor, v)).ok]))}
          />
        }
        actions={
          <>
            <AsOfChoice path="/models" params={params} at={asOf} />
            <a className="btn" href={withParams("/api/v1/models.csv", filter, asOfParam(asOf))} download>
              <Download className="i" aria-hidden="true" />
              Export
            </a>
            {importModels.ok ? (
              <ButtonLink href="/models/import">Import</ButtonLink>
            ) : (
              <WhyButton label="Import" reason={importModels.reason} />
            )}
            {registerButton}
          </>
        }
      />
      <ListKeys />
      <div className="fb">
        <SearchBox label="Name or words of the description" placeholder="Name or words" />
        <Filters filters={modelFilters(facets)} />
        <span className="sp" />
        <div className="no-m">
          <MeterLegend />
        </div>
      </div>
      <ModelTable
        models={models.map(line)}
        asOf={asOf}
        sort={sort}
        covers={`on a page of ${units.size} business unit${units.size === 1 ? "" : "s"}`}
        bulk={
          <>
            {ask.ok ? (
              <BulkForm action={askOwnersAction} submit="Ask owners for readiness" name="models[]" />
            ) : (
              <WhyButton label="Ask owners for readiness" reason={ask.reason} />
            )}
            <BulkLink href="/api/v1/models.csv">Export these</BulkLink>
          </>
        }
        empty={
          filtered ? (
            <Empty title="No model matches" action={<ButtonLink href="/models">Show all models</ButtonLink>}>
              Take a filter away, or search for part of the name.
            </Empty>
          ) : (
            <Empty
              title="The inventory is empty"
              action={
                <>
                  {registerButton} <ButtonLink href="/admin/connections">Connect a registry</ButtonLink>
                </>
              }
            >
              Models come from a connected registry, or are entered by hand.
            </Empty>
          )
        }
      />
      {models.length > 0 ? (
        <Pager
          shown={models.length}
          first={models[0]?.name}
          last={models.at(-1)?.name}
          total={total}
          next={next ? withParams("/models", params, { after: next }) : null}
          start={params.after ? withParams("/models", params, { after: null }) : null}
          note={`Sorted by ${orderName[order as ModelOrder] ?? order}`}
        />
      ) : null}
    </Page>
  );
}
