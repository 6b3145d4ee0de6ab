import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { ModelDecisions } from "@/components/decisions/about-model";
import { ModelIncidents } from "@/components/incidents/about-model";
import { HistoryPanel } from "@/components/log/history";
import { ModelAssets } from "@/components/models/asset-list";
import { Blockers } from "@/components/models/blockers";
import { FactGroups } from "@/components/models/facts";
import { GateWord } from "@/components/models/gate-word";
import { LineageStrip } from "@/components/models/lineage-strip";
import { modelHref } from "@/components/models/model-href";
import { ModelMeta } from "@/components/models/model-meta";
import { ServedTable } from "@/components/models/served-table";
import { ServingTable } from "@/components/models/serving-table";
import { VersionTable } from "@/components/models/version-table";
import { ModelReviews } from "@/components/reviews/about-model";
import { AsOfBar, AsOfChoice } from "@/components/ui/as-of";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Hatched } from "@/components/ui/hatched";
import Link from "@/components/ui/link";
import { Readiness } from "@/components/ui/meter";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { modelAssets } from "@/lib/assets/queries";
import { pageContext } from "@/lib/auth/context";
import { modelServed } from "@/lib/connections/served";
import { unlessPast } from "@/lib/core/as-of";
import { yes } from "@/lib/core/refusal";
import { modelBreaks } from "@/lib/decision-checks/reads";
import { findAdrs } from "@/lib/decisions/find";
import { modelFacts } from "@/lib/facts/reads";
import { findIncidents } from "@/lib/incident-reviews/queries";
import { lineageGraph } from "@/lib/lineage/queries";
import { logList } from "@/lib/log/queries";
import { mayClaim, mayEdit, stageName } from "@/lib/models/model";
import { orNotFound } from "@/lib/models/or-not-found";
import { modelGet, versionList } from "@/lib/models/queries";
import { explainGate, listReleases } from "@/lib/releases/queries";
import { reviewsOfModel } from "@/lib/reviews/of-model";

type Props = { params: Promise<{ name: string }>; searchParams: Promise<Params & { versions?: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function ModelPage({ params, searchParams }: Props) {
  const name = decodeURIComponent((await params).name);
  const query = await searchParams;
  const { versions: after } = query;
  const ctx = await pageContext(query);
  const { asOf } = ctx;
  const model = await orNotFound(modelGet(ctx, { name }));
  const [{ versions, next }, facts, log, made, open, decisions, { served }, breaks, reviews, incidents] =
    await Promise.all([
      versionList(ctx, { name: model.id, limit: 8, ...(after ? { after } : {}) }),
      modelFacts(ctx, { name: model.id }),
      logList(ctx, { model: model.id, limit: 14 }),
      modelAssets(ctx, { name: model.id }),
      // What a gate would have answered then is in the model's own row; the gate itself answers for now only.
      asOf
        ? { releases: [] }
        : listReleases(ctx, { model: model.name, status: ["open"], environment: ["prod"], limit: 1 }),
      // The past of decisions is in the log.
      asOf ? null : findAdrs(ctx, { model: model.id, limit: 5, facets: false }),
      // What a platform serves is kept as it is now.
      asOf ? { served: [] } : modelServed(ctx, { name: model.id }),
      asOf ? { items: [] } : modelBreaks(ctx, { name: model.id }),
      asOf ? null : reviewsOfModel(ctx, { model: model.id }),
      asOf ? { items: [], next: null } : findIncidents(ctx, { model: model.name, limit: 5 }),
    ]);
  const newest = facts.version;
  // What is asked for stands before what could be: the open request's version, else the newest one.
  const target = open.releases[0]?.version ?? newest;
  const [gate, lineage] =
    target && !asOf
      ? await Promise.all([
          explainGate(ctx, { model: model.name, version: target, environment: "prod" }),
          lineageGraph(ctx, { model: model.id, version: target }),
        ])
      : [null, null];
  const prod = model.serving.find((d) => d.environment === "prod");
  const serving = new Map<string, { environment: string; bypass: boolean }[]>();
  for (const d of model.serving)
    serving.set(d.version, [
      ...(serving.get(d.version) ?? []),
      { environment: d.environment, bypass: d.bypass !== null && !d.release },
    ]);
  const claim = unlessPast(ctx, mayClaim(ctx.actor, { ...model, ownerName: model.owner?.name ?? null }));
  const edit = unlessPast(ctx, mayEdit(ctx.actor, { ...model, ownerName: model.owner?.name ?? null }));
  const may = unlessPast(ctx, yes);
  const path = modelHref(model.name);
  const readiness =
    model.readinessTotal === null
      ? null
      : {
          pass: model.readinessPass ?? 0,
          fail: model.readinessFail ?? 0,
          unknown: model.readinessUnknown ?? 0,
          waived: model.readinessWaived ?? 0,
        };

  return (
    <Page
      name="model"
      aside={<HistoryPanel entries={log.entries} all={`/log?model=${encodeURIComponent(model.name)}`} />}
    >
      <AsOfBar path={path} params={query} at={asOf} />
      <PageHead
        title={model.name}
        state={
          prod ? (
            <Status
              state={prod.release ? "live" : "fail"}
              tag
              word={prod.release ? `Live, ${prod.version}` : `${prod.version} in prod without a release`}
            />
          ) : (
            <Status state={model.stage === "retired" ? "retired" : "draft"} tag word={stageName[model.stage]} />
          )
        }
        lede={model.description || "Nobody has described this model yet."}
        actions={
          <>
            <AsOfChoice path={path} params={query} at={asOf} />
            <ButtonLink href={`/log?model=${encodeURIComponent(model.name)}`}>
              <ScrollText className="i" aria-hidden="true" />
              Log excerpt
            </ButtonLink>
            {edit.ok ? (
              <ButtonLink href={`${path}/edit`}>Edit</ButtonLink>
            ) : (
              <WhyButton label="Edit" reason={edit.reason} />
            )}
            {gate?.release ? (
              <ButtonLink href={`/releases/${gate.release}`} tone="primary">
                Open {gate.release}
              </ButtonLink>
            ) : model.ownerId === null ? (
              claim.ok ? (
                <ButtonLink href={`${path}/claim`} tone="primary">
                  Claim
                </ButtonLink>
              ) : (
                <WhyButton label="Claim" reason={claim.reason} />
              )
            ) : newest && !may.ok ? (
              <WhyButton label="Request a release" reason={may.reason} />
            ) : newest ? (
              <ButtonLink
                href={`/releases/new?model=${encodeURIComponent(model.name)}&version=${encodeURIComponent(newest)}`}
                tone="primary"
              >
                Request a release
              </ButtonLink>
            ) : null}
          </>
        }
      />
      {model.bypasses.map((b) => (
        <Notice key={b.ref} tone="fail">
          <b>Gate bypass, {b.ref}.</b> {b.text}
        </Notice>
      ))}
      {model.vanishedAt ? (
        <Notice tone="care">
          {model.source?.name ?? "The registry"} no longer lists this model since <When at={model.vanishedAt} />. It
          stays on record here.
        </Notice>
      ) : null}
      {model.asked.map((a) => (
        <Notice key={a.about} tone="info">
          {a.askedBy} asked the owner for {a.about} on <When at={a.askedAt} />.
        </Notice>
      ))}
      <ModelMeta
        model={model}
        path={path}
        past={asOf !== undefined}
        handOver={model.ownerId && claim.ok ? <Link href={`${path}/claim`}>Hand over</Link> : null}
      />
      <Section title="What runs where">
        <ServingTable serving={model.serving} />
        {served.length > 0 ? (
          <>
            <h3>As the platform tells it</h3>
            <ServedTable served={served} />
          </>
        ) : null}
      </Section>

      {asOf ? (
        <Section title="Gate" note="As last asked by then">
          <GateWord
            gate={model.gateDecision ? { decision: model.gateDecision, reasons: model.gateReasons ?? 0 } : null}
          />
        </Section>
      ) : (
        <Blockers version={target} answer={gate} />
      )}

      {decisions ? (
        <Section title="Decisions" note={<Link href={`${path}/pattern`}>Pattern and deviations</Link>}>
          <ModelDecisions model={model.name} items={decisions.items} total={decisions.total} breaks={breaks.items} />
        </Section>
      ) : null}

      {reviews ? (
        <Section
          title="Reviews"
          note={<Link href={`/reviews/new?model=${encodeURIComponent(model.name)}`}>Ask for a review</Link>}
        >
          <ModelReviews items={reviews} />
        </Section>
      ) : null}

      {incidents.items.length > 0 ? (
        <Section
          title="Incidents"
          note={
            <Link href={`/guidance/backlog?kind=debt&model=${encodeURIComponent(model.name)}`}>Architecture debt</Link>
          }
        >
          <ModelIncidents items={incidents.items} model={model.name} more={incidents.next !== null} />
        </Section>
      ) : null}

      <Section title="Versions" note={`${model.counts.versions} registered, ${versions.length} shown`}>
        {versions.length > 0 ? (
          <>
            <div className="vt">
              <VersionTable model={model.name} versions={versions} serving={serving} />
            </div>
            {next || after ? (
              <p style={{ marginTop: 8 }}>
                {after ? <Link href={path}>Newest versions</Link> : null}{" "}
                {next ? <Link href={`${path}?versions=${next}`}>Older versions</Link> : null}
              </p>
            ) : null}
          </>
        ) : (
          <Empty title="No version yet">A version comes from the registry, or a build registers it over the API.</Empty>
        )}
      </Section>

      {asOf ? null : (
        <Section
          title={target ? `Lineage of ${target}` : "Lineage"}
          note={<Link href={`/lineage?model=${encodeURIComponent(model.name)}`}>Open graph</Link>}
        >
          {lineage ? <LineageStrip graph={lineage} /> : <Hatched>Unknown: no version is registered</Hatched>}
        </Section>
      )}

      <Section title="Readiness" note={<Link href={`${path}/readiness`}>Open checklist</Link>}>
        <Readiness counts={readiness} />
      </Section>

      <Section title="Made from" note={<Link href="/portfolio/assets">All assets</Link>}>
        <ModelAssets assets={made.assets} />
      </Section>

      <Section title="Facts" note={<Link href={`${path}/facts`}>Sources and history</Link>}>
        {facts.items.length > 0 ? (
          <FactGroups facts={facts.items} now={ctx.now()} />
        ) : (
          <Hatched>No system has reported anything about this model yet</Hatched>
        )}
      </Section>
    </Page>
  );
}
