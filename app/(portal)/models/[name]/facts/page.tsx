import type { Metadata } from "next";
import { FactHistory } from "@/components/models/fact-history";
import { FactTable } from "@/components/models/facts";
import { modelHref } from "@/components/models/model-href";
import { ModelSources } from "@/components/models/model-sources";
import { Hatched } from "@/components/ui/hatched";
import { Page, PageHead, Section } from "@/components/ui/page";
import { pageContext } from "@/lib/auth/context";
import { factKey } from "@/lib/facts/catalogue";
import { factHistory } from "@/lib/facts/history";
import { modelFacts } from "@/lib/facts/reads";
import { findModel } from "@/lib/models/find";
import { mayEdit } from "@/lib/models/model";
import { modelSources } from "@/lib/sources/queries";
import { orEmpty, orNotFound } from "../../../not-found-if";
import { mapAction, unmapAction } from "./actions";

export const metadata: Metadata = { title: "Facts" };

export default async function FactsPage({
  params,
  searchParams,
}: {
  params: Promise<{ name: string }>;
  searchParams: Promise<{ key?: string; after?: string; version?: string }>;
}) {
  const name = decodeURIComponent((await params).name);
  const { key, after, version } = await searchParams;
  const ctx = await pageContext();
  const facts = await orNotFound(modelFacts, ctx, { name, ...(version ? { version } : {}) });
  const ofVersion = key !== undefined && facts.items.some((f) => f.key === key && f.subjectKind === "model_version");
  const [model, { subjects, sources }, history] = await Promise.all([
    findModel(ctx.db, facts.model, ctx.actor),
    modelSources(ctx, { name: facts.model }),
    key
      ? orEmpty(factHistory, ctx, {
          name: facts.model,
          key,
          ...(after ? { after } : {}),
          ...(ofVersion && facts.version ? { version: facts.version } : {}),
        })
      : null,
  ]);
  const path = `${modelHref(facts.model)}/facts`;
  const address = (next: string) =>
    `${path}?key=${encodeURIComponent(key ?? "")}&after=${next}${version ? `&version=${encodeURIComponent(version)}` : ""}#history`;
  return (
    <Page>
      <PageHead
        title={`Facts about ${facts.model}`}
        lede={`What systems and people have reported${facts.version ? `, of the model and of version ${facts.version}` : ""}. Each value names its source, how it was read and how long it counts.`}
      />
      {history ? (
        <FactHistory fact={history} now={ctx.now()} more={history.next ? address(history.next) : null} />
      ) : key ? (
        <Hatched>{factKey(key) ? "Nothing is known of it" : `There is no fact ${key} in the catalogue`}</Hatched>
      ) : null}
      <ModelSources
        model={facts.model}
        subjects={subjects}
        sources={sources}
        edit={mayEdit(ctx.actor, model)}
        map={mapAction}
        unmap={unmapAction}
      />
      <Section title="In force" note={`${facts.items.length}`}>
        {facts.items.length > 0 ? (
          <FactTable facts={facts.items} now={ctx.now()} history={path} />
        ) : (
          <Hatched>No system has reported anything about this model yet</Hatched>
        )}
      </Section>
    </Page>
  );
}
