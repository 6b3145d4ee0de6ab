import type { Metadata } from "next";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { SearchBox } from "@/components/ui/search-box";
import { Status } from "@/components/ui/status";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { patternFilters, patternKindName, patternKinds, patternPlatformName } from "@/lib/patterns/pattern";
import { listPatterns } from "@/lib/patterns/reads";
import { itemTypeName } from "@/lib/readiness/readiness";
import { orEmpty } from "../not-found-if";

export const metadata: Metadata = { title: "Patterns" };

type Listed = Awaited<ReturnType<typeof listPatterns>>["items"][number];

const kindLede: Record<(typeof patternKinds)[number], string> = {
  serving: "How answers reach those who asked.",
  application: "What is built on it, whole.",
  platform: "What many of them stand on.",
};

export default async function PatternsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const { model, useCase, q, kind, serving, platform } = await searchParams;
  const ctx = await pageContext();
  const { items, total } = (await orEmpty(listPatterns, ctx, { q, kind, serving, platform })) ?? {
    items: [],
    total: 0,
  };
  const [key, follower] = typeof useCase === "string" ? ["useCase", useCase] : ["model", model];
  const query = typeof follower === "string" ? `?${key}=${encodeURIComponent(follower)}` : "";
  return (
    <Page name="patterns">
      <PageHead
        title="Reference architectures"
        lede={
          query
            ? `Choose the one that ${follower} follows. Its version is pinned, so what was approved stays what was read.`
            : "What colleagues have already paid for. A model that follows one within its limits takes the self-service lane."
        }
        actions={
          <>
            <ButtonLink href="/patterns/adoption">Adoption</ButtonLink>
            <ButtonLink href="/patterns/gaps">What is missing</ButtonLink>
          </>
        }
      />
      <div className="fb">
        <SearchBox label="Words of the title or the text" placeholder="Words of the text" />
        <Filters filters={patternFilters} />
        <span className="sp" />
        <span className="lbl">{items.length === total ? `${total} patterns` : `${items.length} of ${total}`}</span>
      </div>
      {items.length === 0 ? (
        <Empty title="No pattern matches" action={<ButtonLink href={`/patterns${query}`}>Show all</ButtonLink>}>
          Take a filter away, or search for other words. If none fits what you build,{" "}
          <Link href={`/patterns/gaps${key === "model" ? query : ""}`}>say what is missing</Link>: that is how the
          library grows.
        </Empty>
      ) : null}
      {patternKinds.map((kind) => {
        const ofKind = items.filter((p) => p.kind === kind);
        return ofKind.length === 0 ? null : (
          <Section key={kind} title={patternKindName[kind]} note={kindLede[kind]}>
            {ofKind.map((pattern) => (
              <Entry key={pattern.id} pattern={pattern} query={query} />
            ))}
          </Section>
        );
      })}
    </Page>
  );
}

function Entry({ pattern, query }: { pattern: Listed; query: string }) {
  const { adopted, behind, useCases } = pattern.adoption;
  return (
    <article className="pt">
      <div>
        <h3>
          <Link href={`/patterns/${pattern.id}${query}`}>{pattern.title}</Link>
        </h3>
        <p>{pattern.summary}</p>
        <p className="lbl">
          Version {pattern.version}, <When at={pattern.published} />. Self-service for tiers{" "}
          {pattern.limits.tiers.join(", ")}; {pattern.limits.serving_types.map((t) => itemTypeName[t]).join(", ")}.
          Built on {pattern.variants.map((v) => patternPlatformName[v]).join(", ")}.
        </p>
      </div>
      <div>
        <span className="adopt">{adopted}</span>
        <div className="lbl">{adopted === 1 ? "model follows it" : "models follow it"}</div>
        {useCases > 0 ? <div className="lbl">and {useCases === 1 ? "1 use case" : `${useCases} use cases`}</div> : null}
        {behind > 0 ? <Status state="stale" word={`${behind} on an older version`} /> : null}
      </div>
    </article>
  );
}
