import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./free-port";
import { serve } from "./live-server";

/** Why Evidently tests cannot run here, or null. In CI they must: there the reason is thrown. */
export function evidentlyMissing(): string | null {
  if (process.env.EVIDENTLY_BIN && process.env.EVIDENTLY_PYTHON) return null;
  const reason = "Evidently is not installed; `node scripts/live-tools.mjs` installs it and prints EVIDENTLY_BIN.";
  if (process.env.CI) throw new Error(reason);
  return reason;
}

export type DriftReport = {
  project: string;
  at: Date;
  tags: readonly string[];
  metadata: Readonly<Record<string, string>>;
};

/** Evidently's own way to fill a workspace: a drift report of real columns, kept in a project. */
const program = `
import json, sys
from datetime import datetime
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset
from evidently.ui.workspace import Workspace

workspace = Workspace.create(sys.argv[1])
reference = pd.DataFrame({"amount": [float(n % 17) for n in range(200)]})
current = pd.DataFrame({"amount": [float(n % 11) for n in range(200)]})
projects = {}
for report in json.loads(sys.argv[2]):
    name = report["project"]
    if name not in projects:
        projects[name] = workspace.create_project(name)
    run = Report([DataDriftPreset()], tags=report["tags"], metadata=report["metadata"]).run(
        current, reference, timestamp=datetime.fromisoformat(report["at"]))
    workspace.add_run(projects[name].id, run)
`;

/** A real Evidently server on a free port whose workspace holds these drift reports. */
export async function startEvidently(
  reports: readonly DriftReport[],
): Promise<{ url: string; stop: () => Promise<void> }> {
  const { EVIDENTLY_BIN: command, EVIDENTLY_PYTHON: python } = process.env;
  if (!command || !python) throw new Error("EVIDENTLY_BIN and EVIDENTLY_PYTHON are not set; see evidentlyMissing().");
  const dir = mkdtempSync(path.join(tmpdir(), "countersign-evidently-"));
  const workspace = path.join(dir, "workspace");
  const env = { ...process.env, DO_NOT_TRACK: "1" };
  writeFileSync(path.join(dir, "fill.py"), program);
  // Evidently keeps times without a zone.
  const asked = reports.map((r) => ({ ...r, at: r.at.toISOString().slice(0, 19) }));
  execFileSync(python, [path.join(dir, "fill.py"), workspace, JSON.stringify(asked)], { cwd: dir, env, stdio: "pipe" });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await serve("evidently ui", {
    command,
    args: ["ui", "--workspace", workspace, "--host", "127.0.0.1", "--port", String(port)],
    cwd: dir,
    env,
    ready: `${url}/api/projects`,
  });
  return {
    url,
    stop: async () => {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
