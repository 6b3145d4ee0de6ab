import type { Metadata } from "next";
import { modelHref } from "@/components/models/model-href";
import { WeightsForm } from "@/components/risk/weights";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { SelectField, TextArea } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { replayRisk } from "@/lib/risk/calibration";
import { mayAdopt } from "@/lib/risk/override-rules";
import { type TierKey, tierKeys } from "@/lib/risk/replay";
import { adoptAction } from "./actions";

export const metadata: Metadata = { title: "Calibration" };

const path = "/portfolio/calibration";
const known = ["version", "impact", "reliance", "complexity", "t1", "t2", "t3", "from", "to", "after"];
const word = (key: TierKey) => (key === "blocked" ? "Blocked" : `Tier ${key}`);

export default async function CalibrationPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const input = Object.fromEntries(Object.entries(params).filter(([key, v]) => known.includes(key) && v));
  const found = await replayRisk(ctx, input);
  const { scoring, matrix, inForce, base } = found;
  const verdict = mayAdopt(ctx.actor);
  const drafts = ["impact", "reliance", "complexity", "t1", "t2", "t3"].some((key) => key in input);
  const n = (from: TierKey, to: TierKey) => matrix.find((c) => c.from === from && c.to === to)?.n ?? 0;
  const used = tierKeys.filter((key) => matrix.some((c) => c.from === key || c.to === key));
  const others = found.versions.filter((v) => v.version !== inForce.version);
  const cell = (from: TierKey, to: TierKey) => {
    const count = n(from, to);
    if (count === 0) return <span className="mut">0</span>;
    const at = withParams(path, params, { from, to, after: null });
    return (
      <Link href={at} className={from === to ? undefined : "b"} scroll={false}>
        {count.toLocaleString("en-GB")}
        {from === to ? "" : Number(to) < Number(from) || to === "blocked" ? " stricter" : " milder"}
      </Link>
    );
  };
  return (
    <Page
      name="calibration"
      aside={
        <>
          <section className="sec" style={{ marginTop: 0 }}>
            <div className="h">
              <h2>Try a weighting</h2>
            </div>
            <p className="lbl">
              From version {base.version}. Nothing changes until a version of the questionnaire is adopted; the address
              holds what you try.
            </p>
            <WeightsForm
              key={JSON.stringify(scoring)}
              path={path}
              version={base.version}
              values={{
                impact: Math.round(scoring.weights.impact * 100),
                reliance: Math.round(scoring.weights.reliance * 100),
                complexity: Math.round(scoring.weights.complexity * 100),
                t1: scoring.thresholds["1"],
                t2: scoring.thresholds["2"],
                t3: scoring.thresholds["3"],
              }}
            />
            {drafts ? (
              <p style={{ marginTop: 8 }}>
                <Link href={path}>Back to the version in force</Link>
              </p>
            ) : null}
          </section>
          <section className="sec">
            <div className="h">
              <h2>Put a version in force</h2>
            </div>
            <p className="lbl">
              A proposal becomes a version as a file of <span className="mono">content/questionnaire</span>, reviewed
              like code.
              {others.length === 0 ? " There is none beside the one in force." : ""}
            </p>
            {others.length === 0 ? null : verdict.ok ? (
              <ActionForm action={adoptAction} submit="Put in force" tone="outlined" label="Put a version in force">
                <SelectField
                  name="version"
                  label="Version"
                  options={others.map((v) => ({
                    value: String(v.version),
                    label: `Version ${v.version}, ${v.digest.slice(0, 8)}`,
                  }))}
                />
                <TextArea name="reason" label="Reason" voice="record" rows={3} minLength={20} maxLength={2000} />
              </ActionForm>
            ) : (
              <WhyButton label="Put in force" reason={verdict.reason} />
            )}
          </section>
        </>
      }
    >
      <PageHead
        title="Calibration"
        lede={
          <>
            Version {inForce.version} of the risk questionnaire is in force
            {inForce.adoptedAt ? (
              <>
                {" "}
                since <When at={inForce.adoptedAt} />, by {inForce.adoptedBy}
              </>
            ) : null}
            . {found.moved.toLocaleString("en-GB")} of {found.total.toLocaleString("en-GB")} models would change tier
            {drafts ? " under what you try" : base.version === inForce.version ? "" : ` under version ${base.version}`}.
          </>
        }
        actions={
          <>
            {others.map((v) => (
              <ButtonLink key={v.version} href={`${path}?version=${v.version}`}>
                Replay version {v.version}
              </ButtonLink>
            ))}
            <ButtonLink href="/portfolio">Portfolio</ButtonLink>
          </>
        }
      />
      {found.total === 0 ? (
        <Empty title="No model has answers yet" action={<ButtonLink href="/models">Models</ButtonLink>}>
          A weighting is replayed over the answers that owners gave.
        </Empty>
      ) : (
        <>
          <Section title="Tier now, and tier then" note="Each number leads to its models">
            <Table
              label="Models by tier now and tier then"
              columns={[
                { id: "from", name: "Now" },
                ...used.map((to) => ({ id: to, name: `${word(to)} then`, num: true })),
                { id: "all", name: "All now", num: true },
              ]}
              rows={used.map((from) => ({
                id: from,
                cells: {
                  from: <b className="b">{word(from)}</b>,
                  ...Object.fromEntries(used.map((to) => [to, cell(from, to)])),
                  all: used.reduce((sum, to) => sum + n(from, to), 0).toLocaleString("en-GB"),
                },
              }))}
            />
          </Section>
          <Section
            title={
              input.from && input.to
                ? `${word(input.from as TierKey)} now, ${word(input.to as TierKey)} then`
                : "Models that move"
            }
            note={`${found.cell.toLocaleString("en-GB")} models`}
          >
            <Table
              label="Models of this cell"
              columns={[
                { id: "name", name: "Model" },
                { id: "from", name: "Now" },
                { id: "to", name: "Then" },
                { id: "score", name: "Score then", num: true },
                { id: "driver", name: "Driver then" },
              ]}
              empty={<p className="lbl">No model moves.</p>}
              rows={found.rows.map((m) => ({
                id: m.id,
                cells: {
                  name: (
                    <Link className="b" href={`${modelHref(m.name)}/risk`}>
                      {m.name}
                    </Link>
                  ),
                  from: word(m.from),
                  to: word(m.to),
                  score: m.score.toFixed(1),
                  driver: m.driver,
                },
              }))}
            />
            {found.rows.length > 0 ? (
              <Pager
                shown={found.rows.length}
                first={found.rows[0]?.name}
                last={found.rows.at(-1)?.name}
                total={found.cell}
                noun="model"
                next={found.next ? withParams(path, params, { after: found.next }) : null}
                start={params.after ? withParams(path, params, { after: null }) : null}
              />
            ) : null}
          </Section>
        </>
      )}
    </Page>
  );
}
