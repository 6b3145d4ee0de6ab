import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { AsOfBar, AsOfChoice } from "@/components/ui/as-of";
import { Empty } from "@/components/ui/empty";
import { SelectField, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { asOfParam, type Params, withParams } from "@/components/ui/urls";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { unlessPast } from "@/lib/core/as-of";
import { listUnits } from "@/lib/units/queries";
import { mayManageOrganisation } from "@/lib/units/unit";
import { orNotFound } from "../../not-found-if";
import { addUnit, nameHead, nameUnit, putUnit } from "./actions";

export const metadata: Metadata = { title: "Business units" };

export default async function UnitsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext(params);
  const { asOf } = ctx;
  const { items } = await orNotFound(listUnits, ctx, {});
  const may = unlessPast(ctx, mayManageOrganisation(ctx.actor));
  const options = items.map((u) => ({ value: u.slug, label: u.path }));
  return (
    <Page name="admin">
      <AsOfBar path="/admin/units" params={params} at={asOf} />
      <PageHead
        title="Business units"
        lede="A role granted in a unit holds there and in every unit below it. The short name is what addresses and mappings use, and stays."
        actions={<AsOfChoice path="/admin/units" params={params} at={asOf} />}
      />
      <Table
        label="Business units"
        empty={<Empty title="There are no business units yet.">Create the top one below.</Empty>}
        columns={[
          { id: "name", name: "Name" },
          { id: "slug", name: "Short name" },
        ]}
        rows={items.map((u) => ({
          id: u.id,
          cells: {
            name: (
              <Link
                className="b"
                style={{ paddingLeft: u.depth * 20 }}
                href={withParams(`/admin/units/${u.slug}`, {}, asOfParam(asOf))}
              >
                {u.name}
              </Link>
            ),
            slug: <span className="mono">{u.slug}</span>,
          },
        }))}
      />
      {may.ok ? (
        <>
          <Section title="Add a business unit">
            <ActionForm action={addUnit} submit="Add" className="fields">
              <TextField name="name" label="Name" maxLength={120} />
              <TextField
                name="slug"
                label="Short name"
                hint="Lower case, like card-risk. It stays."
                mono
                maxLength={60}
              />
              <SelectField name="parent" label="Below" optional blank="at the top" options={options} />
            </ActionForm>
          </Section>
          {items.length > 0 ? (
            <Section
              title="Head"
              note="Hears of what the unit's owners leave undone, such as an ownership campaign past its day"
            >
              <ActionForm action={nameHead} submit="Name" tone="outlined" className="fields">
                <SelectField name="unit" label="Business unit" options={options} />
                <TextField name="person" label="Person" hint="E-mail address." maxLength={254} />
              </ActionForm>
            </Section>
          ) : null}
          {items.length > 0 ? (
            <Section title="Move" note="Everything below it moves along; roles granted above reach it from then on">
              <ActionForm action={putUnit} submit="Move" tone="outlined" className="fields">
                <SelectField name="unit" label="Business unit" options={options} />
                <SelectField name="parent" label="Below" optional blank="at the top" options={options} />
              </ActionForm>
            </Section>
          ) : null}
          {items.length > 0 ? (
            <Section title="Rename">
              <ActionForm action={nameUnit} submit="Rename" tone="outlined" className="fields">
                <SelectField name="unit" label="Business unit" options={options} />
                <TextField name="name" label="New name" maxLength={120} />
              </ActionForm>
            </Section>
          ) : null}
        </>
      ) : (
        <Section title="Add a business unit">
          <WhyButton label="Add" reason={may.reason} />
        </Section>
      )}
    </Page>
  );
}
