import type { Metadata } from "next";
import Link from "next/link";
import { FactTable } from "@/components/models/facts";
import { LineageStrip } from "@/components/models/lineage-strip";
import { modelHref } from "@/components/models/model-row";
import { Digest } from "@/components/ui/digest";
import { Hatched } from "@/components/ui/hatched";
import { KeyValues } from "@/components/ui/key-values";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { modelFacts } from "@/lib/facts/reads";
import { lineageGraph } from "@/lib/lineage/queries";
import { orNotFound } from "@/lib/models/or-not-found";
import { versionGet } from "@/lib/models/queries";

type Props = { params: Promise<{ name: string; version: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, version } = await params;
  return { title: `${decodeURIComponent(name)} ${decodeURIComponent(version)}` };
}

export default async function VersionPage({ params }: Props) {
  const key = await params;
  const [name, version] = [decodeURIComponent(key.name), decodeURIComponent(key.version)];
  const ctx = await pageContext();
  const v = await orNotFound(versionGet(ctx, { name, version }));
  const [facts, lineage] = await Promise.all([
    modelFacts(ctx, { name: v.model, version }),
    lineageGraph(ctx, { model: v.model, version }),
  ]);
  const own = facts.items.filter((f) => f.subjectKind === "model_version");
  return (
    <Page name="model">
      <PageHead
        title={`${v.model} ${v.version}`}
        lede={
          <>
            Version of <Link href={modelHref(v.model)}>{v.model}</Link>, registered <When at={v.registeredAt} />
          </>
        }
      />
      <KeyValues
        items={[
          {
            key: "Digest",
            value: v.digest ? (
              <Digest value={`sha256:${v.digest}`} lead={64} tail={0} />
            ) : (
              <Status state="unknown" word="No digest" />
            ),
          },
          { key: "Digest from", value: v.digestSource },
          { key: "Run", value: v.runId ? <span className="mono">{v.runId}</span> : null },
          { key: "Commit", value: v.commit ? <span className="mono">{v.commit}</span> : null },
          { key: "Trained by", value: v.trainedBy },
          { key: "Files", value: v.sourceUri ? <span className="mono wrap">{v.sourceUri}</span> : null },
          { key: "Aliases", value: v.aliases.length > 0 ? v.aliases.map((a) => `@${a}`).join(", ") : "none" },
          { key: "Registry says", value: v.status },
        ]}
      />
      <Section
        title="Lineage"
        note={
          <Link href={`/lineage?model=${encodeURIComponent(v.model)}&version=${encodeURIComponent(v.version)}`}>
            Open graph
          </Link>
        }
      >
        <LineageStrip graph={lineage} />
      </Section>
      <Section title="Where it served">
        {v.deployments.length > 0 ? (
          <Table
            label="Deployments"
            columns={[
              { id: "environment", name: "Environment" },
              { id: "since", name: "Since" },
              { id: "until", name: "Until" },
              { id: "kind", name: "Kind" },
              { id: "release", name: "Release" },
              { id: "source", name: "Source" },
            ]}
            rows={v.deployments.map((d, i) => ({
              id: `${d.environment}-${i}`,
              cells: {
                environment: d.environment,
                since: <When at={d.since} show="datetime" />,
                until: d.until ? <When at={d.until} show="datetime" /> : "now",
                kind: d.kind,
                release: d.release ? (
                  <Link href={`/releases/${d.release}`}>{d.release}</Link>
                ) : d.environment === "prod" ? (
                  <Status state="fail" word="No release" />
                ) : (
                  "not needed"
                ),
                source: d.source,
              },
            }))}
          />
        ) : (
          <p className="mut">Nowhere, as far as anyone reported.</p>
        )}
      </Section>
      <Section title="Facts" note="Each fact names where it came from and when it was last seen">
        {own.length > 0 ? (
          <FactTable facts={own} now={ctx.now()} />
        ) : (
          <Hatched>No system has reported anything about this version</Hatched>
        )}
      </Section>
    </Page>
  );
}
