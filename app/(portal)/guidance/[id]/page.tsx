import type { Metadata } from "next";
import Link from "next/link";
import { Contents } from "@/components/markdown/contents";
import { Markdown } from "@/components/markdown/markdown";
import { Digest } from "@/components/ui/digest";
import { KeyValues } from "@/components/ui/key-values";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead } from "@/components/ui/page";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { getGuide } from "@/lib/guidance/reads";
import { outline } from "@/lib/markdown/outline";
import { orNotFound } from "../../not-found-if";

export const metadata: Metadata = { title: "Guidance" };

export default async function GuidePage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ version?: string }>;
}) {
  const [{ id }, { version }] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const guide = await orNotFound(getGuide, ctx, { id, ...(version ? { version } : {}) });
  const text = guide.markdown.replace(/^\s*# .+\n/, "");
  const newest = guide.versions[0];
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
          <ul className="vs">
            {guide.versions.map((v) => (
              <li key={v.version}>
                <Link
                  href={`/guidance/${id}?version=${v.version}`}
                  aria-current={v.version === guide.version ? "true" : undefined}
                >
                  Version {v.version}
                </Link>
                , <When at={v.published} /> <Digest value={v.digest} />
              </li>
            ))}
          </ul>
        </>
      }
    >
      <PageHead
        title={guide.title}
        lede={
          <>
            {guide.summary} By {guide.owner}; to be reviewed by <When at={guide.review_by} />.
          </>
        }
      />
      {newest && newest.version > guide.version ? (
        <Notice tone="care">
          This is version {guide.version}. <Link href={`/guidance/${id}`}>Version {newest.version}</Link> has replaced
          it.
        </Notice>
      ) : null}
      <Contents entries={outline(text).filter((h) => h.depth === 2)} />
      <div className="text">
        <Markdown source={text} base={2} anchors />
      </div>
    </Page>
  );
}
