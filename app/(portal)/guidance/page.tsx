import type { Metadata } from "next";
import { GuidanceTabs } from "@/components/guidance/tabs";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { SearchBox } from "@/components/ui/search-box";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { guideFilters, guideKinds, guideKindWords } from "@/lib/guidance/guidance";
import { listGuides } from "@/lib/guidance/reads";
import { orEmpty } from "../not-found-if";

export const metadata: Metadata = { title: "Guidance" };

export default async function GuidancePage({ searchParams }: { searchParams: Promise<Params> }) {
  const { q, kind } = await searchParams;
  const ctx = await pageContext();
  const { items, total } = (await orEmpty(listGuides, ctx, { q, kind })) ?? { items: [], total: 0 };
  return (
    <Page name="patterns">
      <PageHead
        title="Guidance"
        lede="What the reference architectures leave out because it is the same for all of them."
      />
      <GuidanceTabs at="/guidance" />
      <div className="fb">
        <SearchBox label="Words of the title or the text" placeholder="Words of the text" />
        <Filters filters={guideFilters} />
        <span className="sp" />
        <span className="lbl">{items.length === total ? `${total} texts` : `${items.length} of ${total}`}</span>
      </div>
      {items.length === 0 ? (
        <Empty title="No guidance matches" action={<ButtonLink href="/guidance">Show all</ButtonLink>}>
          Take a filter away, or search for other words.
        </Empty>
      ) : null}
      {guideKinds.map((k) => {
        const ofKind = items.filter((g) => g.kind === k);
        return ofKind.length === 0 ? null : (
          <Section key={k} title={guideKindWords[k].many} note={guideKindWords[k].lede}>
            {ofKind.map((guide) => (
              <article className="pt whole" key={guide.id}>
                <div>
                  <h3>
                    <Link href={`/guidance/${guide.id}`}>{guide.title}</Link>
                  </h3>
                  <p>{guide.summary}</p>
                  <p className="lbl">
                    Version {guide.version}, <When at={guide.published} />, by {guide.owner}. Helps with{" "}
                    {guide.items.join(", ")}.
                  </p>
                </div>
              </article>
            ))}
          </Section>
        );
      })}
    </Page>
  );
}
