import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { createConnection } from "@/lib/connections/create";
import { syncRegistry } from "@/lib/connections/sync";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { acceptAdr } from "@/lib/decisions/judge";
import { proposeAdr } from "@/lib/decisions/write";
import { jobHandlers } from "@/lib/jobs/registry";
import { myQueue } from "@/lib/queue/queries";
import { testDatabase } from "@/lib/testing/database";
import { mlflowMissing, startMlflow } from "@/lib/testing/mlflow";
import { testOrg } from "@/lib/testing/org";
import { adrChecksOf } from "./reads";

const missing = mlflowMissing();

const register = (auc: number) => `
import mlflow
client = mlflow.MlflowClient()
mlflow.set_experiment("ranking")
with mlflow.start_run() as run:
    mlflow.log_metric("auc", ${auc})
try:
    client.create_registered_model("ranker")
except mlflow.exceptions.MlflowException:
    pass
client.create_model_version("ranker", source="s3://bucket/ranker/${auc}", run_id=run.info.run_id)
`;

const record = `# Rank with trees

## Context and Problem Statement
Why.

## Decision Outcome
This.

### Confirmation

\`\`\`checks
- id: quality
  title: The ranker is good enough
  scope: name == 'ranker'
  check: run.metrics['auc'] >= 0.9
\`\`\`
`;

test.skipIf(missing)(
  `a check flips from holds to broken and back with the runs of a real MLflow, and asks once for each break${missing ? ` (skipped: ${missing})` : ""}`,
  async () => {
    const server = await startMlflow();
    const folder = mkdtempSync(path.join(tmpdir(), "countersign-checks-"));
    const t = await testDatabase();
    try {
      const org = await testOrg(t.db);
      let clock = Date.parse("2026-11-20T09:00:00Z");
      org.now.at = new Date(clock);
      const admin = await org.person("Ada Admin", "admin");
      const author = await org.person("Una Architect", "architect");
      const other = await org.person("Otto Architect", "architect");
      const { id: connectionId } = await createConnection(admin, { name: "lab", baseUrl: server.url, import: true });
      const adr = await proposeAdr(author, { content: record });
      await acceptAdr(other, { ref: adr.ref, digest: adr.digest });
      const system = (): Ctx => ({
        db: t.db,
        actor: systemActor,
        now: () => new Date(clock),
        requestId: newId(),
      });
      /** Registers a version with this quality, reads the registry, and does the work that waits. */
      const released = async (auc: number) => {
        clock += 60_000;
        org.now.at = new Date(clock);
        const script = path.join(folder, "register.py");
        writeFileSync(script, register(auc));
        server.python(script);
        await syncRegistry(system(), { connectionId, trigger: "manual" });
        for (const name of ["readiness.refresh", "decisions.check"]) {
          const { rows } = await t.db.execute<{ payload: unknown }>(
            sql`update job set state = 'done' where state = 'waiting' and name = ${name} returning payload`,
          );
          for (const { payload } of rows)
            await jobHandlers[name]?.(system(), typeof payload === "string" ? JSON.parse(payload) : payload);
        }
        const { items } = await adrChecksOf(author, { ref: adr.ref });
        const { rows: said } = await t.db.execute<{ n: number }>(
          sql`select count(*)::int as n from log_entry where name = 'adr.checks.evaluated' and summary like '%revisit%'`,
        );
        const waits = (await myQueue(author, {})).filter((item) => item.ref === adr.ref);
        return { state: items[0]?.state, cause: items[0]?.cause, waits: waits.length, asked: said[0]?.n };
      };
      expect(await released(0.93)).toEqual({ state: "holds", cause: null, waits: 0, asked: 0 });
      expect(await released(0.71)).toEqual({ state: "broken", cause: null, waits: 1, asked: 1 });
      expect(await released(0.72)).toEqual({ state: "broken", cause: null, waits: 1, asked: 1 });
      expect(await released(0.95)).toEqual({ state: "holds", cause: null, waits: 0, asked: 1 });
      expect(await released(0.5)).toEqual({ state: "broken", cause: null, waits: 1, asked: 2 });
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      await t.drop();
    }
  },
  180_000,
);
