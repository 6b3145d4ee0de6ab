import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { AsOfBar, AsOfChoice } from "@/components/ui/as-of";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { SearchBox } from "@/components/ui/search-box";
import { Table } from "@/components/ui/table";
import { asOfParam, type Params, withParams } from "@/components/ui/urls";
import { WhyButton } from "@/components/ui/why-button";
import { assetKindName, assetKinds, dataClasses, dataClassName } from "@/lib/assets/asset";
import { assetList } from "@/lib/assets/queries";
import { pageContext } from "@/lib/auth/context";
import { unlessPast } from "@/lib/core/as-of";
import { modelFacets } from "@/lib/models/facets";
import { mayRegister, platformName } from "@/lib/models/model";

export const metadata: Metadata = { title: "Assets" };

const path = "/portfolio/assets";
const filterKeys = ["kind", "dataClass", "unit", "owner", "retired", "q", "after"];

export default async function AssetsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext(params);
  const { asOf } = ctx;
  const given = Object.fromEntries(
    Object.entries(params).filter(([key, value]) => filterKeys.includes(key) && typeof value === "string" && value),
  );
  const [{ assets, next }, { units }] = await Promise.all([assetList(ctx, given), modelFacets(ctx, {})]);
  const register = unlessPast(ctx, mayRegister(ctx.actor, null));
  const registerButton = register.ok ? (
    <ButtonLink href={`${path}/new`} tone="primary">
      <Plus className="i" aria-hidden="true" />
      Register asset
    </ButtonLink>
  ) : (
    <WhyButton label="Register asset" reason={register.reason} />
  );
  const hrefOf = (id: string) => withParams(`${path}/${id}`, {}, asOfParam(asOf));
  const none = (text: string) => <span className="mut">{text}</span>;
  return (
    <Page>
      <AsOfBar path={path} params={params} at={asOf} />
      <PageHead
        title="Assets"
        lede="Datasets, features and pipelines that models are made from: who answers for them, and what the data is."
        actions={
          <>
            <AsOfChoice path={path} params={params} at={asOf} />
            {registerButton}
          </>
        }
      />
      <div className="fb">
        <SearchBox label="Part of the name, description or location" placeholder="Name or location" />
        <Filters
          filters={[
            { key: "kind", name: "Kind", options: assetKinds.map((value) => ({ value, label: assetKindName[value] })) },
            {
              key: "dataClass",
              name: "Data class",
              options: [
                ...dataClasses.map((value) => ({ value, label: dataClassName[value] })),
                { value: "none", label: "not classed" },
              ],
            },
            { key: "unit", name: "Business unit", options: units.map((u) => ({ value: u.slug, label: u.name })) },
            { key: "owner", name: "Owner", options: [{ value: "none", label: "nobody" }] },
            {
              key: "retired",
              name: "Retired",
              options: [
                { value: "no", label: "no" },
                { value: "yes", label: "yes" },
              ],
            },
          ]}
        />
      </div>
      <Table
        label="Assets"
        columns={[
          { id: "name", name: "Name" },
          { id: "kind", name: "Kind" },
          { id: "class", name: "Data class" },
          { id: "unit", name: "Business unit" },
          { id: "owner", name: "Owner" },
          { id: "platform", name: "Platform" },
          { id: "models", name: "Models", num: true },
        ]}
        empty={
          Object.keys(given).length > 0 ? (
            <Empty title="No asset matches" action={<ButtonLink href={path}>Show all assets</ButtonLink>}>
              Take a filter away, or search for part of the name.
            </Empty>
          ) : (
            <Empty title="No asset yet" action={registerButton}>
              Enter what your models are made from, so that a fault in the data leads to them.
            </Empty>
          )
        }
        rows={assets.map((a) => ({
          id: a.id,
          cells: {
            name: (
              <Link className="b mono" href={hrefOf(a.id)}>
                {a.name}
              </Link>
            ),
            kind: a.retiredAt ? none(`${assetKindName[a.kind]}, retired`) : assetKindName[a.kind],
            class: a.dataClass ? dataClassName[a.dataClass] : none("not classed"),
            unit: a.unitName,
            owner: a.owner?.name ?? none("nobody"),
            platform: platformName[a.platform],
            models: a.models,
          },
          card: (
            <>
              <Link className="b mono" href={hrefOf(a.id)}>
                {a.name}
              </Link>
              <div className="ink2">
                {assetKindName[a.kind]} of {a.unitName}, {a.owner?.name ?? "no owner"}.{" "}
                {a.dataClass ? dataClassName[a.dataClass] : "Not classed"}. {a.models} models.
              </div>
            </>
          ),
        }))}
      />
      {assets.length > 0 ? (
        <Pager
          shown={assets.length}
          first={assets[0]?.name}
          last={assets.at(-1)?.name}
          total={null}
          noun="asset"
          next={next ? withParams(path, params, { after: next }) : null}
          start={params.after ? withParams(path, params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}
