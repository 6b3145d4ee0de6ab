import type { Metadata } from "next";
import { GuidanceTabs } from "@/components/guidance/tabs";
import { Markdown } from "@/components/markdown/markdown";
import { Digest } from "@/components/ui/digest";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { getBlueprint } from "@/lib/guidance/blueprint";
import { activePeople } from "@/lib/reviews/queries";
import { readRoadmap } from "@/lib/roadmap/queries";
import { orNotFound } from "../../not-found-if";
import { Roadmap } from "./roadmap";

export const metadata: Metadata = { title: "Target state" };

type Phase = Awaited<ReturnType<typeof getBlueprint>>["phases"][number];

export default async function TargetStatePage({ searchParams }: { searchParams: Promise<Params> }) {
  const { version } = await searchParams;
  const ctx = await pageContext();
  const [blueprint, road, people] = await Promise.all([
    orNotFound(getBlueprint, ctx, version ? { version } : {}),
    readRoadmap(ctx, {}),
    activePeople(ctx.db),
  ]);
  return (
    <Page name="pattern">
      <PageHead
        title={blueprint.title}
        lede={
          <>
            {blueprint.summary} Version {blueprint.version}, <When at={blueprint.published} />, by {blueprint.owner}; to
            be reviewed by <When at={blueprint.review_by} />. <Digest value={blueprint.digest} />
          </>
        }
      />
      <GuidanceTabs at="/guidance/target-state" />
      <Section title="Capabilities" note="Now, at the end of the second phase, at the end">
        <Table
          label="Capabilities now, next and later"
          columns={[
            { id: "name", name: "Capability", width: 140 },
            { id: "now", name: "Now" },
            { id: "next", name: "Next" },
            { id: "later", name: "Later" },
          ]}
          rows={blueprint.capabilities.map((c) => ({
            id: c.name,
            cells: { name: <b>{c.name}</b>, now: c.now, next: c.next, later: c.later },
            card: (
              <>
                <b>{c.name}</b>
                <dl className="steps">
                  <dt>Now</dt>
                  <dd>{c.now}</dd>
                  <dt>Next</dt>
                  <dd>{c.next}</dd>
                  <dt>Later</dt>
                  <dd>{c.later}</dd>
                </dl>
              </>
            ),
          }))}
        />
      </Section>
      <Section title="Phases" note="A phase ends when its exit criteria hold">
        {blueprint.phases.map((phase, i) => (
          <PhaseEntry key={phase.id} phase={phase} n={i + 1} />
        ))}
      </Section>
      <Roadmap
        road={road}
        actor={ctx.actor}
        phases={blueprint.phases.map((p) => ({ value: p.id, label: p.title }))}
        people={people.map((p) => ({ value: p.id, label: p.name }))}
      />
      <div className="text">
        <Markdown source={blueprint.markdown.replace(/^\s*# .+\n/, "")} base={2} anchors />
      </div>
    </Page>
  );
}

function PhaseEntry({ phase, n }: { phase: Phase; n: number }) {
  return (
    <article className="pt whole phase" id={phase.id}>
      <div>
        <h3>
          {n}. {phase.title}
        </h3>
        <p className="lbl">
          <span className="mono">
            {phase.from} to {phase.to}
          </span>
          .{" "}
          {phase.needs.length === 0
            ? "Waits for nothing."
            : `Waits for the end of: ${phase.needs.map((p) => p.title).join(", ")}.`}
        </p>
        <p>{phase.aim}</p>
      </div>
      <div className="thirds">
        <div>
          <h4>Delivers</h4>
          <ul>
            {phase.delivers.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
        <div>
          <h4>Ends when</h4>
          <ul>
            {phase.exit.map(({ text, kpi }) => (
              <li key={text}>
                {text}
                {kpi ? (
                  <span className="lbl">
                    {" "}
                    <Link href={`/kpis/${kpi.n}`}>{kpi.name}</Link>, target {kpi.target}
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h4>Stops</h4>
          <ul>
            {phase.stop.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
      </div>
    </article>
  );
}
