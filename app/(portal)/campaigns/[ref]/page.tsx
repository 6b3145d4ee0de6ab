import type { Metadata } from "next";
import { Progress } from "@/components/campaigns/progress";
import { modelHref } from "@/components/models/model-href";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Digest } from "@/components/ui/digest";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { itemStateName, mayRun, ownershipStates, raiseStates, upgradeStates } from "@/lib/campaigns/campaign";
import { campaignGet, campaignItemList } from "@/lib/campaigns/queries";
import { mayManage } from "@/lib/patterns/adoption";
import { orNotFound } from "../../not-found-if";
import { closeAction, withdrawRaiseAction } from "../actions";

export const metadata: Metadata = { title: "Campaign" };

const stateOf = {
  open: "open",
  confirmed: "pass",
  corrected: "pass",
  disowned: "fail",
  upgraded: "pass",
  deferred: "deferred",
  left: "not_applicable",
  met: "pass",
} as const;

export default async function CampaignPage({
  params,
  searchParams,
}: {
  params: Promise<{ ref: string }>;
  searchParams: Promise<Params>;
}) {
  const [{ ref }, query] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const campaign = await orNotFound(campaignGet, ctx, { ref });
  const path = `/campaigns/${ref}`;
  const filter = Object.fromEntries(
    Object.entries(query).filter(([key, v]) => ["state", "unit", "after"].includes(key) && v),
  );
  const [{ items, total, next }, mine] = await Promise.all([
    campaignItemList(ctx, { ref, ...filter }),
    campaignItemList(ctx, { ref, mine: "true", limit: 1 }),
  ]);
  const sum = (key: "models" | "attested" | "disowned" | "open" | "escalated") =>
    campaign.units.reduce((all, u) => all + u[key], 0);
  const { upgrade, raise } = campaign;
  const verdict = upgrade ? mayManage(ctx.actor) : mayRun(ctx.actor);
  const words = raise
    ? { done: "Meet it", not: "Not asked", frozen: "What was met" }
    : upgrade
      ? { done: "Upgraded", not: "Deferred or left", frozen: "What was answered" }
      : { done: "Attested", not: "Not theirs", frozen: "What was attested" };
  return (
    <Page name="campaigns">
      <PageHead
        title={campaign.title}
        state={campaign.closedAt ? <Status state="pass" tag word="Closed" /> : <Status state="open" tag />}
        lede={
          <>
            <span className="mono">{ref}</span>, opened by {campaign.openedByName} <When at={campaign.openedAt} />, due{" "}
            <When at={campaign.dueOn} show="day" />.{" "}
            {upgrade ? (
              <>
                Moves adopters of{" "}
                <Link href={`/patterns/${upgrade.pattern}?version=${upgrade.to}`}>
                  {upgrade.title} to version {upgrade.to}
                </Link>
                .{" "}
              </>
            ) : null}
            {raise ? (
              <>
                {raise.withdrawn ? "Taken back: " : null}
                <Link href={`/readiness/items/${raise.item}`}>
                  {raise.item}, {raise.title}
                </Link>
                , is required in tier {raise.tiers.join(", ")} from then on. Assessments tell who meets it.{" "}
              </>
            ) : null}
            {sum("attested")} of {sum("models")} models {words.done.toLowerCase()}, {sum("open")} open
            {sum("escalated") > 0 ? `, ${sum("escalated")} of them with the heads of their units` : ""}.
          </>
        }
        actions={
          campaign.closedAt ? null : (
            <>
              {raise && verdict.ok ? (
                <ActionForm
                  action={withdrawRaiseAction}
                  submit="Take it back"
                  tone="outlined"
                  hidden={{ ref }}
                  label="Take the raise back"
                />
              ) : null}
              {mine.total > 0 && !raise ? (
                <ButtonLink href={`${path}/mine`} tone="primary">
                  Answer for {mine.total} {mine.total === 1 ? "model" : "models"}
                </ButtonLink>
              ) : null}
              {verdict.ok ? (
                <ActionForm
                  action={closeAction}
                  submit="Close and freeze"
                  tone="outlined"
                  hidden={{ ref }}
                  confirm={{
                    title: `Close ${ref}?`,
                    text: `${sum("open")} models are still open and stay so. ${words.frozen} is frozen and cannot be changed.`,
                    yes: "Close and freeze",
                  }}
                  label="Close the campaign"
                />
              ) : (
                <WhyButton label="Close and freeze" reason={verdict.reason} />
              )}
            </>
          )
        }
      />
      {campaign.snapshotSha256 ? (
        <Notice
          tone="pass"
          action={
            <a className="btn" href={`${path}/snapshot.json`} download>
              Download the snapshot
            </a>
          }
        >
          Closed by {campaign.closedByName} <When at={campaign.closedAt} />. {words.frozen} is frozen as{" "}
          {campaign.snapshotBytes?.toLocaleString("en-GB")} bytes with <Digest value={campaign.snapshotSha256} />, which
          the log holds.
        </Notice>
      ) : null}
      <Section title="Progress by business unit">
        <Table
          label="Progress by business unit"
          columns={[
            { id: "unit", name: "Business unit" },
            { id: "head", name: "Head" },
            { id: "progress", name: words.done },
            { id: "open", name: "Open", num: true },
            { id: "escalated", name: "Escalated", num: true },
            { id: "disowned", name: words.not, num: true },
          ]}
          rows={campaign.units.map((u) => ({
            id: u.slug ?? "none",
            cells: {
              unit: u.slug ? <Link href={withParams(path, {}, { unit: u.slug })}>{u.unit}</Link> : "No unit",
              head: u.head ?? <span className="mut">nobody named</span>,
              progress: <Progress attested={u.attested} disowned={u.disowned} models={u.models} />,
              open: u.open,
              escalated: u.escalated,
              disowned: u.disowned,
            },
            card: (
              <>
                {u.slug ? <Link href={withParams(path, {}, { unit: u.slug })}>{u.unit}</Link> : "No unit"}
                <Progress attested={u.attested} disowned={u.disowned} models={u.models} />
                <div className="lbl">
                  {u.head ?? "No head named"}; {u.open} open, {u.escalated} escalated
                </div>
              </>
            ),
          }))}
        />
      </Section>
      {raise ? (
        <Section title="Progress by team">
          <Table
            label="Progress by team"
            columns={[
              { id: "team", name: "Team" },
              { id: "progress", name: words.done },
              { id: "open", name: "Open", num: true },
            ]}
            rows={campaign.teams.map((team) => ({
              id: team.team ?? "none",
              cells: {
                team: team.team ?? <span className="mut">No team</span>,
                progress: <Progress attested={team.attested} disowned={team.disowned} models={team.models} />,
                open: team.open,
              },
              card: (
                <>
                  {team.team ?? "No team"}
                  <Progress attested={team.attested} disowned={team.disowned} models={team.models} />
                  <div className="lbl">{team.open} open</div>
                </>
              ),
            }))}
          />
        </Section>
      ) : null}
      <Section title="Models">
        <div className="fb">
          <Filters
            filters={[
              {
                key: "state",
                name: "State",
                options: (raise ? raiseStates : upgrade ? upgradeStates : ownershipStates).map((s) => ({
                  value: s,
                  label: itemStateName[s],
                })),
              },
              {
                key: "unit",
                name: "Business unit",
                options: campaign.units.flatMap((u) => (u.slug && u.unit ? [{ value: u.slug, label: u.unit }] : [])),
              },
            ]}
          />
        </div>
        <Table
          label="Models of the campaign"
          columns={[
            { id: "model", name: "Model" },
            { id: "owner", name: "Asked" },
            { id: "state", name: "State" },
            { id: "by", name: "Answered" },
            { id: "note", name: "Note" },
          ]}
          empty={<p className="lbl">No model matches.</p>}
          rows={items.map((i) => {
            const cells = {
              model: (
                <>
                  <Link
                    className="b"
                    href={
                      raise
                        ? `/models/${encodeURIComponent(i.model)}/readiness?show=all&item=${raise.item}#${raise.item}`
                        : modelHref(i.model)
                    }
                  >
                    {i.model}
                  </Link>{" "}
                  <TierChip tier={i.tier} />
                </>
              ),
              owner: i.owner ?? <span className="mut">nobody owns it</span>,
              state: (
                <>
                  <Status state={stateOf[i.state]} word={itemStateName[i.state]} />
                  {i.escalatedTo && i.state === "open" ? <div className="lbl">With {i.escalatedTo}</div> : null}
                </>
              ),
              by: i.answeredBy ? (
                <>
                  {i.answeredBy}, <When at={i.answeredAt} />
                </>
              ) : (
                <span className="mut">not yet</span>
              ),
              note: i.note,
            };
            const card = (
              <>
                {cells.model}
                <div>{cells.state}</div>
                <div className="lbl">
                  {cells.owner}; {cells.by}
                </div>
              </>
            );
            return { id: i.model, cells, card };
          })}
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
      </Section>
    </Page>
  );
}
