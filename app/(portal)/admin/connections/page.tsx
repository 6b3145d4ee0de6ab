import type { Metadata } from "next";
import Link from "next/link";
import { ConnectionForm } from "@/components/connections/connection-form";
import { RunState } from "@/components/connections/run-table";
import { Empty } from "@/components/ui/empty";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { config } from "@/lib/config/config";
import { mayManageConnections, mayReadConnections } from "@/lib/connections/connection";
import { connectionList } from "@/lib/connections/queries";
import { allForms } from "@/lib/connectors/form";
import { kindOf } from "@/lib/connectors/kinds";
import { createAction, testAction } from "./actions";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const ctx = await pageContext();
  const read = mayReadConnections(ctx.actor);
  if (!read.ok)
    return (
      <Page>
        <PageHead title="Connections" />
        <Empty title="Not for your role">{read.reason}</Empty>
      </Page>
    );
  const { connections } = await connectionList(ctx, {});
  const manage = mayManageConnections(ctx.actor);
  return (
    <Page>
      <PageHead
        title="Connections"
        lede="The registries Countersign reads models from, and promotes allowed releases in."
      />
      <Table
        label="Connections"
        columns={[
          { id: "name", name: "Name" },
          { id: "kind", name: "Registry" },
          { id: "address", name: "Address" },
          { id: "models", name: "Models", num: true },
          { id: "bad", name: "Unreadable", num: true },
          { id: "asof", name: "Read to the end" },
          { id: "last", name: "Last run" },
        ]}
        empty={
          <Empty title="Nothing is connected yet">
            Connect a registry below; you see what it would bring before anything is imported.
          </Empty>
        }
        rows={connections.map((c) => ({
          id: c.id,
          cells: {
            name: (
              <Link className="b" href={`/admin/connections/${c.id}`}>
                {c.name}
              </Link>
            ),
            kind: kindOf(c.system).title,
            address: <span className="mono">{c.baseUrl}</span>,
            models: (
              <Link href={`/models?source=${encodeURIComponent(c.name)}`}>{c.models.toLocaleString("en-GB")}</Link>
            ),
            bad:
              c.quarantined === 0 ? "0" : <Link href={`/admin/connections/${c.id}#unreadable`}>{c.quarantined}</Link>,
            asof: !c.importConfirmedAt ? (
              <Status state="draft" word="To be confirmed" />
            ) : c.stale ? (
              <>
                <Status state="unknown" word={c.lastCompletedAt ? "Stale" : "Never"} />{" "}
                {c.lastCompletedAt ? <When at={c.lastCompletedAt} show="relative" /> : null}
              </>
            ) : (
              <When at={c.lastCompletedAt} show="relative" />
            ),
            last: c.lastRun ? <RunState run={c.lastRun} /> : <span className="mut">none yet</span>,
          },
        }))}
      />
      <Section title="Connect a registry">
        {manage.ok ? (
          <ConnectionForm
            action={createAction}
            test={testAction}
            submit="Connect"
            kinds={allForms()}
            everyMinutes={config().syncMinutes}
          />
        ) : (
          <WhyButton label="Connect" reason={manage.reason} />
        )}
      </Section>
    </Page>
  );
}
