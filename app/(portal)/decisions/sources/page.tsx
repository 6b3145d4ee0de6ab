import { ActionForm } from "@/components/ui/action-form";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { SelectField, TextArea, TextField } from "@/components/ui/field";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import type { Verdict } from "@/lib/core/refusal";
import { usualGlobs } from "@/lib/decisions/glob";
import { mayManageSources } from "@/lib/decisions/source";
import { adrSourceList } from "@/lib/decisions/source-queries";
import { add, end, syncNow } from "./actions";

export const metadata = { title: "Where decisions are read from" };

export default async function SourcesPage({ searchParams }: { searchParams: Promise<{ after?: string }> }) {
  const ctx = await pageContext();
  const { after } = await searchParams;
  const { items, next } = await adrSourceList(ctx, typeof after === "string" && after !== "" ? { after } : {});
  const may = mayManageSources(ctx.actor, null);
  return (
    <Page name="record">
      <PageHead
        title="Where decisions are read from"
        lede="The file stays the truth for its text. What is signed off here never changes; a file that says otherwise shows as drift."
        actions={<ButtonLink href="/decisions">All decisions</ButtonLink>}
      />
      {items.length === 0 ? (
        <Empty title="No source yet">
          Add a repository below, or import a folder once with <code>countersign adr import DIR</code>.
        </Empty>
      ) : null}
      {items.map((source) => (
        <SourceItem key={source.id} source={source} may={mayManageSources(ctx.actor, source.unitId)} />
      ))}
      {next ? <Link href={`/decisions/sources?after=${encodeURIComponent(next)}`}>More sources</Link> : null}
      <Section title="Add a source" note="Read every 15 minutes; only what changed is fetched">
        {may.ok ? (
          <div style={{ maxWidth: 560 }}>
            <ActionForm
              action={add}
              submit="Add and read"
              label="Add a source"
              guard
              keep
              extra={
                <Button type="submit" name="do" value="look">
                  Look first
                </Button>
              }
            >
              <SelectField
                name="kind"
                label="Kind"
                defaultValue="git"
                options={[
                  { value: "git", label: "Git repository over https" },
                  { value: "folder", label: "Folder on the portal’s machine" },
                ]}
              />
              <TextField name="name" label="Name" hint="As people know it: team/decisions." />
              <TextField
                name="address"
                label="Address"
                mono
                hint="https://git.example/team/decisions.git, or the folder’s path."
              />
              <TextField name="branch" label="Branch" optional mono hint="The default branch if left out." />
              <TextArea
                name="globs:lines"
                label="Files"
                voice="code"
                rows={5}
                defaultValue={usualGlobs.join("\n")}
                hint="One pattern a line. These find adr-tools, MADR and Log4brains, also in the packages of a monorepo."
              />
              <TextField name="model" label="Model that all of them are about" optional mono />
            </ActionForm>
          </div>
        ) : (
          <WhyButton label="Add a source" reason={may.reason} />
        )}
      </Section>
    </Page>
  );
}

type Source = Awaited<ReturnType<typeof adrSourceList>>["items"][number];

function SourceItem({ source, may }: { source: Source; may: Verdict }) {
  const { files } = source;
  const live = source.kind !== "files";
  return (
    <Section
      title={source.name}
      note={
        live
          ? `${source.kind === "git" ? "Git repository" : "Folder"}, ${source.globs.length} patterns`
          : "Imported by hand"
      }
    >
      {source.fault ? (
        <Notice tone="fail">
          {source.fault} What was read last <When at={source.syncedAt} /> stays.
        </Notice>
      ) : null}
      <dl className="facts">
        {source.address ? (
          <Line name="Address">
            <span className="mono">{source.address}</span>
            {source.branch ? <span className="mono"> {source.branch}</span> : null}
          </Line>
        ) : null}
        {source.commit ? (
          <Line name="Commit">
            <span className="mono">{source.commit.slice(0, 12)}</span>
          </Line>
        ) : null}
        <Line name={live ? "Last read" : "Last import"}>
          {source.syncedAt ? <When at={source.syncedAt} /> : <Status state="unknown" word="Not read yet" tag />}
          {source.stale && source.syncedAt ? <Status state="stale" tag /> : null}
        </Line>
        {source.model ? (
          <Line name="About">
            <Link href={`/models/${encodeURIComponent(source.model)}`}>{source.model}</Link>
          </Line>
        ) : null}
        <Line name="Files">
          {files.same} in step, {files.drift} drifted, {files.removed} removed at the source, {files.refused} refused
        </Line>
      </dl>
      {source.troubles.length > 0 ? (
        <ul>
          {source.troubles.map((file) => (
            <li key={file.path}>
              <span className="mono">{file.path}</span> {word[file.state]}
              {file.reason ? `: ${file.reason}` : ""}
              {file.ref ? (
                <>
                  , <Link href={`/decisions/${file.ref}`}>{file.ref}</Link>
                </>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {live && may.ok ? (
        <div className="row w" style={{ marginTop: 12, alignItems: "flex-start" }}>
          <ActionForm
            action={syncNow}
            submit="Read now"
            tone="outlined"
            hidden={{ id: source.id }}
            label={`Read ${source.name} now`}
          />
          <ActionForm
            action={end}
            submit="End"
            tone="ghost"
            hidden={{ id: source.id }}
            label={`End ${source.name}`}
            confirm={{
              title: `Stop reading ${source.name}?`,
              text: "Its records stay, and can be revised in the portal from then on.",
              yes: "Stop reading",
            }}
          />
        </div>
      ) : live && !may.ok ? (
        <WhyButton label="Read now" reason={may.reason} />
      ) : null}
    </Section>
  );
}

const word = { same: "in step", drift: "drifted", removed: "removed at the source", refused: "refused" } as const;

const Line = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div style={{ display: "contents" }}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
