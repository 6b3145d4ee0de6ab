import type { Metadata } from "next";
import { AskRescoreForm, OverrideForm, WithdrawForm } from "@/components/risk/override";
import { ForgetDraft, Questionnaire } from "@/components/risk/questionnaire";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Rail } from "@/components/ui/rail";
import { Status } from "@/components/ui/status";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayAskRescore, mayOverride, overrideFault } from "@/lib/risk/override-rules";
import { modelRisk, riskQuestionnaire } from "@/lib/risk/queries";
import { mayAssessRisk } from "@/lib/risk/risk";
import { tierOf } from "@/lib/risk/tier";
import { orNotFound } from "../../../not-found-if";
import { askRescoreAction, overrideAction, recordRisk, withdrawAction } from "./actions";

export const metadata: Metadata = { title: "Risk" };

const ended = {
  expired: "its day had come",
  withdrawn: "withdrawn",
  answered_again: "the questions were answered again",
} as const;

export default async function RiskPage({
  params,
  searchParams,
}: {
  params: Promise<{ name: string }>;
  searchParams: Promise<{ recorded?: string }>;
}) {
  const [{ name: encoded }, { recorded }] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const { model, items, overrides, rescore } = await orNotFound(modelRisk, ctx, { name: decodeURIComponent(encoded) });
  const questionnaire = await riskQuestionnaire(ctx, {});
  const latest = items[0] ?? null;
  const verdict = mayAssessRisk(ctx.actor, model);
  const asks = mayAskRescore(ctx.actor, model);
  const standing = overrides.find((o) => o.endedAt === null) ?? null;
  const lapsed =
    overrides[0]?.endedWhy === "expired" && (latest === null || (overrides[0].endedAt ?? 0) > latest.answersAt)
      ? overrides[0]
      : null;
  const second = mayOverride(ctx.actor, { ...model, answeredBy: latest?.answeredBy ?? null });
  const rated = latest
    ? { ...tierOf(latest.answers, latest.legalClass, latest.legal, questionnaire.scoring), tier: latest.tier }
    : null;
  const timeline = [
    ...items.map((item) => ({
      id: item.id,
      at: item.answeredAt,
      text: `${item.blocked ? "Blocked" : `Tier ${item.tier}`}${item.provisional ? " (provisional)" : ""}, score ${item.score.toFixed(1)}, ${
        item.basis === "method" ? `by ${item.methodVersion}, put in force by ${item.byName}` : `by ${item.byName}`
      }`,
    })),
    ...overrides.flatMap((o) => [
      {
        id: o.id,
        at: o.at,
        text: `Overridden to tier ${o.toTier} instead of ${o.fromTier} by ${o.byName}: ${o.reason}`,
      },
      ...(o.endedAt
        ? [{ id: `${o.id} end`, at: o.endedAt, text: `Override ended: ${ended[o.endedWhy ?? "withdrawn"]}` }]
        : []),
    ]),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
  const base = `/models/${encodeURIComponent(model.name)}`;

  return (
    <Page name="risk">
      <PageHead
        title={
          <>
            Risk of <Link href={base}>{model.name}</Link>
          </>
        }
        state={
          <>
            <TierChip tier={model.tier} provisional={latest?.provisional ?? false} />
            {standing ? (
              <Status state="waived" tag word={`Override until ${standing.expiresAt.toISOString().slice(0, 10)}`} />
            ) : null}
            {rescore ? <Status state="stale" tag word="To be scored again" /> : null}
          </>
        }
        lede={
          latest ? (
            <>
              Last answered by {latest.byName}, <When at={latest.answeredAt} />. Twelve questions, one tier; use
              outweighs technique, and mitigations do not lower it.
            </>
          ) : (
            "Twelve questions, one tier. It decides who reviews, how many approvals a release needs and what must be ready."
          )
        }
      />
      {recorded && latest ? (
        <>
          <ForgetDraft model={model.name} />
          <Notice tone="pass" live>
            Recorded: {latest.blocked ? "blocked as a prohibited use" : `tier ${latest.tier}`}.{" "}
            <Link href={`${base}/readiness`}>See what is missing for production</Link>.
          </Notice>
        </>
      ) : null}
      {rescore ? (
        <Notice tone="care">
          To be scored again since <When at={rescore.since} />: {rescore.why.join(", ")}. The tier stands until the
          questions are answered again.
        </Notice>
      ) : null}
      {lapsed ? (
        <Notice tone="care">
          The override to tier {lapsed.toTier} by {lapsed.byName} ran out <When at={lapsed.expiresAt} />. The tier is{" "}
          {model.tier ?? "blocked"} again, as the answers give it.
        </Notice>
      ) : null}
      {standing ? (
        <Notice
          tone="info"
          action={second.ok ? <WithdrawForm model={model.name} action={withdrawAction} /> : undefined}
        >
          Tier {standing.toTier} instead of {standing.fromTier} by {standing.byName}, until{" "}
          <When at={standing.expiresAt} />: {standing.reason}
        </Notice>
      ) : null}
      {verdict.ok ? (
        <Questionnaire
          key={latest?.id ?? "first"}
          model={model.name}
          questions={questionnaire.questions}
          classes={questionnaire.legal_classes}
          areas={questionnaire.annex_iii_areas}
          grounds={questionnaire.not_high_risk_grounds}
          scoring={questionnaire.scoring}
          before={latest && { answers: latest.answers, legalClass: latest.legalClass, legal: latest.legal }}
          action={recordRisk}
        />
      ) : (
        <div style={{ marginTop: 16 }}>
          <WhyButton label="Answer the questions" reason={verdict.reason} />
        </div>
      )}
      <div className="two-cols">
        <Section title="Override" note="By the second line, at most twelve months">
          {!rated ? (
            <p className="lbl">There is nothing to override before the questions are answered.</p>
          ) : standing ? (
            <p className="lbl">An override stands. It can be withdrawn above; new answers end it too.</p>
          ) : second.ok ? (
            <OverrideForm
              model={model.name}
              tiers={[1, 2, 3, 4].map((tier) => ({ tier, fault: overrideFault(rated, tier) }))}
              until={new Date(ctx.now().getTime() + 364 * 86_400_000).toISOString().slice(0, 10)}
              action={overrideAction}
            />
          ) : (
            <WhyButton label="Override the tier" reason={second.reason} />
          )}
        </Section>
        <Section title="Something changed" note="What no connected system can see">
          {asks.ok ? (
            <AskRescoreForm model={model.name} action={askRescoreAction} />
          ) : (
            <WhyButton label="Ask for a new score" reason={asks.reason} />
          )}
        </Section>
      </div>
      <Section title="History of the tier" note={questionnaire.method}>
        {timeline.length === 0 ? (
          <Empty title="Nobody has answered yet." />
        ) : (
          <Rail
            label="History of the tier"
            items={timeline.map(({ id, at, text }) => ({
              id,
              mark: null,
              text,
              detail: <When at={at} show="datetime" />,
            }))}
          />
        )}
      </Section>
    </Page>
  );
}
