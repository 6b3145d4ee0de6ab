import type { Metadata } from "next";
import { HistoryPanel } from "@/components/log/history";
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
import { logList } from "@/lib/log/queries";
import { modelFacets } from "@/lib/models/facets";
import { mayKeepTeams } from "@/lib/teams/team";
import { getUnit } from "@/lib/units/queries";
import { orNotFound } from "../../../not-found-if";
import { addTeam, changeTeam } from "../actions";

export const metadata: Metadata = { title: "Business unit" };

type Props = { params: Promise<{ unit: string }>; searchParams: Promise<Params> };

export default async function UnitPage({ params, searchParams }: Props) {
  const key = decodeURIComponent((await params).unit);
  const query = await searchParams;
  const ctx = await pageContext(query);
  const { asOf } = ctx;
  const unit = await orNotFound(getUnit, ctx, { unit: key });
  const [log, { people }] = await Promise.all([logList(ctx, { subject: unit.id, limit: 14 }), modelFacets(ctx, {})]);
  const may = unlessPast(ctx, mayKeepTeams(ctx.actor, unit.id));
  const path = `/admin/units/${unit.slug}`;
  const past = asOfParam(asOf);
  const leads = people.map((p) => ({ value: p.email, label: p.name }));
  return (
    <Page name="model" aside={<HistoryPanel entries={log.entries} all={`/log?subject=${unit.slug}`} />}>
      <AsOfBar path={path} params={query} at={asOf} />
      <PageHead
        title={unit.name}
        lede={
          unit.above.length > 0 ? (
            <>
              Below{" "}
              {unit.above.map((u, i) => (
                <span key={u.slug}>
                  {i > 0 ? " / " : ""}
                  <Link href={withParams(`/admin/units/${u.slug}`, {}, past)}>{u.name}</Link>
                </span>
              ))}
              .
            </>
          ) : (
            "At the top of the organisation."
          )
        }
        actions={<AsOfChoice path={path} params={query} at={asOf} />}
      />
      <dl className="meta">
        <div>
          <dt className="lbl">Models</dt>
          <dd className="v">
            <Link href={withParams("/models", { unit: unit.slug }, past)}>{unit.modelsWithBelow}</Link>
          </dd>
          <dd className="w">
            {unit.models === unit.modelsWithBelow ? "All its own." : `${unit.models} its own, the rest below it.`}
          </dd>
        </div>
        <div>
          <dt className="lbl">Use cases</dt>
          <dd className="v">
            <Link href={withParams("/portfolio/use-cases", { unit: unit.slug }, past)}>{unit.useCases}</Link>
          </dd>
          <dd className="w">With those of the units below.</dd>
        </div>
        <div>
          <dt className="lbl">Short name</dt>
          <dd className="v mono">{unit.slug}</dd>
          <dd className="w">In addresses and mappings.</dd>
        </div>
      </dl>
      <Section title="Units below">
        <Table
          label="Units below"
          columns={[{ id: "name", name: "Name" }]}
          empty={<Empty title="No unit stands below this one">Administrators add and move units on the tree.</Empty>}
          rows={unit.below.map((u) => ({
            id: u.slug,
            cells: {
              name: (
                <Link className="b" href={withParams(`/admin/units/${u.slug}`, {}, past)}>
                  {u.name}
                </Link>
              ),
            },
          }))}
        />
      </Section>
      <Section title="Teams">
        <Table
          label="Teams"
          columns={[
            { id: "name", name: "Team" },
            { id: "lead", name: "Lead" },
            { id: "models", name: "Models", num: true },
          ]}
          empty={<Empty title="No team yet">A team says who builds and keeps a model beside its owner.</Empty>}
          rows={unit.teams.map((t) => ({
            id: t.id,
            cells: {
              name: t.name,
              lead: t.lead ?? <span className="mut">nobody</span>,
              models: <Link href={withParams("/models", { team: t.name }, past)}>{t.models}</Link>,
            },
          }))}
        />
        {may.ok ? (
          <>
            <ActionForm
              action={addTeam}
              submit="Add a team"
              tone="outlined"
              className="fields"
              label="Add a team"
              hidden={{ businessUnit: unit.slug }}
            >
              <TextField name="name" label="Name" maxLength={120} />
              <SelectField name="lead" label="Lead" optional blank="Nobody yet" options={leads} />
            </ActionForm>
            {unit.teams.length > 0 ? (
              <ActionForm action={changeTeam} submit="Change" tone="outlined" className="fields" label="Change a team">
                <SelectField
                  name="team"
                  label="Team"
                  options={unit.teams.map((t) => ({ value: t.name, label: t.name }))}
                />
                <TextField name="name" label="New name" optional maxLength={120} />
                <SelectField name="lead" label="Lead" optional blank="As it is" options={leads} />
              </ActionForm>
            ) : null}
          </>
        ) : (
          <WhyButton label="Add a team" reason={may.reason} />
        )}
      </Section>
    </Page>
  );
}
