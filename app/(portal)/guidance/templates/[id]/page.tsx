import type { Metadata } from "next";
import { FileTree } from "@/components/guidance/file-tree";
import { SourceFile } from "@/components/guidance/source-file";
import { Digest } from "@/components/ui/digest";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { getTemplate } from "@/lib/guidance/templates";
import { orNotFound } from "../../../not-found-if";

export const metadata: Metadata = { title: "Template" };

export default async function TemplatePage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<Params>;
}) {
  const [{ id }, { version, file }] = await Promise.all([params, searchParams]);
  const ctx = await pageContext();
  const t = await orNotFound(getTemplate, ctx, { id, ...(version ? { version } : {}) });
  const path = `/guidance/templates/${id}`;
  const newest = t.versions[0];
  const old = newest !== undefined && newest.version > t.version;
  const at = old ? `version=${t.version}&` : "";
  const hrefOf = (name: string) => `${path}?${at}file=${encodeURIComponent(name)}`;
  const wanted = typeof file === "string" ? file : "README.md";
  const shown = t.files.find((f) => f.path === wanted);
  const zip = `/api/v1/templates/${id}/archive.zip${old ? `?version=${t.version}` : ""}`;
  return (
    <Page
      name="pattern"
      aside={
        <>
          <div className="h">
            <h2>Archive</h2>
          </div>
          <KeyValues
            items={[
              { key: "File", value: t.archive.name },
              { key: "Size", value: `${t.archive.size.toLocaleString("en-GB")} bytes` },
              { key: "SHA-256", value: <Digest value={t.archive.sha256} /> },
              { key: "Needs", value: t.runtime },
              { key: "Tests", value: <code>{t.test.join(" ")}</code> },
            ]}
          />
          <p className="lbl">The same version is the same bytes, wherever and whenever it is downloaded.</p>
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Builds</h2>
          </div>
          <p>
            <Link href={`/patterns/${t.pattern.id}`}>{t.pattern.title}</Link>
          </p>
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Helps to pass</h2>
          </div>
          <KeyValues items={t.items.map((i) => ({ key: i.item, value: i.title ?? "an item of a former checklist" }))} />
          <div className="h" style={{ marginTop: 24 }}>
            <h2>Versions</h2>
          </div>
          <ul className="vs">
            {t.versions.map((v) => (
              <li key={v.version}>
                <Link href={`${path}?version=${v.version}`} aria-current={v.version === t.version ? "true" : undefined}>
                  Version {v.version}
                </Link>
                , <When at={v.published} /> <Digest value={v.sha256} />
              </li>
            ))}
          </ul>
        </>
      }
    >
      <PageHead
        title={t.title}
        lede={
          <>
            {t.summary} By {t.owner}; to be reviewed by <When at={t.review_by} />.
          </>
        }
        actions={
          <a className="btn pri" href={zip} download>
            Download the ZIP
          </a>
        }
      />
      {old ? (
        <Notice tone="care">
          This is version {t.version}. <Link href={path}>Version {newest.version}</Link> has replaced it.
        </Notice>
      ) : null}
      <Section title="Where to begin">
        <ol className="begin">
          {t.read_first.map((r) => (
            <li key={r.path}>
              <Link className="mono" href={hrefOf(r.path)} scroll={false}>
                {r.path}
              </Link>
              <p>{r.why}</p>
            </li>
          ))}
        </ol>
      </Section>
      <Section title="Files" note={`${t.files.length} files`} id="files">
        <div className="browse">
          <FileTree files={t.files} open={wanted} hrefOf={hrefOf} />
          <div className="file">
            {shown ? (
              <>
                <p className="lbl">
                  <span className="mono">{shown.path}</span>, {shown.size.toLocaleString("en-GB")} bytes,{" "}
                  <Digest value={shown.sha256} />
                </p>
                <SourceFile path={shown.path} text={shown.text} prose={shown.path === "README.md"} />
              </>
            ) : (
              <Notice tone="care">
                This version has no file {wanted}. <Link href={hrefOf("README.md")}>Open the README</Link>
              </Notice>
            )}
          </div>
        </div>
      </Section>
    </Page>
  );
}
