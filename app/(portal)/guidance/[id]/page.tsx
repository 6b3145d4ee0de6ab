import type { Metadata } from "next";
import { EditionList, EditText, LibraryStanding } from "@/components/library/standing";
import { Contents } from "@/components/markdown/contents";
import { ForgetSentDrafts } from "@/components/markdown/draft";
import { Markdown } from "@/components/markdown/markdown";
import { Digest } from "@/components/ui/digest";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead } from "@/components/ui/page";
import { PrintButton } from "@/components/ui/print-button";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { getGuide } from "@/lib/guidance/reads";
import { editionName } from "@/lib/library/library";
import { libraryEditions } from "@/lib/library/reads";
import { outline } from "@/lib/markdown/outline";
import { mayManage } from "@/lib/patterns/adoption";
import { orNotFound } from "../../not-found-if";

export const metadata: Metadata = { title: "Guidance" };

export default async function GuidePage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ version?: string; digest?: string }>;
}) {
  const [{ id }, { version, digest }] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const guide = await orNotFound(getGuide, ctx, {
    id,
    ...(version ? { version } : {}),
    ...(digest ? { digest } : {}),
  });
  const held = await orNotFound(libraryEditions, ctx, { kind: guide.kind, id });
  const text = guide.markdown.replace(/^\s*# .+\n/, "");
  const inForce = guide.versions.find((v) => v.inForce);
  return (
    <Page
      name="pattern"
      aside={
        <>
          <div className="h">
            <h2>Helps to pass</h2>
          </div>
          <KeyValues
            items={guide.items.map((i) => ({ key: i.item, value: i.title ?? "an item of a former checklist" }))}
          />
          {guide.patterns.length > 0 ? (
            <>
              <div className="h" style={{ marginTop: 24 }}>
                <h2>Belongs to</h2>
              </div>
              <ul className="vs">
                {guide.patterns.map((p) => (
                  <li key={p.id}>
                    <Link href={`/patterns/${p.id}`}>{p.title}</Link>
                  </li>
                ))}
              </ul>
            </>
          ) : null}
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Versions</h2>
          </div>
          <EditionList held={held} shown={guide.digest} />
          <p className="lbl">
            This text <Digest value={guide.digest} />
          </p>
        </>
      }
    >
      <PageHead
        title={guide.title}
        actions={
          <>
            <PrintButton />
            <EditText held={held} may={mayManage(ctx.actor)} />
          </>
        }
        lede={
          <>
            {guide.summary} By {guide.owner}; to be reviewed by <When at={guide.review_by} />.
          </>
        }
      />
      {guide.inForce ? (
        <LibraryStanding held={held} />
      ) : inForce ? (
        <Notice tone="care">
          This is {editionName(guide).toLowerCase()}. <Link href={`/guidance/${id}`}>{editionName(inForce)}</Link> is in
          force.
        </Notice>
      ) : null}
      <Contents entries={outline(text).filter((h) => h.depth === 2)} />
      <div className="text">
        <Markdown source={text} base={2} anchors />
      </div>
      <ForgetSentDrafts />
    </Page>
  );
}
