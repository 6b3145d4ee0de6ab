import type { Metadata } from "next";
import { EditionList, EditText, LibraryStanding } from "@/components/library/standing";
import { Contents } from "@/components/markdown/contents";
import { ForgetSentDrafts } from "@/components/markdown/draft";
import { Markdown } from "@/components/markdown/markdown";
import { FollowForms } from "@/components/patterns/follow";
import { Following } from "@/components/patterns/following";
import { Answers, Limits, PatternChecks } from "@/components/patterns/sections";
import { ButtonLink } from "@/components/ui/button";
import { Digest } from "@/components/ui/digest";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { PrintButton } from "@/components/ui/print-button";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { editionName } from "@/lib/library/library";
import { libraryEditions } from "@/lib/library/reads";
import { outline } from "@/lib/markdown/outline";
import { mayManage } from "@/lib/patterns/adoption";
import { patternConformance } from "@/lib/patterns/conformance";
import { getPattern, patternAdopters, patternUseCases } from "@/lib/patterns/reads";
import { orNotFound } from "../../not-found-if";
import { adopt, adoptWithUseCase } from "./actions";

export const metadata: Metadata = { title: "Pattern" };

export default async function PatternPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ model?: string; useCase?: string; version?: string; digest?: string; after?: string }>;
}) {
  const [{ id }, { model, useCase, version, digest, after }] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const pattern = await orNotFound(getPattern, ctx, {
    id,
    ...(version ? { version } : {}),
    ...(digest ? { digest } : {}),
  });
  const some = { id, limit: 25, ...(after ? { after } : {}) };
  const [held, adopters, conformance, useCases] = await Promise.all([
    orNotFound(libraryEditions, ctx, { kind: "pattern" as const, id }),
    orNotFound(patternAdopters, ctx, some),
    orNotFound(patternConformance, ctx, some),
    orNotFound(patternUseCases, ctx, { id, limit: 200 }),
  ]);
  const conforms = new Map(conformance.items.map((one) => [one.model, one]));
  const { limits } = pattern;
  const inForce = pattern.versions.find((v) => v.inForce);
  const text = pattern.markdown.replace(/^\s*# .+\n/, "");
  const href = (next: Record<string, string>) => `/patterns/${id}?${new URLSearchParams(next)}`;

  return (
    <Page
      name="pattern"
      aside={
        <>
          <FollowForms
            pattern={pattern}
            model={model}
            useCase={useCase}
            withModel={adopt}
            withUseCase={adoptWithUseCase}
          />
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Self-service within</h2>
          </div>
          <Limits limits={limits} variants={pattern.variants} />
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Versions</h2>
          </div>
          <EditionList held={held} shown={pattern.digest} />
          <p className="lbl">
            This text <Digest value={pattern.digest} />
          </p>
        </>
      }
    >
      <PageHead
        title={pattern.title}
        actions={
          <>
            <PrintButton />
            <ButtonLink href={`/patterns/adoption?pattern=${id}#models`}>Its adoption</ButtonLink>
            <EditText held={held} may={mayManage(ctx.actor)} />
          </>
        }
        lede={
          <>
            {pattern.summary} By {pattern.owner}; to be reviewed by <When at={pattern.review_by} />.
          </>
        }
      />
      {pattern.inForce ? (
        <LibraryStanding held={held} />
      ) : inForce ? (
        <Notice tone="care">
          This is {editionName(pattern).toLowerCase()}. <Link href={href({})}>{editionName(inForce)}</Link> is in force.
        </Notice>
      ) : null}
      <Contents
        entries={[
          ...outline(text).filter((h) => h.depth === 2),
          { id: "objectives", text: "Objectives" },
          ...(pattern.satisfies.length > 0 ? [{ id: "readiness", text: "Readiness items it answers" }] : []),
          { id: "conformance", text: "Conformance" },
          ...(pattern.related.length > 0 ? [{ id: "related", text: "Related patterns and guidance" }] : []),
          { id: "adopters", text: "Models that follow it" },
        ]}
      />
      <div className="text">
        <Markdown source={text} base={2} anchors />
      </div>
      <Section title="Objectives" id="objectives">
        <KeyValues items={pattern.slos.map((s) => ({ key: s.name, value: `${s.objective}, ${s.window}` }))} />
      </Section>
      <Answers satisfies={pattern.satisfies} />
      <PatternChecks checks={pattern.checks} />
      {pattern.related.length > 0 ? (
        <Section title="Related patterns and guidance" id="related">
          <ul className="rel">
            {pattern.related.map((r) => (
              <li key={r.id}>
                <Link href={`/patterns/${r.id}`}>{r.title}</Link>: {r.why}
              </li>
            ))}
            {pattern.guides.map((g) => (
              <li key={g.id}>
                <Link href={`/guidance/${g.id}`}>{g.title}</Link>, {g.kind}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section title="Models that follow it" note={`${pattern.adoption.adopted} now`} id="adopters">
        <Following of="model" rows={adopters.items} conforms={conforms} />
        {adopters.next || after ? (
          <Pager
            shown={adopters.items.length}
            total={pattern.adoption.adopted}
            noun="model"
            next={adopters.next ? `${href({ after: adopters.next })}#adopters` : null}
            start={after ? `${href({})}#adopters` : null}
          />
        ) : null}
      </Section>
      {useCases.items.length > 0 ? (
        <Section title="Use cases that follow it" note={`${pattern.adoption.useCases} now`} id="use-cases">
          <Following of="use_case" rows={useCases.items} />
          {useCases.next ? (
            <p className="lbl">
              The first {useCases.items.length}.{" "}
              <Link href={`/patterns/adoption?of=use_case&pattern=${id}#models`}>All of them</Link>
            </p>
          ) : null}
        </Section>
      ) : null}
      <ForgetSentDrafts />
    </Page>
  );
}
