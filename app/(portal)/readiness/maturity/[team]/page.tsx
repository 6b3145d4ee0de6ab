import type { Metadata } from "next";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { SelectField, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Sparkline } from "@/components/ui/sparkline";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { basisName, claimedCap, mayAssessTeam } from "@/lib/maturity/maturity";
import { maturityOfTeam } from "@/lib/maturity/queries";
import { orNotFound } from "../../../not-found-if";
import { answerForTeam } from "../actions";

export const metadata: Metadata = { title: "Maturity of a team" };

type View = Awaited<ReturnType<typeof maturityOfTeam>>;

export default async function TeamPage({ params }: { params: Promise<{ team: string }> }) {
  const { team: encoded } = await params;
  const ctx = await pageContext();
  const view = await orNotFound(maturityOfTeam, ctx, { team: decodeURIComponent(encoded) });
  const { team, last, trend, dimensions } = view;
  const verdict = mayAssessTeam(ctx.actor, team);
  return (
    <Page name="readiness">
      <PageHead
        title={team.name}
        lede={
          last ? (
            <>
              Level {last.overall} of 4, answered by {last.by} <When at={last.answeredAt} />. The lowest dimension
              decides; claimed answers carry no further than {claimedCap}.
            </>
          ) : (
            "Nobody has answered for this team yet."
          )
        }
        actions={<ButtonLink href="/readiness/maturity">All teams</ButtonLink>}
      />
      <Section title="Profile" note={trend.length > 1 ? <Sparkline values={trend.map((x) => x.overall)} /> : undefined}>
        <Table
          label={`Capability of ${team.name}`}
          columns={[
            { id: "dimension", name: "Dimension" },
            { id: "level", name: "Level", num: true },
            { id: "answers", name: "Statements" },
          ]}
          rows={dimensions.map((d) => ({
            id: d.id,
            cells: {
              dimension: d.title,
              level: last ? `${last.levels[d.id] ?? 0} of 4` : <span className="mut">not answered</span>,
              answers: (
                <ul>
                  {d.statements.map((s) => (
                    <Statement key={s.id} view={view} statement={s} />
                  ))}
                </ul>
              ),
            },
            card: (
              <>
                <b>{d.title}</b> {last ? `${last.levels[d.id] ?? 0} of 4` : "not answered"}
                <ul>
                  {d.statements.map((s) => (
                    <Statement key={s.id} view={view} statement={s} />
                  ))}
                </ul>
              </>
            ),
          }))}
        />
      </Section>
      <Section title="Answer for the team">
        {verdict.ok ? (
          <details>
            <summary className="lbl">Every statement, with what it rests on</summary>
            <div style={{ maxWidth: 640 }}>
              <ActionForm
                action={answerForTeam}
                submit="Record the answers"
                tone="act"
                hidden={{ team: team.name }}
                guard
                label="Answer for the team"
              >
                {dimensions.map((d) => (
                  <fieldset key={d.id}>
                    <legend className="b">{d.title}</legend>
                    {d.statements.map((s) => (
                      <Ask key={s.id} view={view} statement={s} />
                    ))}
                  </fieldset>
                ))}
              </ActionForm>
            </div>
          </details>
        ) : (
          <WhyButton label="Answer for the team" reason={verdict.reason} />
        )}
      </Section>
    </Page>
  );
}

type Asked = View["dimensions"][number]["statements"][number];

function Statement({ view, statement: s }: { view: View; statement: Asked }) {
  const answer = view.last?.answers.find((a) => a.statement === s.id);
  return (
    <li className="lbl">
      {answer ? (
        <Status
          state={answer.holds ? (answer.basis === "claimed" ? "waived" : "pass") : "fail"}
          word={answer.holds ? basisName[answer.basis] : answer.basis === "measured" ? "Measured: no" : "No"}
        />
      ) : (
        <Status state="unknown" word="Not answered" />
      )}{" "}
      {s.level}. {s.text}{" "}
      {s.measured.map((item, i) => (
        <span key={item}>
          {i > 0 ? ", " : answer?.basis === "measured" ? "Measured by " : "Not measured yet by "}
          <Link href={`/readiness/items/${item}`} className="mono">
            {item}
          </Link>
        </span>
      ))}
      {answer?.evidence ? (
        <>
          {" "}
          <a href={answer.evidence} rel="noreferrer noopener" target="_blank">
            evidence
          </a>
        </>
      ) : null}
    </li>
  );
}

function Ask({ view, statement: s }: { view: View; statement: Asked }) {
  const seen = view.measured[s.id] ?? null;
  const before = view.last?.answers.find((a) => a.statement === s.id);
  if (seen !== null)
    return (
      <p className="lbl">
        <Status state={seen ? "pass" : "fail"} word={seen ? "Measured: holds" : "Measured: does not hold"} /> {s.text}
      </p>
    );
  return (
    <>
      <SelectField
        name={`answers.${s.id}.yes:boolean`}
        label={`${s.level}. ${s.text}`}
        defaultValue={before?.holds ? "true" : "false"}
        options={[
          { value: "true", label: "It holds" },
          { value: "false", label: "It does not hold, or we do not know" },
        ]}
      />
      <TextField
        name={`answers.${s.id}.evidence`}
        label={`What shows ${s.id}`}
        hint="A link. Without one the answer is a claim."
        optional
        inputMode="url"
        maxLength={2000}
        defaultValue={before?.evidence ?? ""}
      />
    </>
  );
}
