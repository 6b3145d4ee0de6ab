import type { Metadata } from "next";
import { Suspense } from "react";
import { ConnectionForm } from "@/components/connections/connection-form";
import { ImportPreview } from "@/components/connections/import-preview";
import { Poll } from "@/components/connections/poll";
import { Quarantine } from "@/components/connections/quarantine";
import { RunTable } from "@/components/connections/run-table";
import { SourceFiles } from "@/components/connections/source-files";
import { SourcePreviewTable } from "@/components/connections/source-preview";
import { SubjectTable } from "@/components/connections/subject-table";
import { ActionForm } from "@/components/ui/action-form";
import Link from "@/components/ui/link";
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
import { isSource } from "@/lib/connectors/systems";
import { Refusal } from "@/lib/core/refusal";
import { orNotFound } from "@/lib/models/or-not-found";
import { fileList, subjectList } from "@/lib/sources/queries";
import {
  dropFileAction,
  editAction,
  fileAction,
  importAction,
  mapAction,
  noWebhookAction,
  removeAction,
  syncAction,
  testAction,
  unmapAction,
  webhookAction,
} from "../actions";

export const metadata: Metadata = { title: "Connection" };

export default async function ConnectionPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ subjects?: string; matched?: string }>;
}) {
  const { id } = await params;
  const { subjects: after, matched } = await searchParams;
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
  const source = isSource(c.system);
  const seen = source
    ? await subjectList(ctx, {
        id,
        ...(matched === "yes" || matched === "no" ? { matched } : {}),
        ...(after ? { after } : {}),
      })
    : null;
  const { files } = "files" in kind ? await fileList(ctx, { id }) : { files: [] };
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
            {source ? (
              c.importConfirmedAt ? (
                `${c.subjects.toLocaleString("en-GB")} ${c.subjects === 1 ? "subject" : "subjects"}, ${c.unmatched.toLocaleString("en-GB")} of them no model yet`
              ) : (
                "nothing read yet"
              )
            ) : c.importConfirmedAt ? (
              <Link href={`/models?source=${encodeURIComponent(c.name)}`}>
                {c.models.toLocaleString("en-GB")} {c.models === 1 ? "model" : "models"}
              </Link>
            ) : (
              "nothing imported yet"
            )}
            {c.served > 0 ? `, ${c.served.toLocaleString("en-GB")} served by endpoints and jobs` : ""}
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
            <RunTable runs={c.runs} brings={source ? "facts" : "models"} />
          </div>
        </Section>
      ) : (
        <Section
          title={source ? "First read" : "First import"}
          note={source ? "Nothing has been read yet" : "Nothing has been imported yet"}
        >
          {manage.ok ? (
            <Suspense fallback={<p className="mut">Asking {kind.title} what it holds.</p>}>
              <FirstImport id={c.id} name={c.name} />
            </Suspense>
          ) : (
            <WhyButton label="Import" reason={manage.reason} />
          )}
        </Section>
      )}
      {seen && c.importConfirmedAt && "subject" in kind ? (
        <SubjectTable
          id={c.id}
          word={kind.subject.word}
          declared={kind.subject.declared}
          subjects={seen.subjects}
          next={seen.next}
          matched={matched}
          map={mapAction}
          unmap={unmapAction}
        />
      ) : null}
      {"files" in kind && kind.files ? (
        <SourceFiles
          id={c.id}
          about={kind.files}
          files={files}
          manage={manage}
          upload={fileAction}
          drop={dropFileAction}
        />
      ) : null}
      {c.quarantined > 0 ? (
        <Section
          title="Records that could not be read"
          note={c.quarantined > records.length ? `First ${records.length} of ${c.quarantined}` : `${c.quarantined}`}
          id="unreadable"
        >
          <Quarantine records={records} />
        </Section>
      ) : null}
      {c.system === "mlflow" && c.importConfirmedAt && manage.ok ? <Webhook id={c.id} hook={c.webhook} /> : null}
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
                text: "Its credentials are erased and nothing is read any more. What it brought stays on record, with the date it was last read.",
                yes: "Remove",
              }}
            />
          </Section>
        </>
      ) : null}
    </Page>
  );
}

/** Lets MLflow say what changed, so that a new version is here in seconds; the regular syncs stay the truth. */
function Webhook({ id, hook }: { id: string; hook: Awaited<ReturnType<typeof connectionGet>>["webhook"] }) {
  return (
    <Section title="Webhook" note={hook ? `${hook.received} taken, ${hook.refused} refused` : "Not set up"}>
      <p>
        MLflow 3.3 and later can say at once what changed. Make a secret here, then create a webhook in MLflow with it
        for the events of registered models, versions, tags and aliases. Deliveries that are not signed with the secret,
        or are older than five minutes, are refused.
        {hook?.lastReceivedAt ? (
          <>
            {" "}
            The last came <When at={hook.lastReceivedAt} show="relative" />.
          </>
        ) : null}
      </p>
      <ActionForm
        action={webhookAction}
        submit={hook ? "Make a new secret" : "Make a secret"}
        tone="outlined"
        hidden={{ id }}
        label="Webhook"
        {...(hook
          ? {
              confirm: {
                title: "Replace the secret?",
                text: "Deliveries signed with the present one are refused from now on, until MLflow has the new one.",
                yes: "Replace",
              },
            }
          : {})}
      />
      {hook ? (
        <ActionForm
          action={noWebhookAction}
          submit="Refuse webhooks"
          tone="outlined"
          hidden={{ id }}
          label="Refuse webhooks"
        />
      ) : null}
    </Section>
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
      {preview.brings === "facts" ? (
        <SourcePreviewTable preview={preview} />
      ) : (
        <ImportPreview preview={preview} connection={name} />
      )}
      <div style={{ marginTop: 16 }}>
        <ActionForm
          action={importAction}
          submit={preview.brings === "facts" ? "Read it" : "Import"}
          hidden={{ id }}
          label="Import"
        />
      </div>
    </>
  );
}
