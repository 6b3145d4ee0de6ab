import type { Metadata } from "next";
import { GuidanceTabs } from "@/components/guidance/tabs";
import { Digest } from "@/components/ui/digest";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { listTemplates } from "@/lib/guidance/templates";

export const metadata: Metadata = { title: "Templates" };

export default async function TemplatesPage() {
  const { items } = await listTemplates(await pageContext(), {});
  return (
    <Page name="patterns">
      <PageHead
        title="Golden-path templates"
        lede="Repositories to begin with: small enough to read in an hour, and their own tests pass before you change a line."
      />
      <GuidanceTabs at="/guidance/templates" />
      <p className="lbl">
        Ready steps that ask the gate from a pipeline, without a repository around them:{" "}
        <Link href="/releases/pipelines">How a pipeline asks</Link>
      </p>
      {items.length === 0 ? (
        <Empty title="No template is shipped">A template is a folder under content/templates.</Empty>
      ) : null}
      {items.map((t) => (
        <article className="pt whole" key={t.id}>
          <div>
            <h2>
              <Link href={`/guidance/templates/${t.id}`}>{t.title}</Link>
            </h2>
            <p>{t.summary}</p>
            <p className="lbl">
              Version {t.version}, <When at={t.published} />, by {t.owner}. {t.files} files. {t.runtime}.{" "}
              <Digest value={t.archive.sha256} />
            </p>
          </div>
        </article>
      ))}
    </Page>
  );
}
