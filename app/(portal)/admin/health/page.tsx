import type { Metadata } from "next";
import { DeliveryHealthSection } from "@/components/notifications/delivery-health";
import { ActionForm } from "@/components/ui/action-form";
import { Empty } from "@/components/ui/empty";
import { KeyValues } from "@/components/ui/key-values";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import type { Actor } from "@/lib/core/actor";
import { type Health, mayRetryJob } from "@/lib/health/health";
import { health } from "@/lib/health/queries";
import { deliveryHealth } from "@/lib/notifications/health";
import { retry, sendAgain } from "./actions";

export const metadata: Metadata = { title: "Health" };

const partName = { database: "Database", migrations: "Migrations", log: "Log", jobs: "Jobs" } as const;

export default async function HealthPage() {
  const ctx = await pageContext();
  const [now, telling] = await Promise.all([health(ctx, {}), deliveryHealth(ctx, {})]);
  const { jobs, log, pool } = now;
  return (
    <Page>
      <PageHead title="Health" lede="How this portal runs at this moment. /api/metrics has the same for Prometheus." />
      <Section title="Parts">
        <KeyValues
          items={now.parts.map((p) => ({
            key: partName[p.part],
            value: (
              <>
                <Status state={p.ok ? "pass" : "fail"} word={p.ok ? "Works" : "Does not work"} /> {p.detail}
              </>
            ),
          }))}
        />
      </Section>
      <Section title="Log">
        <KeyValues
          items={[
            { key: "Entries", value: log.size.toLocaleString("en") },
            { key: "Waiting for their place", value: log.queued === 0 ? "none" : log.queued.toLocaleString("en") },
            {
              key: "Last checkpoint",
              value: log.checkpoint ? (
                <>
                  over {log.checkpoint.size.toLocaleString("en")} entries,{" "}
                  <When at={log.checkpoint.signedAt} show="relative" />
                </>
              ) : (
                "none signed yet"
              ),
            },
          ]}
        />
      </Section>
      <Section title="Jobs" note={`${jobs.done.toLocaleString("en")} done in the last week`}>
        <KeyValues
          items={[
            { key: "Running", value: jobs.running },
            {
              key: "Waiting",
              value: jobs.oldestDue ? (
                <>
                  {jobs.waiting}, the oldest due since <When at={jobs.oldestDue} show="relative" />
                </>
              ) : (
                `${jobs.waiting}, none due yet`
              ),
            },
            { key: "Given up", value: jobs.failed },
          ]}
        />
        <Failures failures={now.failures} actor={ctx.actor} />
      </Section>
      <DeliveryHealthSection health={telling} actor={ctx.actor} again={sendAgain} />
      <Section title="Connected systems">
        <Connections connections={now.connections} />
      </Section>
      <Section title="Database connections of this process">
        <KeyValues
          items={[
            { key: "Open", value: `${pool.open}, of which ${pool.idle} idle` },
            { key: "Requests waiting for one", value: pool.waiting === 0 ? "none" : pool.waiting },
          ]}
        />
      </Section>
    </Page>
  );
}

function Failures({ failures, actor }: { failures: Health["failures"]; actor: Actor }) {
  const verdict = mayRetryJob(actor, { state: "failed" });
  return (
    <Table
      label="Jobs that were given up"
      columns={[
        { id: "name", name: "Job given up" },
        { id: "error", name: "Last error" },
        { id: "attempts", name: "Attempts", num: true },
        { id: "at", name: "When" },
        { id: "again", name: "Start again" },
      ]}
      rows={failures.map((f) => ({
        id: f.id,
        name: f.name,
        cells: {
          name: <span className="mono">{f.name}</span>,
          error: f.error,
          attempts: f.attempts,
          at: <When at={f.failedAt} show="relative" />,
          again: verdict.ok ? (
            <ActionForm
              action={retry}
              submit="Start again"
              tone="outlined"
              hidden={{ id: f.id }}
              label={`Start ${f.name} again`}
            />
          ) : (
            <WhyButton label="Start again" reason={verdict.reason} />
          ),
        },
      }))}
      empty={<Empty title="No job was given up">Every job so far was done, or is being tried again.</Empty>}
    />
  );
}

const syncWord: Readonly<Record<string, string>> = { running: "running", completed: "complete", failed: "failed" };

function Connections({ connections }: { connections: Health["connections"] }) {
  return (
    <Table
      label="Connected systems"
      columns={[
        { id: "name", name: "Connection" },
        { id: "system", name: "System" },
        { id: "at", name: "Last read completely" },
        { id: "state", name: "Last sync" },
      ]}
      rows={connections.map((c) => ({
        id: c.id,
        name: c.name,
        cells: {
          name: c.name,
          system: c.system,
          at: <When at={c.lastCompletedAt} show="relative" />,
          state: c.state ? (syncWord[c.state] ?? c.state) : <span className="mut">not run yet</span>,
        },
      }))}
      empty={<Empty title="No system is connected">Connect an MLflow server under Admin, Connections.</Empty>}
    />
  );
}
