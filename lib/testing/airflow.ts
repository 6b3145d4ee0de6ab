import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { freePort } from "./free-port";
import { serve } from "./live-server";

/** Why Airflow tests cannot run here, or null. In CI they must: there the reason is thrown. */
export function airflowMissing(): string | null {
  if (process.env.AIRFLOW_BIN) return null;
  const reason = "Airflow is not installed; `node scripts/live-tools.mjs` installs it and prints AIRFLOW_BIN.";
  if (process.env.CI) throw new Error(reason);
  return reason;
}

const viewer = "countersign";

/**
 * A real Airflow 3 with an empty SQLite store that holds these DAGs, each run once to its end, and serves its API on a free port to
 * a user with the role Viewer. Nothing is scheduled.
 */
export async function startAirflow(
  dags: readonly { id: string; python: string }[],
): Promise<{ url: string; username: string; password: string; stop: () => Promise<void> }> {
  const binary = process.env.AIRFLOW_BIN;
  if (!binary) throw new Error("AIRFLOW_BIN is not set; see airflowMissing().");
  const home = mkdtempSync(path.join(tmpdir(), "countersign-airflow-"));
  const folder = path.join(home, "dags");
  mkdirSync(folder);
  for (const { id, python } of dags) writeFileSync(path.join(folder, `${id}.py`), python);
  const port = await freePort();
  const env = {
    ...process.env,
    PATH: `${path.dirname(binary)}${path.delimiter}${process.env.PATH ?? ""}`,
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__LOAD_EXAMPLES: "False",
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: `${viewer}:viewer`,
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: "False",
    AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS: "False",
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: "False",
    AIRFLOW__API__HOST: "127.0.0.1",
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__WORKERS: "1",
  };
  const run = (...args: string[]) => execFileSync(binary, args, { cwd: home, env, stdio: "pipe" });
  run("db", "migrate");
  run("dags", "reserialize");
  // A DAG whose task fails ends this with 1, which is what it is there for.
  for (const { id } of dags) spawnSync(binary, ["dags", "test", id], { cwd: home, env, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  const server = await serve("airflow api-server", {
    command: binary,
    args: ["api-server"],
    cwd: home,
    env,
    ready: `${url}/api/v2/version`,
  });
  const stop = async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
  const made = readFileSync(path.join(home, "simple_auth_manager_passwords.json.generated"), "utf8");
  const { [viewer]: password = "" } = z.record(z.string(), z.string()).parse(JSON.parse(made));
  return { url, username: viewer, password, stop };
}
