import type { Metadata } from "next";
import { modelHref } from "@/components/models/model-href";
import { gapLook } from "@/components/patterns/missed";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { RadioField, SelectField, TextArea, TextField } from "@/components/ui/field";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Status } from "@/components/ui/status";
import { TierChip } from "@/components/ui/tier-chip";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { gapStateName, gapStates, mayManage } from "@/lib/patterns/adoption";
import { listGaps } from "@/lib/patterns/gaps";
import { listPatterns } from "@/lib/patterns/reads";
import { orEmpty } from "../../not-found-if";
import { answer, report, reportForUseCase } from "./actions";

export const metadata: Metadata = { title: "What the library lacks" };

type Gap = Awaited<ReturnType<typeof listGaps>>["items"][number];

export default async function GapsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const query = await searchParams;
  const ctx = await pageContext();
  const filter = Object.fromEntries(["state", "after"].flatMap((k) => (query[k] ? [[k, query[k]]] : [])));
  const [listed, patterns] = await Promise.all([orEmpty(listGaps, ctx, filter), listPatterns(ctx, {})]);
  const { items, counts, next } = listed ?? { items: [], counts: {}, next: null };
  const waiting = (counts.open ?? 0) + (counts.planned ?? 0);
  const verdict = mayManage(ctx.actor);
  const useCase = typeof query.useCase === "string" ? query.useCase : null;
  const options = patterns.items.map((p) => ({ value: p.id, label: p.title }));
  return (
    <Page name="patterns">
      <PageHead
        title="What the library lacks"
        lede={`Owners for whose models and use cases no pattern fits say what is missing. ${waiting === 0 ? "Nothing waits." : `${waiting} in the backlog, ${counts.open ?? 0} of them without an answer.`}`}
        actions={<ButtonLink href="/patterns/adoption?standing=no_fit#models">Their models</ButtonLink>}
      />
      <div className="fb">
        <Filters
          filters={[
            { key: "state", name: "State", options: gapStates.map((value) => ({ value, label: gapStateName[value] })) },
          ]}
        />
      </div>
      {items.length === 0 ? (
        <Empty title={query.state ? "None in this state" : "Nobody has missed a pattern yet"}>
          An owner says so below, or on the page of the pattern of a model or use case.
        </Empty>
      ) : (
        items.map((gap) => (
          <article className="pt whole" key={gap.id}>
            <div>
              <div className="row w">
                <h2 className="b">
                  <Link
                    href={gap.model ? `${modelHref(gap.model)}/pattern` : `/portfolio/use-cases/${gap.useCase}/pattern`}
                  >
                    {gap.name}
                  </Link>
                </h2>
                {gap.model ? <TierChip tier={gap.tier} /> : <span className="lbl">use case {gap.useCase}</span>}
                <span className="sp" />
                <Status state={gapLook[gap.state]} word={gapStateName[gap.state]} />
              </div>
              <p>{gap.missing}</p>
              <p className="lbl">
                {gap.saidBy}, <When at={gap.saidAt} />
                {gap.unit ? `, ${gap.unit}` : ""}
              </p>
              <Said gap={gap} />
              {gap.state === "open" || gap.state === "planned" ? (
                verdict.ok ? (
                  <details>
                    <summary>Answer</summary>
                    <ActionForm action={answer} submit="Answer" hidden={{ id: gap.id }} label={`Answer ${gap.name}`}>
                      <RadioField
                        name="state"
                        label="Answer"
                        defaultValue={gap.state === "planned" ? "fits" : "planned"}
                        options={[
                          { value: "planned", label: "A pattern is planned" },
                          { value: "fits", label: "A pattern that is there fits" },
                          { value: "declined", label: "It stays on its own" },
                        ]}
                      />
                      <SelectField name="pattern" label="Pattern that fits" optional options={options} />
                      <TextArea name="answer" label="Why" rows={2} maxLength={2000} />
                    </ActionForm>
                  </details>
                ) : (
                  <WhyButton label="Answer" reason={verdict.reason} />
                )
              ) : null}
            </div>
          </article>
        ))
      )}
      {items.length > 0 ? (
        <Pager
          shown={items.length}
          total={null}
          noun="gap"
          next={next ? withParams("/patterns/gaps", query, { after: next }) : null}
          start={query.after ? withParams("/patterns/gaps", query, { after: null }) : null}
        />
      ) : null}
      <Section title="Say that none fits">
        <div style={{ maxWidth: 560 }}>
          <ActionForm
            action={useCase ? reportForUseCase : report}
            submit="Say so"
            guard
            label="Say that no pattern fits"
          >
            <TextField
              name={useCase ? "useCase" : "name"}
              label={useCase ? "Use case" : "Model"}
              hint={useCase ? "Its reference; you own it." : "Its name in the inventory; you own it."}
              defaultValue={useCase ?? (typeof query.model === "string" ? query.model : undefined)}
              maxLength={useCase ? 120 : 400}
            />
            <TextArea
              name="missing"
              label="What is missing"
              hint="What a pattern would have to allow that none does."
              rows={4}
              maxLength={2000}
            />
          </ActionForm>
        </div>
      </Section>
    </Page>
  );
}

function Said({ gap }: { gap: Gap }) {
  if (gap.state === "open") return null;
  return (
    <p className="ink2">
      {gap.answer || "The owner chose a pattern since."}{" "}
      {gap.pattern ? <Link href={`/patterns/${gap.pattern}`}>{gap.pattern}</Link> : null}{" "}
      {gap.answeredAt ? <When at={gap.answeredAt} /> : null}
    </p>
  );
}
