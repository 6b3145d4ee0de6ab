import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AllAnswers, RowAnswers, SelectedAnswers } from "@/components/campaigns/answers";
import { AllUpgrades, RowUpgrade, SelectedUpgrades } from "@/components/campaigns/upgrades";
import { modelHref } from "@/components/models/model-href";
import { ButtonLink } from "@/components/ui/button";
import { DataTable } from "@/components/ui/data-table";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { TierChip } from "@/components/ui/tier-chip";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { campaignGet, campaignItemList } from "@/lib/campaigns/queries";
import { modelFacets } from "@/lib/models/facets";
import { type Stage, stageName } from "@/lib/models/model";
import { orNotFound } from "../../../not-found-if";
import { answerAction, answerUpgradeAction } from "../../actions";

export const metadata: Metadata = { title: "Answer for your models" };

export default async function MinePage({
  params,
  searchParams,
}: {
  params: Promise<{ ref: string }>;
  searchParams: Promise<Params>;
}) {
  const [{ ref }, query] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const campaign = await orNotFound(campaignGet, ctx, { ref });
  // What becomes required is met in the model, not answered here.
  if (campaign.raise) redirect(`/campaigns/${ref}?state=open`);
  const after = typeof query.after === "string" ? { after: query.after } : {};
  const [{ items, total, next }, facets] = await Promise.all([
    campaignItemList(ctx, { ref, mine: "true", ...after }),
    modelFacets(ctx, {}),
  ]);
  const path = `/campaigns/${ref}/mine`;
  const { upgrade } = campaign;
  const shared = { campaign: ref, people: facets.people, action: answerAction };
  const moves = upgrade ? { campaign: ref, to: upgrade.to, action: answerUpgradeAction } : null;
  const answers = (model: string) =>
    moves ? <RowUpgrade {...moves} model={model} /> : <RowAnswers {...shared} model={model} />;
  return (
    <Page name="campaigns">
      <PageHead
        title={upgrade ? "Move your models" : "Confirm your models"}
        lede={
          <>
            <Link href={`/campaigns/${ref}`}>{campaign.title}</Link>, due <When at={campaign.dueOn} show="day" />.{" "}
            {upgrade ? (
              <>
                <Link href={`/patterns/${upgrade.pattern}?version=${upgrade.to}`}>Read version {upgrade.to}</Link>{" "}
                before you move them; their deviations stay with them.
              </>
            ) : (
              "Your answer is kept with the record as it stands when you give it."
            )}
          </>
        }
      />
      <DataTable
        label="Models that wait on you"
        columns={[
          { id: "model", name: "Model" },
          { id: "tier", name: "Tier" },
          { id: "stage", name: "Stage" },
          { id: "owner", name: "Owner" },
          { id: "deputy", name: "Deputy" },
          { id: "team", name: "Team" },
          { id: "act", name: "Answer" },
        ]}
        rows={items.map((i) => ({
          id: i.model,
          cells: {
            model: (
              <>
                <Link className="b" href={modelHref(i.model)}>
                  {i.model}
                </Link>
                {i.note ? <div className="lbl">{i.note}</div> : null}
              </>
            ),
            tier: <TierChip tier={i.tier} />,
            stage: stageName[i.stage as Stage],
            owner: i.owner ?? <span className="mut">nobody</span>,
            deputy: i.deputy ?? <span className="mut">nobody</span>,
            team: i.team || <span className="mut">none</span>,
            act: answers(i.model),
          },
          card: (
            <>
              <div className="row">
                <Link className="b" href={modelHref(i.model)}>
                  {i.model}
                </Link>
                <span className="sp" />
                <TierChip tier={i.tier} />
              </div>
              <div className="ink2 l2">
                {stageName[i.stage as Stage]}. Owner {i.owner ?? "nobody"}, deputy {i.deputy ?? "nobody"}, team{" "}
                {i.team || "none"}.
              </div>
              {answers(i.model)}
            </>
          ),
        }))}
        toolbar={total > 1 ? moves ? <AllUpgrades {...moves} n={total} /> : <AllAnswers {...shared} n={total} /> : null}
        bulk={moves ? <SelectedUpgrades {...moves} /> : <SelectedAnswers {...shared} />}
        empty={
          <Empty
            title="Nothing waits on you here"
            action={<ButtonLink href={`/campaigns/${ref}`}>See the campaign</ButtonLink>}
          >
            {campaign.closedAt ? "The campaign is closed." : "You have answered for all your models."}
          </Empty>
        }
      />
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          first={items[0]?.model}
          last={items.at(-1)?.model}
          total={total}
          noun="model"
          next={next ? withParams(path, query, { after: next }) : null}
          start={query.after ? withParams(path, query, { after: null }) : null}
        />
      ) : null}
    </Page>
  );
}
