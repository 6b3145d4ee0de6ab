import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { ConnectionForm } from "@/components/connections/connection-form";
import { ImportPreview } from "@/components/connections/import-preview";
import { Poll } from "@/components/connections/poll";
import { Quarantine } from "@/components/connections/quarantine";
import { RunTable } from "@/components/connections/run-table";
import { ActionForm } from "@/components/ui/action-form";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayManageConnections } from "@/lib/connections/connection";
import { previewImport } from "@/lib/connections/preview";
import { connectionGet, quarantineList } from "@/lib/connections/queries";
import { formOf } from "@/lib/connectors/form";
import { kindOf } from "@/lib/connectors/kinds";
import { Refusal } from "@/lib/core/refusal";
import { orNotFound } from "@/lib/models/or-not-found";
import { editAction, importAction, removeAction, syncAction, testAction } from "../actions";

export const metadata: Metadata = { title: "Connection" };

export default async function ConnectionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const ctx = await pageContext();
  const c = await orNotFound(connectionGet(ctx, { id }));
  const manage = mayManageConnections(ctx.actor);
  const [last] = c.runs;
  // The first run follows within moments of connecting; until then the page looks out for it too.
  const running =
    c.pending ||
    last?.state === "running" ||
    (!last && c.importConfirmedAt !== null && ctx.now().getTime() - c.importConfirmedAt.getTime() < 120_000);
  const kind = kindOf(c.system);
  const { records } = c.quarantined > 0 ? await quarantineList(ctx, { id }) : { records: [] };
  return (
    <Page>
      <PageHead
        title={c.name}
        state={
          !c.importConfirmedAt ? (
            <Status state="draft" tag word="Import to be confirmed" />
          ) : c.stale ? (
            <Status state="unknown" word={c.lastCompletedAt ? "Stale" : "Not read yet"} />
          ) : (
            <Status state="pass" tag word="Fresh" />
          )
        }
        lede={
          <>
            {kind.title} at <span className="mono">{c.baseUrl}</span>,{" "}
            <Link href={`/models?source=${encodeURIComponent(c.name)}`}>{c.models.toLocaleString("en-GB")} models</Link>
            {c.lastCompletedAt ? (
              <>
                , read to the end <When at={c.lastCompletedAt} show="relative" />
              </>
            ) : null}
            .
          </>
        }
        actions={
          !c.importConfirmedAt ? null : manage.ok ? (
            <ActionForm action={syncAction} submit="Sync now" tone="outlined" hidden={{ id: c.id }} label="Sync now" />
          ) : (
            <WhyButton label="Sync now" reason={manage.reason} />
          )
        }
      />
      <Poll running={running} />
      {last?.state === "failed" && last.error ? (
        <Notice tone="fail">
          <b>The last sync failed.</b> {last.error}{" "}
          {c.lastCompletedAt ? (
            <>
              What you see is as of <When at={c.lastCompletedAt} show="datetime" />.
            </>
          ) : (
            "Nothing has been read to the end yet."
          )}
        </Notice>
      ) : null}
      {last?.unread.map((u) => (
        <Notice tone="care" key={u.stream}>
          <b>The last sync could not read everything.</b> {u.why} What was read of it before stays.
        </Notice>
      ))}
      {c.importConfirmedAt ? (
        <Section title="Syncs" note={`Every ${c.everyMinutes} minutes`}>
          <div aria-live="polite">
            <RunTable runs={c.runs} />
          </div>
        </Section>
      ) : (
        <Section title="First import" note="Nothing has been imported yet">
          {manage.ok ? (
            <Suspense fallback={<p className="mut">Asking the registry what it holds.</p>}>
              <FirstImport id={c.id} name={c.name} />
            </Suspense>
          ) : (
            <WhyButton label="Import" reason={manage.reason} />
          )}
        </Section>
      )}
      {c.quarantined > 0 ? (
        <Section
          title="Records that could not be read"
          note={c.quarantined > records.length ? `First ${records.length} of ${c.quarantined}` : `${c.quarantined}`}
          id="unreadable"
        >
          <Quarantine records={records} />
        </Section>
      ) : null}
      {manage.ok ? (
        <>
          <Section title="Settings">
            <ConnectionForm action={editAction} test={testAction} submit="Save" kinds={[formOf(kind)]} values={c} />
          </Section>
          <Section title="Remove">
            <ActionForm
              action={removeAction}
              submit="Remove the connection"
              tone="outlined"
              hidden={{ id: c.id }}
              label="Remove"
              confirm={{
                title: `Remove ${c.name}?`,
                text: "Its credentials are erased and nothing is read any more. The models it brought stay on record, with the date they were last read.",
                yes: "Remove",
              }}
            />
          </Section>
        </>
      ) : null}
    </Page>
  );
}

/** Asks the registry what it holds; how it answers is shown either way. */
async function FirstImport({ id, name }: { id: string; name: string }) {
  const ctx = await pageContext();
  const preview = await previewImport(ctx, { id }).catch((error: unknown) => {
    if (error instanceof Refusal) return error;
    throw error;
  });
  if (preview instanceof Refusal)
    return (
      <Notice tone="fail">
        <b>There is no preview.</b> {preview.message} Mend the settings below; nothing is imported before.
      </Notice>
    );
  return (
    <>
      <ImportPreview preview={preview} connection={name} />
      <div style={{ marginTop: 16 }}>
        <ActionForm action={importAction} submit="Import" hidden={{ id }} label="Import" />
      </div>
    </>
  );
}
