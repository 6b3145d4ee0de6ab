import type { Metadata } from "next";
import { FactTable } from "@/components/models/facts";
import { LineageStrip } from "@/components/models/lineage-strip";
import { modelHref } from "@/components/models/model-href";
import { ActionForm } from "@/components/ui/action-form";
import { AsOfBar, AsOfChoice } from "@/components/ui/as-of";
import { Digest } from "@/components/ui/digest";
import { TextArea } from "@/components/ui/field";
import { Hatched } from "@/components/ui/hatched";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { asOfParam, type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { unlessPast } from "@/lib/core/as-of";
import { modelFacts } from "@/lib/facts/reads";
import { lineageGraph } from "@/lib/lineage/queries";
import { mayRegisterVersion } from "@/lib/models/model";
import { orNotFound } from "@/lib/models/or-not-found";
import { modelGet, versionGet } from "@/lib/models/queries";
import { cardAction } from "../../../actions";

type Props = { params: Promise<{ name: string; version: string }>; searchParams: Promise<Params> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, version } = await params;
  return { title: `${decodeURIComponent(name)} ${decodeURIComponent(version)}` };
}

export default async function VersionPage({ params, searchParams }: Props) {
  const key = await params;
  const query = await searchParams;
  const [name, version] = [decodeURIComponent(key.name), decodeURIComponent(key.version)];
  const ctx = await pageContext(query);
  const { asOf } = ctx;
  const v = await orNotFound(versionGet(ctx, { name, version }));
  const [facts, model, lineage] = await Promise.all([
    modelFacts(ctx, { name: v.model, version }),
    modelGet(ctx, { name: v.model }),
    asOf ? null : lineageGraph(ctx, { model: v.model, version }),
  ]);
  const path = `${modelHref(v.model)}/versions/${encodeURIComponent(v.version)}`;
  const api = `/api/v1/models/${encodeURIComponent(v.model)}`;
  const may = unlessPast(ctx, mayRegisterVersion(ctx.actor, { ...model, ownerName: model.owner?.name ?? null }));
  const own = facts.items.filter((f) => f.subjectKind === "model_version");
  return (
    <Page name="model">
      <AsOfBar path={path} params={query} at={asOf} />
      <PageHead
        title={`${v.model} ${v.version}`}
        lede={
          <>
            Version of <Link href={modelHref(v.model)}>{v.model}</Link>, registered <When at={v.registeredAt} />
          </>
        }
        actions={
          <>
            <AsOfChoice path={path} params={query} at={asOf} />
            <a
              className="btn"
              href={withParams(`${api}/bom`, { version: v.version }, asOfParam(asOf))}
              download={`${v.model}-${v.version}.cdx.json`}
            >
              Bill of materials
            </a>
            {asOf ? null : (
              <a className="btn" href={`${api}/versions/${encodeURIComponent(v.version)}/README.md`} download>
                Model card
              </a>
            )}
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
          { key: "Licence", value: v.licence },
          { key: "Base model", value: v.baseModel ? <span className="mono">{v.baseModel}</span> : null },
          { key: "Runs in", value: v.runtime },
          { key: "Files", value: v.sourceUri ? <span className="mono wrap">{v.sourceUri}</span> : null },
          { key: "Aliases", value: v.aliases.length > 0 ? v.aliases.map((a) => `@${a}`).join(", ") : "none" },
          { key: "Registry says", value: v.status },
        ]}
      />
      {lineage ? (
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
      ) : null}
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
      <Section title="Model card" note="As model hubs read it: YAML and Markdown">
        {may.ok ? (
          <ActionForm
            action={cardAction}
            submit="Import the card"
            tone="outlined"
            hidden={{ name: v.model, version: v.version }}
            label="Import a model card"
          >
            <TextArea
              name="card"
              label="Card"
              voice="code"
              rows={6}
              hint="It is kept to the letter. Licence, base model and known datasets become this version's."
              maxLength={262_144}
            />
          </ActionForm>
        ) : (
          <WhyButton label="Import the card" reason={may.reason} />
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
