import type { Metadata } from "next";
import { FileTree } from "@/components/guidance/file-tree";
import { SourceFile } from "@/components/guidance/source-file";
import { CopyButton } from "@/components/ui/digest";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Tabs } from "@/components/ui/tabs";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { getPipeline, listPipelines } from "@/lib/guidance/pipelines";
import { orNotFound } from "../../not-found-if";

export const metadata: Metadata = { title: "How a pipeline asks" };

export default async function PipelinesPage({ searchParams }: { searchParams: Promise<Params> }) {
  const { with: kind, file } = await searchParams;
  const ctx = await pageContext();
  const { items } = await listPipelines(ctx, {});
  const p = await orNotFound(getPipeline, ctx, { id: typeof kind === "string" ? kind : "github-actions" });
  const path = `/releases/pipelines?with=${p.id}`;
  const hrefOf = (name: string) => `${path}&file=${encodeURIComponent(name)}#files`;
  const wanted = typeof file === "string" ? file : p.begin;
  const readme = p.files.find((f) => f.path === "README.md");
  const files = p.files.filter((f) => f !== readme);
  const shown = files.find((f) => f.path === wanted);
  return (
    <Page name="pattern">
      <PageHead
        title="How a pipeline asks"
        lede="Ready steps that ask the release gate, with this portal’s address filled in. Each computes the digest itself, believes only the pinned key, and treats everything but exit code 0 as a deny."
        actions={
          <>
            <Link href="/releases/policies/prod-release">The policy of production</Link>
            <Link href="/admin/tokens">API tokens</Link>
          </>
        }
      />
      <Tabs
        label="Kinds of pipelines"
        items={items.map((i) => ({ href: `/releases/pipelines?with=${i.id}`, name: i.title, on: i.id === p.id }))}
      />
      <p style={{ marginTop: 16, maxWidth: 760 }}>{p.summary}</p>
      <p className="lbl">
        Version {p.version}, <When at={p.published} />, by {p.owner}.
      </p>
      <Section title="Files" note={`${files.length} to copy`} id="files">
        <div className="browse">
          <FileTree files={files} open={wanted} hrefOf={hrefOf} />
          <div className="file">
            {shown ? (
              <>
                <p className="lbl">
                  <span className="mono">{shown.path}</span>, {shown.size.toLocaleString("en-GB")} bytes{" "}
                  <CopyButton text={shown.text} what="file" />
                </p>
                <SourceFile path={shown.path} text={shown.text} prose={false} />
              </>
            ) : (
              <Notice tone="care">
                There is no file {wanted}. <Link href={hrefOf(p.begin)}>Open {p.begin}</Link>
              </Notice>
            )}
          </div>
        </div>
      </Section>
      {readme ? (
        <div style={{ maxWidth: 760 }}>
          <SourceFile path={readme.path} text={readme.text} prose={true} />
        </div>
      ) : null}
    </Page>
  );
}
