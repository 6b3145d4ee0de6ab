import type { Metadata } from "next";
import Link from "next/link";
import { ForgetDraft, Questionnaire } from "@/components/risk/questionnaire";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Rail } from "@/components/ui/rail";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { modelRisk, riskQuestionnaire } from "@/lib/risk/queries";
import { mayAssessRisk } from "@/lib/risk/risk";
import { orNotFound } from "../../../not-found-if";
import { recordRisk } from "./actions";

export const metadata: Metadata = { title: "Risk" };

export default async function RiskPage({
  params,
  searchParams,
}: {
  params: Promise<{ name: string }>;
  searchParams: Promise<{ recorded?: string }>;
}) {
  const [{ name: encoded }, { recorded }] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const { model, items } = await orNotFound(modelRisk, ctx, { name: decodeURIComponent(encoded) });
  const questionnaire = await riskQuestionnaire(ctx, {});
  const latest = items[0] ?? null;
  const verdict = mayAssessRisk(ctx.actor, model);
  const base = `/models/${encodeURIComponent(model.name)}`;

  return (
    <Page name="risk">
      <PageHead
        title={
          <>
            Risk of <Link href={base}>{model.name}</Link>
          </>
        }
        state={<TierChip tier={model.tier} provisional={latest?.provisional ?? false} />}
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
      {verdict.ok ? (
        <Questionnaire
          key={latest?.id ?? "first"}
          model={model.name}
          questions={questionnaire.questions}
          classes={questionnaire.legal_classes}
          areas={questionnaire.annex_iii_areas}
          grounds={questionnaire.not_high_risk_grounds}
          before={latest && { answers: latest.answers, legalClass: latest.legalClass, legal: latest.legal }}
          action={recordRisk}
        />
      ) : (
        <div style={{ marginTop: 16 }}>
          <WhyButton label="Answer the questions" reason={verdict.reason} />
        </div>
      )}
      <Section title="Earlier answers">
        {items.length === 0 ? (
          <Empty title="Nobody has answered yet." />
        ) : (
          <Rail
            label="Earlier answers"
            items={items.map((item) => ({
              id: item.id,
              mark: null,
              text: `${item.blocked ? "Blocked" : `Tier ${item.tier}`}${item.provisional ? " (provisional)" : ""}, score ${item.score.toFixed(1)}, by ${item.byName}`,
              detail: <When at={item.answeredAt} show="datetime" />,
            }))}
          />
        )}
      </Section>
    </Page>
  );
}
