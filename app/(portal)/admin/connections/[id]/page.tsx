import type { Metadata } from "next";
import Link from "next/link";
import { ConnectionForm } from "@/components/connections/connection-form";
import { Poll } from "@/components/connections/poll";
import { RunTable } from "@/components/connections/run-table";
import { ActionForm } from "@/components/ui/action-form";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayManageConnections } from "@/lib/connections/connection";
import { connectionGet } from "@/lib/connections/queries";
import { orNotFound } from "@/lib/models/or-not-found";
import { editAction, removeAction, syncAction, testAction } from "../actions";

export const metadata: Metadata = { title: "Connection" };

export default async function ConnectionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const ctx = await pageContext();
  const c = await orNotFound(connectionGet(ctx, { id }));
  const manage = mayManageConnections(ctx.actor);
  const [last] = c.runs;
  // The first run follows within moments of connecting; until then the page looks out for it too.
  const running =
    c.pending || last?.state === "running" || (!last && ctx.now().getTime() - c.createdAt.getTime() < 120_000);
  return (
    <Page>
      <PageHead
        title={c.name}
        state={
          c.stale ? (
            <Status state="unknown" word={c.lastCompletedAt ? "Stale" : "Not read yet"} />
          ) : (
            <Status state="pass" tag word="Fresh" />
          )
        }
        lede={
          <>
            MLflow at <span className="mono">{c.baseUrl}</span>,{" "}
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
          manage.ok ? (
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
      <Section title="Syncs" note={`Every ${c.everyMinutes} minutes`}>
        <div aria-live="polite">
          <RunTable runs={c.runs} />
        </div>
      </Section>
      {manage.ok ? (
        <>
          <Section title="Settings">
            <ConnectionForm action={editAction} test={testAction} submit="Save" values={c} />
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
