import type { Metadata } from "next";
import { RankingView, Sensitivity } from "@/components/evaluations/ranking";
import { ActionForm } from "@/components/ui/action-form";
import { NumberField, SelectField, TextArea, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayConclude, mayPrepare, optionKindName, optionKinds } from "@/lib/evaluations/evaluation";
import { getEvaluation } from "@/lib/evaluations/queries";
import { orNotFound } from "../../../not-found-if";
import {
  concludeAction,
  editOptionAction,
  optionAction,
  removeOptionAction,
  scoreAction,
  weighAction,
} from "../actions";

export const metadata: Metadata = { title: "Evaluation" };

type Evaluation = Awaited<ReturnType<typeof getEvaluation>>;

export default async function EvaluationPage({ params }: { params: Promise<{ ref: string }> }) {
  const { ref } = await params;
  const ctx = await pageContext();
  const e = await orNotFound(getEvaluation, ctx, { ref });
  const prepare = mayPrepare(ctx.actor, e);
  const conclude = mayConclude(ctx.actor, e);
  const chosen = e.options.find((o) => o.key === e.chosen);
  return (
    <Page name="patterns">
      <PageHead
        title={e.title}
        state={
          e.status === "draft" ? (
            <Status state="open" word="Draft" tag />
          ) : (
            <Status state="closed" word="Concluded" tag />
          )
        }
        lede={
          <>
            <span className="mono">{ref}</span>, opened by {e.openedByName} <When at={e.openedAt} />. {e.need}
          </>
        }
      />
      {chosen ? (
        <Section title={`Chosen: ${chosen.name}`}>
          <p className="on-record">{e.conclusion}</p>
          <p className="lbl">
            {e.concludedByName}, <When at={e.concludedAt} />.{" "}
            {e.adr ? (
              <>
                It led to <Link href={`/decisions/${e.adr}`}>{e.adr}</Link>.
              </>
            ) : (
              "No decision record is linked."
            )}
          </p>
        </Section>
      ) : null}
      <Section title="Result">
        <RankingView ranking={e.ranking} options={e.options} criteria={e.criteria} />
        {e.weighedAfterScores ? (
          <Notice tone="care">
            The weights were changed <When at={e.weighedAt} />, after scores were known. The log has both and the
            reason.
          </Notice>
        ) : null}
      </Section>
      <Section title="What would turn it" note="One weight changed, all others kept">
        <Sensitivity ranking={e.ranking} options={e.options} criteria={e.criteria} />
      </Section>
      <Section title="Scores" note="1 to 5, each with what it is based on">
        <Scores evaluation={e} />
      </Section>
      {e.status === "draft" && prepare.ok ? <Preparing evaluation={e} /> : null}
      {e.status === "draft" ? (
        <Section title="Conclude">
          {conclude.ok ? (
            <div style={{ maxWidth: 560 }}>
              <ActionForm
                action={concludeAction}
                submit="Conclude"
                hidden={{ ref }}
                guard
                label="Conclude the evaluation"
                confirm={{
                  title: `Conclude ${ref}?`,
                  text: `Options, weights and scores are frozen${e.ranking.unknown > 0 ? `, with ${e.ranking.unknown} scores unknown` : ""}.`,
                  yes: "Conclude",
                }}
              >
                <SelectField
                  name="chosen"
                  label="Chosen"
                  options={e.options.map((o) => ({ value: o.key, label: o.name }))}
                />
                <TextArea
                  name="reason"
                  label="Why"
                  hint="If it is not the one that leads, what do the numbers not say?"
                  rows={4}
                  maxLength={4000}
                />
                <TextField name="adr" label="Decision record" hint="Such as ADR-0012" optional maxLength={20} mono />
              </ActionForm>
            </div>
          ) : (
            <WhyButton label="Conclude" reason={conclude.reason} />
          )}
        </Section>
      ) : null}
    </Page>
  );
}

function Scores({ evaluation: e }: { evaluation: Evaluation }) {
  const scoreOf = (criterion: string, option: string) =>
    e.scores.find((s) => s.criterion === criterion && s.option === option);
  return (
    <Table
      label="Scores of each option by criterion"
      columns={[
        { id: "criterion", name: "Criterion", width: 220 },
        { id: "weight", name: "Weight", num: true },
        ...e.options.map((o) => ({ id: o.key, name: o.name })),
      ]}
      rows={e.criteria.map((c) => ({
        id: c.id,
        cells: {
          criterion: (
            <>
              <b>{c.title}</b>
              <div className="lbl">{c.ask}</div>
            </>
          ),
          weight: c.weight === c.standard ? c.weight : `${c.weight} (shipped ${c.standard})`,
          ...Object.fromEntries(e.options.map((o) => [o.key, <OneScore key={o.key} score={scoreOf(c.id, o.key)} />])),
        },
        card: (
          <>
            <div className="row">
              <b>{c.title}</b>
              <span className="sp" />
              <span className="lbl nw">weighs {c.weight}</span>
            </div>
            <div className="lbl">{c.ask}</div>
            <dl className="scores">
              {e.options.map((o) => (
                <div key={o.key}>
                  <dt>{o.name}</dt>
                  <dd>
                    <OneScore score={scoreOf(c.id, o.key)} />
                  </dd>
                </div>
              ))}
            </dl>
          </>
        ),
      }))}
    />
  );
}

function OneScore({ score }: { score: Evaluation["scores"][number] | undefined }) {
  if (!score) return <Status state="unknown" />;
  return (
    <>
      <b>{score.score}</b>
      <div className="lbl">
        {score.reason} {score.scoredBy}, <When at={score.scoredAt} />
      </div>
    </>
  );
}

function Preparing({ evaluation: e }: { evaluation: Evaluation }) {
  return (
    <Section title="Prepare">
      {e.options.map((o) => (
        <details key={o.key} className="fold">
          <summary>Score {o.name}</summary>
          <ActionForm
            action={scoreAction}
            submit="Keep the scores"
            hidden={{ ref: e.ref, option: o.key }}
            keep
            guard
            label={`Score ${o.name}`}
          >
            {e.criteria.map((c) => {
              const s = e.scores.find((x) => x.criterion === c.id && x.option === o.key);
              return (
                <div className="pair" key={c.id}>
                  <SelectField
                    name={`scores.${c.id}.score:null`}
                    label={c.title}
                    hint={`1: ${c.one} 5: ${c.five}`}
                    optional
                    blank="Not known"
                    options={["1", "2", "3", "4", "5"].map((value) => ({ value, label: value }))}
                    defaultValue={s ? String(s.score) : ""}
                  />
                  <TextField
                    name={`scores.${c.id}.reason`}
                    label={`What is it based on? (${c.title})`}
                    optional
                    maxLength={1000}
                    defaultValue={s?.reason}
                  />
                </div>
              );
            })}
          </ActionForm>
        </details>
      ))}
      <details className="fold" open={e.options.length < 2}>
        <summary>Add an option</summary>
        <ActionForm action={optionAction} submit="Add" hidden={{ ref: e.ref }} label="Add an option">
          <TextField name="name" label="Name" maxLength={80} />
          <SelectField
            name="kind"
            label="Kind"
            options={optionKinds.map((value) => ({ value, label: optionKindName[value] }))}
          />
          <TextField name="note" label="Note" hint="Version, edition, what is included" optional maxLength={1000} />
        </ActionForm>
      </details>
      {e.options.map((o) => (
        <details key={o.key} className="fold">
          <summary>Rename or take out {o.name}</summary>
          <ActionForm
            action={editOptionAction}
            submit="Change"
            hidden={{ ref: e.ref, option: o.key }}
            keep
            label={`Change the option ${o.name}`}
          >
            <TextField name="name" label="Name" maxLength={80} defaultValue={o.name} />
            <SelectField
              name="kind"
              label="Kind"
              options={optionKinds.map((value) => ({ value, label: optionKindName[value] }))}
              defaultValue={o.kind}
            />
            <TextField name="note:text" label="Note" optional maxLength={1000} defaultValue={o.note} />
          </ActionForm>
          <ActionForm
            action={removeOptionAction}
            submit="Take it out"
            tone="outlined"
            hidden={{ ref: e.ref, option: o.key }}
            label={`Take out the option ${o.name}`}
            confirm={{
              title: `Take out ${o.name}?`,
              text: "Its scores go with it; the log keeps them.",
              yes: "Take it out",
            }}
          >
            <TextField name="reason" label="Why it is no option any more" maxLength={1000} />
          </ActionForm>
        </details>
      ))}
      <details className="fold">
        <summary>Change the weights</summary>
        <ActionForm action={weighAction} submit="Weigh" hidden={{ ref: e.ref }} keep guard label="Change the weights">
          <div className="grid2">
            {e.criteria.map((c) => (
              <NumberField
                key={c.id}
                name={`weights.${c.id}:number`}
                label={c.title}
                min={0}
                max={100}
                step={1}
                defaultValue={c.weight}
              />
            ))}
          </div>
          <TextArea
            name="reason"
            label="Why"
            hint="The log keeps it with the old and the new weights."
            rows={2}
            maxLength={1000}
          />
        </ActionForm>
      </details>
    </Section>
  );
}
