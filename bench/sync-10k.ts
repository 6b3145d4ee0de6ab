import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { connect } from "@/db/client";
import { startEmbedded } from "@/db/embedded.mjs";
import { migrate } from "@/db/migrate";
import { createConnection } from "@/lib/connections/create";
import { syncRegistry } from "@/lib/connections/sync";
import { type Actor, systemActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { mlflowMissing } from "@/lib/testing/mlflow";
import { report } from "./support/result";

/**
 * The sync of 10,000 registered models with 30,000 versions and 10,000 runs from a real MLflow server: the first, a second that finds
 * nothing changed, and a scheduled one after a single change. The registry is filled by bulk inserts into the server's own SQLite
 * store, because registering 30,000 versions over its API takes longer than the benchmark.
 */
const models = Number(process.env.BENCH_MODELS ?? 10_000);
const versionsEach = 3;

const fill = `
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], timeout=60)
n, v, now = int(sys.argv[2]), int(sys.argv[3]), int(time.time() * 1000)
def cols(t): return [r[1] for r in c.execute(f"pragma table_info({t})")]
def put(t, rows):
    have = cols(t)
    keys = [k for k in rows[0] if k in have]
    c.executemany(f"insert into {t} ({','.join(keys)}) values ({','.join('?' * len(keys))})", [[r[k] for k in keys] for r in rows])
name = lambda i: f"model-{i:06d}"
run = lambda i: f"{i:032x}"
put("registered_models", [dict(name=name(i), creation_time=now, last_updated_time=now, description=f"Purpose {i}", workspace="default") for i in range(n)])
put("runs", [dict(run_uuid=run(i), name=f"train-{i}", source_type="UNKNOWN", source_name="train.py", entry_point_name="", user_id="ci", status="FINISHED", start_time=now, end_time=now, source_version="", lifecycle_stage="active", artifact_uri="s3://models", experiment_id=0) for i in range(n)])
put("tags", [dict(key="mlflow.source.git.commit", value=f"{i:040x}", run_uuid=run(i)) for i in range(n)])
put("latest_metrics", [dict(key="auc", value=0.9, timestamp=now, step=0, is_nan=0, run_uuid=run(i)) for i in range(n)])
put("model_versions", [dict(name=name(i), version=k + 1, creation_time=now + k, last_updated_time=now + k, description="", user_id="ci", current_stage="None", source="s3://models/x", run_id=run(i), status="READY", run_link="", storage_location="s3://models/x", workspace="default") for i in range(n) for k in range(v)])
put("registered_model_aliases", [dict(alias="champion", version=v, name=name(i), workspace="default") for i in range(0, n, 20)])
c.commit()
`;

const missing = mlflowMissing();
if (missing) {
  console.log(`Skipped: ${missing}`);
  process.exit(0);
}
const dir = await mkdtemp(path.join(os.tmpdir(), "countersign-bench-"));
const port = 20_000 + (process.pid % 20_000);
const url = `http://127.0.0.1:${port}`;
const mlflow: ChildProcess = spawn(
  process.env.MLFLOW_BIN ?? "",
  [
    "server",
    `--backend-store-uri=sqlite:///${dir}/mlflow.db`,
    `--artifacts-destination=${dir}/artifacts`,
    "--host=127.0.0.1",
    `--port=${port}`,
    "--workers=1",
  ],
  { cwd: dir, stdio: "ignore", detached: true, env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true" } },
);
const server = await startEmbedded(path.join(dir, "pg"));
process.env.DATA_DIR ??= dir;
try {
  for (const until = Date.now() + 180_000; !(await fetch(`${url}/health`).catch(() => null))?.ok; ) {
    if (Date.now() > until || mlflow.exitCode !== null) throw new Error("mlflow server did not come up.");
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await writeFile(path.join(dir, "fill.py"), fill);
  execFileSync(process.env.MLFLOW_PYTHON ?? "", [
    path.join(dir, "fill.py"),
    path.join(dir, "mlflow.db"),
    String(models),
    String(versionsEach),
  ]);
  await migrate(server.url);
  const { db, pool } = connect(server.url, 10);
  const admin: Actor = {
    kind: "person",
    id: newId(),
    name: "Bench",
    grants: [{ role: "admin", units: null }],
    scopes: null,
  };
  const base = { db, now: () => new Date() };
  const { id } = await createConnection(
    { ...base, actor: admin, requestId: "bench" },
    { name: "bench", baseUrl: url, import: true },
  );

  const timed = async (trigger: "first" | "manual" | "schedule") => {
    const from = performance.now();
    const { changed } = await syncRegistry(
      { ...base, actor: systemActor, requestId: newId() },
      { connectionId: id, trigger },
    );
    return { seconds: Number(((performance.now() - from) / 1000).toFixed(1)), changed };
  };
  const first = await timed("first");
  console.log("first", first);
  const again = await timed("manual");
  console.log("again, full", again);
  await fetch(`${url}/api/2.0/mlflow/registered-models/alias`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "model-000001", alias: "champion", version: "1" }),
  });
  const one = await timed("schedule");
  console.log("one alias moved, scheduled", one);
  const { rows } = await db.execute<{
    models: number;
    versions: number;
    facts: number;
    entries: number;
    findings: number;
  }>(sql`
    select (select count(*)::int from model) as models, (select count(*)::int from model_version) as versions,
      (select count(*)::int from fact) as facts, (select count(*)::int from log_entry) as entries, (select count(*)::int from finding) as findings`);
  const rssMb = Math.round(process.memoryUsage().rss / 2 ** 20);
  const headline = (what: string, figure: number, atMost: number) => ({
    id: "B",
    what,
    ours: `${figure} s`,
    reference: "none",
    figure,
    target: { atMost },
  });
  await report("sync-10k", {
    sizes: { models, versions: models * versionsEach, runs: models },
    headlines: [
      headline(
        "First sync of 10,000 models, 30,000 versions and 10,000 runs from MLflow, in seconds",
        first.seconds,
        600,
      ),
      headline("Full sync that finds nothing changed, in seconds", again.seconds, 30),
      headline("Scheduled sync after one change, in seconds", one.seconds, 30),
      {
        id: "B",
        what: "Memory of the syncing process, in MB",
        ours: `${rssMb} MB`,
        reference: "none",
        figure: rssMb,
        target: { atMost: 700 },
      },
    ],
    detail: { ...rows[0], first, again, one },
  });
  await pool.end();
} finally {
  if (mlflow.pid !== undefined && mlflow.exitCode === null) process.kill(-mlflow.pid, "SIGKILL");
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}
process.exit(0);
