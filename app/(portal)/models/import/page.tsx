import type { Metadata } from "next";
import { Upload } from "@/components/imports/upload";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { importColumns, mayImport } from "@/lib/imports/import";
import { importList } from "@/lib/imports/queries";

export const metadata: Metadata = { title: "Import models" };

export default async function ImportPage() {
  const ctx = await pageContext();
  const verdict = mayImport(ctx.actor);
  const { items } = verdict.ok ? await importList(ctx, {}) : { items: [] };
  return (
    <Page>
      <PageHead
        title="Import models"
        lede="A file is checked first. You see what each row would do before anything is changed."
        actions={<ButtonLink href="/models">All models</ButtonLink>}
      />
      {verdict.ok ? (
        <div style={{ maxWidth: 640 }}>
          <Upload />
        </div>
      ) : (
        <WhyButton label="Check the file" reason={verdict.reason} />
      )}
      <Section title="What the file holds">
        <p className="ink2">
          The first line names the columns: <span className="mono">{importColumns.join(", ")}</span>. An export of the
          list is such a file. A new name makes a model; a known one is changed where a cell says something else; an
          empty cell leaves things as they are.
        </p>
      </Section>
      <Section title="My imports">
        <Table
          label="My imports"
          empty={<Empty title="No import yet">What you check or import is listed here.</Empty>}
          columns={[
            { id: "file", name: "File" },
            { id: "when", name: "Checked" },
            { id: "state", name: "State" },
            { id: "create", name: "Create", num: true },
            { id: "update", name: "Update", num: true },
            { id: "unchanged", name: "Unchanged", num: true },
            { id: "refused", name: "Refused", num: true },
          ]}
          rows={items.map((i) => ({
            id: i.id,
            cells: {
              file: (
                <Link className="b" href={`/models/import/${i.id}`}>
                  {i.fileName}
                </Link>
              ),
              when: <When at={i.createdAt} show="datetime" />,
              state: i.state === "applied" ? "Imported" : "Dry run",
              create: i.counts.create,
              update: i.counts.update,
              unchanged: i.counts.unchanged,
              refused: i.counts.refused,
            },
          }))}
        />
      </Section>
    </Page>
  );
}
