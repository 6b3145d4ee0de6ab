import type { Metadata } from "next";
import { ConnectionForm } from "@/components/connections/connection-form";
import { RunState } from "@/components/connections/run-table";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { config } from "@/lib/config/config";
import { mayManageConnections, mayReadConnections } from "@/lib/connections/connection";
import { connectionList } from "@/lib/connections/queries";
import { registryForms } from "@/lib/connectors/form";
import { kindOf } from "@/lib/connectors/kinds";
import { isSource } from "@/lib/connectors/systems";
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
        lede="The registries Countersign reads models from and promotes allowed releases in, and the sources that tell facts about them."
      />
      <Table
        label="Connections"
        columns={[
          { id: "name", name: "Name" },
          { id: "kind", name: "System" },
          { id: "address", name: "Address" },
          { id: "models", name: "Brings" },
          { id: "bad", name: "Unreadable", num: true },
          { id: "asof", name: "Read to the end" },
          { id: "last", name: "Last run" },
        ]}
        empty={
          <Empty title="Nothing is connected yet">
            Connect a registry or a source of facts below; you see what it would bring before anything is imported.
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
            models: isSource(c.system) ? (
              <Link href={`/admin/connections/${c.id}#subjects`}>
                {c.subjects.toLocaleString("en-GB")} {c.subjects === 1 ? "subject" : "subjects"}
                {c.unmatched > 0 ? `, ${c.unmatched.toLocaleString("en-GB")} no model yet` : ""}
              </Link>
            ) : (
              <Link href={`/models?source=${encodeURIComponent(c.name)}`}>
                {c.models.toLocaleString("en-GB")} {c.models === 1 ? "model" : "models"}
              </Link>
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
            kinds={registryForms()}
            everyMinutes={config().syncMinutes}
          />
        ) : (
          <WhyButton label="Connect" reason={manage.reason} />
        )}
      </Section>
      <Section title="Connect a source of facts">
        <p className="ink2" style={{ maxWidth: 640, marginBottom: 12 }}>
          Monitoring, on-call and other systems hold no models; what they tell about them answers readiness checks.
        </p>
        <ButtonLink href="/admin/connections/source">Choose a source</ButtonLink>
      </Section>
    </Page>
  );
}
