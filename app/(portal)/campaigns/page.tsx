import type { Metadata } from "next";
import { Progress } from "@/components/campaigns/progress";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { CheckList, DateField, SelectField, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayRun } from "@/lib/campaigns/campaign";
import { type CampaignRow, campaignList } from "@/lib/campaigns/queries";
import { modelFacets } from "@/lib/models/facets";
import { type Stage, stageName, stages } from "@/lib/models/model";
import { mayManage } from "@/lib/patterns/adoption";
import { adoptionSummary } from "@/lib/patterns/adoption-queries";
import { openAction, openUpgradeAction } from "./actions";

export const metadata: Metadata = { title: "Campaigns" };

/** What a campaign asks of whom, in words. */
function sayScope({ scope, upgrade, raise }: Pick<CampaignRow, "scope" | "upgrade" | "raise">): string {
  const { units, tiers, stages: which } = scope;
  if (raise)
    return `${raise.item}, ${raise.title}: required in tier ${raise.tiers.join(", ")}${raise.withdrawn ? ", taken back" : ""}`;
  const where = units.length > 0 ? units.join(", ") : "all units";
  if (upgrade)
    return `${upgrade.title} ${upgrade.from === null ? "" : `from version ${upgrade.from} `}to version ${upgrade.to}; ${where}`;
  const parts = [
    where,
    tiers.length > 0 ? `tier ${tiers.join(", ")}` : "all tiers",
    which.length > 0 ? which.map((s) => stageName[s as Stage].toLowerCase()).join(", ") : "all stages",
  ];
  return parts.join("; ");
}

export default async function CampaignsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const { pattern } = await searchParams;
  const ctx = await pageContext();
  const [{ items }, facets, adoption] = await Promise.all([
    campaignList(ctx, {}),
    modelFacets(ctx, {}),
    adoptionSummary(ctx, {}),
  ]);
  const behind = adoption.patterns.filter((p) => p.behind > 0 && p.campaign === null);
  const keeps = mayManage(ctx.actor);
  const verdict = mayRun(ctx.actor);
  const due = new Date(ctx.now().getTime() + 28 * 86_400_000).toISOString().slice(0, 10);
  return (
    <Page name="campaigns">
      <PageHead
        title="Campaigns"
        lede="A round in which owners are asked about their models: to confirm that they answer for them, to move them to a newer pattern, or to meet an item that becomes required."
      />
      {items.length === 0 ? (
        <Empty title="No campaign was run yet">Open one below; owners find it in their queue.</Empty>
      ) : (
        <Table
          label="Campaigns"
          columns={[
            { id: "ref", name: "Campaign" },
            { id: "scope", name: "Asks" },
            { id: "due", name: "Due" },
            { id: "progress", name: "Done" },
            { id: "open", name: "Open", num: true },
            { id: "escalated", name: "Escalated", num: true },
            { id: "state", name: "State" },
          ]}
          rows={items.map((c) => ({
            id: c.ref,
            cells: {
              ref: (
                <>
                  <Link className="b" href={`/campaigns/${c.ref}`}>
                    {c.title}
                  </Link>
                  <div className="lbl mono">{c.ref}</div>
                </>
              ),
              scope: sayScope(c),
              due: <When at={c.dueOn} show="day" />,
              progress: <Progress attested={c.attested} disowned={c.disowned} models={c.models} />,
              open: c.open,
              escalated: c.escalated,
              state: c.closedAt ? <Status state="pass" word="Closed" /> : <Status state="open" />,
            },
            card: (
              <>
                <div className="row">
                  <Link className="b" href={`/campaigns/${c.ref}`}>
                    {c.title}
                  </Link>
                  <span className="sp" />
                  {c.closedAt ? <Status state="pass" word="Closed" /> : <Status state="open" />}
                </div>
                <Progress attested={c.attested} disowned={c.disowned} models={c.models} />
                <div className="lbl">
                  {sayScope(c)}. Due {c.dueOn}.
                </div>
              </>
            ),
          }))}
        />
      )}
      <Section title="Ask who answers for models">
        {verdict.ok ? (
          <div style={{ maxWidth: 560 }}>
            <ActionForm action={openAction} submit="Open the campaign" guard label="Open a campaign">
              <TextField name="title" label="Title" maxLength={120} hint="For example: Owners confirm tier 1, autumn" />
              <DateField
                name="dueOn"
                label="Due"
                hint="Open items go to the head of the unit after it."
                defaultValue={due}
              />
              <CheckList
                name="tiers[]:number"
                label="Tiers"
                hint="None ticked: all."
                options={["1", "2", "3", "4"].map((value) => ({ value, label: `Tier ${value}` }))}
              />
              <CheckList
                name="units[]"
                label="Business units"
                hint="None ticked: all."
                options={facets.units.map((u) => ({ value: u.slug, label: u.name }))}
              />
              <CheckList
                name="stages[]"
                label="Stages"
                hint="None ticked: all."
                options={stages
                  .filter((s) => s !== "unclaimed" && s !== "retired")
                  .map((value) => ({ value, label: stageName[value] }))}
              />
            </ActionForm>
          </div>
        ) : (
          <WhyButton label="Open a campaign" reason={verdict.reason} />
        )}
      </Section>
      <Section title="Move adopters of a pattern" id="upgrade">
        {!keeps.ok ? (
          <WhyButton label="Open an upgrade campaign" reason={keeps.reason} />
        ) : behind.length === 0 ? (
          <p className="mut">No pattern has adopters behind it that no campaign asks.</p>
        ) : (
          <div style={{ maxWidth: 560 }}>
            <ActionForm
              action={openUpgradeAction}
              submit="Open the upgrade campaign"
              guard
              label="Open an upgrade campaign"
            >
              <TextField name="title" label="Title" maxLength={120} hint="For example: Batch scoring to version 2" />
              <SelectField
                name="pattern"
                label="Pattern"
                hint="Owners of models that are behind its version in force are asked."
                defaultValue={typeof pattern === "string" ? pattern : undefined}
                options={behind.map((p) => ({
                  value: p.pattern,
                  label: `${p.title} to version ${p.version}: ${p.behind} behind`,
                }))}
              />
              <DateField
                name="dueOn"
                label="Due"
                hint="Open items go to the head of the unit after it."
                defaultValue={due}
              />
              <CheckList
                name="units[]"
                label="Business units"
                hint="None ticked: all."
                options={facets.units.map((u) => ({ value: u.slug, label: u.name }))}
              />
            </ActionForm>
          </div>
        )}
      </Section>
    </Page>
  );
}
