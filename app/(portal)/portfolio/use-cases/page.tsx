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
import { pageContext } from "@/lib/auth/context";
import { unlessPast } from "@/lib/core/as-of";
import { modelFacets } from "@/lib/models/facets";
import { legalClasses, legalClassName, mayRegister } from "@/lib/models/model";
import { useCaseList } from "@/lib/use-cases/queries";
import { euRoleName, euRoles, money, useCaseStatuses, useCaseStatusName } from "@/lib/use-cases/use-case";

export const metadata: Metadata = { title: "Use cases" };

const path = "/portfolio/use-cases";
const filterKeys = ["unit", "status", "euRole", "legalClass", "owner", "q", "after"];

export default async function UseCasesPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext(params);
  const { asOf } = ctx;
  const given = Object.fromEntries(
    Object.entries(params).filter(([key, value]) => filterKeys.includes(key) && typeof value === "string" && value),
  );
  const [{ useCases, next }, { units }] = await Promise.all([useCaseList(ctx, given), modelFacets(ctx, {})]);
  const register = unlessPast(ctx, mayRegister(ctx.actor, null));
  const registerButton = register.ok ? (
    <ButtonLink href={`${path}/new`} tone="primary">
      <Plus className="i" aria-hidden="true" />
      Register use case
    </ButtonLink>
  ) : (
    <WhyButton label="Register use case" reason={register.reason} />
  );
  const hrefOf = (ref: string) => withParams(`${path}/${ref}`, {}, asOfParam(asOf));
  return (
    <Page>
      <AsOfBar path={path} params={params} at={asOf} />
      <PageHead
        title="Use cases"
        lede="What models are for, who pays for it, and what it is expected to bring a year."
        actions={
          <>
            <AsOfChoice path={path} params={params} at={asOf} />
            {registerButton}
          </>
        }
      />
      <div className="fb">
        <SearchBox label="Words of the name or the problem" placeholder="Name or words" />
        <Filters
          filters={[
            {
              key: "status",
              name: "Status",
              options: useCaseStatuses.map((value) => ({ value, label: useCaseStatusName[value] })),
            },
            { key: "unit", name: "Business unit", options: units.map((u) => ({ value: u.slug, label: u.name })) },
            {
              key: "legalClass",
              name: "EU AI Act class",
              options: [
                ...legalClasses.map((value) => ({ value, label: legalClassName[value] })),
                { value: "none", label: "not assessed" },
              ],
            },
            {
              key: "euRole",
              name: "EU AI Act role",
              options: [
                ...euRoles.map((value) => ({ value, label: euRoleName[value] })),
                { value: "none", label: "not said" },
              ],
            },
            { key: "owner", name: "Owner", options: [{ value: "none", label: "nobody" }] },
          ]}
        />
      </div>
      <Table
        label="Use cases"
        columns={[
          { id: "ref", name: "Number" },
          { id: "name", name: "Use case" },
          { id: "unit", name: "Business unit" },
          { id: "owner", name: "Owner" },
          { id: "class", name: "EU AI Act class" },
          { id: "status", name: "Status" },
          { id: "models", name: "Models", num: true },
          { id: "value", name: "Value a year", num: true },
        ]}
        empty={
          Object.keys(given).length > 0 ? (
            <Empty title="No use case matches" action={<ButtonLink href={path}>Show all use cases</ButtonLink>}>
              Take a filter away, or search for other words.
            </Empty>
          ) : (
            <Empty title="No use case yet" action={registerButton}>
              Say what a model would be for, before there is one.
            </Empty>
          )
        }
        rows={useCases.map((c) => ({
          id: c.ref,
          cells: {
            ref: <span className="mono mut">{c.ref}</span>,
            name: (
              <Link className="b wrap" href={hrefOf(c.ref)} title={c.problem}>
                {c.name}
              </Link>
            ),
            unit: c.unitName,
            owner: c.owner?.name ?? <span className="mut">nobody</span>,
            class: c.legalClass ? legalClassName[c.legalClass] : <span className="mut">not assessed</span>,
            status: useCaseStatusName[c.status],
            models: <Link href={withParams("/models", { useCase: c.ref }, asOfParam(asOf))}>{c.models}</Link>,
            value:
              c.valueAmount && c.valueCurrency ? (
                money(c.valueAmount, c.valueCurrency)
              ) : (
                <span className="mut">unknown</span>
              ),
          },
          card: (
            <>
              <Link className="b" href={hrefOf(c.ref)}>
                {c.name}
              </Link>
              <div className="ink2">
                {c.unitName}, {c.owner?.name ?? "no owner"}. {useCaseStatusName[c.status]},{" "}
                <Link href={withParams("/models", { useCase: c.ref }, asOfParam(asOf))}>{c.models} models</Link>.
              </div>
            </>
          ),
        }))}
      />
      {useCases.length > 0 ? (
        <Pager
          shown={useCases.length}
          first={useCases[0]?.ref}
          last={useCases.at(-1)?.ref}
          total={null}
          noun="use case"
          next={next ? withParams(path, params, { after: next }) : null}
          start={params.after ? withParams(path, params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}
