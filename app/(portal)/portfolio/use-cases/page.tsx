import type { Metadata } from "next";
import Link from "next/link";
import { Empty } from "@/components/ui/empty";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { pageContext } from "@/lib/auth/context";
import { useCaseList } from "@/lib/use-cases/queries";
import { useCaseStatusName } from "@/lib/use-cases/use-case";

export const metadata: Metadata = { title: "Use cases" };

export default async function UseCasesPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const { useCases, next } = await useCaseList(ctx, {
    ...(typeof params.unit === "string" ? { unit: params.unit } : {}),
    ...(typeof params.after === "string" ? { after: params.after } : {}),
  });
  return (
    <Page>
      <PageHead
        title="Use cases"
        lede="What models are for, who pays for it, and what it is expected to bring a year."
      />
      <Table
        label="Use cases"
        columns={[
          { id: "ref", name: "Number" },
          { id: "name", name: "Use case" },
          { id: "unit", name: "Business unit" },
          { id: "sponsor", name: "Sponsor" },
          { id: "status", name: "Status" },
          { id: "models", name: "Models", num: true },
          { id: "value", name: "Value a year", num: true },
        ]}
        empty={<Empty title="No use case yet">They are entered over the API, or with a model.</Empty>}
        rows={useCases.map((c) => ({
          id: c.ref,
          cells: {
            ref: <span className="mono mut">{c.ref}</span>,
            name: (
              <span className="wrap" title={c.problem}>
                {c.name}
              </span>
            ),
            unit: c.unitName,
            sponsor: c.sponsor,
            status: useCaseStatusName[c.status],
            models: <Link href={`/models?useCase=${c.ref}`}>{c.models}</Link>,
            value: c.valueEur ? `€${Number(c.valueEur).toLocaleString("en-GB")}` : <span className="mut">unknown</span>,
          },
          card: (
            <>
              <b>{c.name}</b>
              <div className="ink2">
                {c.unitName}, {c.sponsor}. {useCaseStatusName[c.status]},{" "}
                <Link href={`/models?useCase=${c.ref}`}>{c.models} models</Link>.
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
          next={next ? withParams("/portfolio/use-cases", params, { after: next }) : null}
          start={params.after ? withParams("/portfolio/use-cases", params, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}
