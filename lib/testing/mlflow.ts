import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./free-port";
import { serve } from "./live-server";

/** Why MLflow tests cannot run here, or null. In CI they must: there the reason is thrown. */
export function mlflowMissing(): string | null {
  if (process.env.MLFLOW_BIN && process.env.MLFLOW_PYTHON) return null;
  const reason = "MLflow is not installed; `node scripts/live-tools.mjs` installs it and prints MLFLOW_BIN.";
  if (process.env.CI) throw new Error(reason);
  return reason;
}

/** Webhooks that reach a test on this machine: plain HTTP, a private address, a fixed key, no cache of subscriptions. */
const hooks = {
  MLFLOW_WEBHOOK_ALLOWED_SCHEMES: "http,https",
  MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: "true",
  MLFLOW_WEBHOOK_CACHE_TTL: "0",
  MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64url").padEnd(44, "="),
};

/** A real MLflow server on a free port, with an empty SQLite store in a folder of its own. */
export async function startMlflow(): Promise<{
  url: string;
  /** Runs a Python program against the server with the venv that has mlflow and scikit-learn; returns what it printed. */
  python: (file: string, args?: readonly string[]) => string;
  stop: () => Promise<void>;
}> {
  const binary = process.env.MLFLOW_BIN;
  const python = process.env.MLFLOW_PYTHON;
  if (!binary || !python) throw new Error("MLFLOW_BIN and MLFLOW_PYTHON are not set; see mlflowMissing().");
  const dir = mkdtempSync(path.join(tmpdir(), "countersign-mlflow-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await serve("mlflow server", {
    command: binary,
    args: [
      "server",
      "--host=127.0.0.1",
      `--port=${port}`,
      `--backend-store-uri=sqlite:///${dir}/mlflow.db`,
      `--artifacts-destination=${dir}/artifacts`,
      "--workers=1",
    ],
    cwd: dir,
    env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true", ...hooks },
    ready: `${url}/health`,
  });
  const stop = async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return {
    url,
    python: (file, args = []) =>
      execFileSync(python, [file, ...args], {
        encoding: "utf8",
        env: {
          ...process.env,
          MLFLOW_TRACKING_URI: url,
          MLFLOW_DISABLE_TELEMETRY: "true",
          GIT_PYTHON_REFRESH: "quiet",
        },
        stdio: ["ignore", "pipe", "pipe"],
      }),
    stop,
  };
}
