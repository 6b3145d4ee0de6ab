import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./free-port";
import { serve } from "./live-server";

/** Why Prometheus tests cannot run here, or null. In CI they must: there the reason is thrown. */
export function prometheusMissing(): string | null {
  if (process.env.PROMETHEUS_BIN && process.env.PROMTOOL_BIN) return null;
  const reason = "Prometheus is not installed; `node scripts/live-tools.mjs` unpacks it and prints PROMETHEUS_BIN.";
  if (process.env.CI) throw new Error(reason);
  return reason;
}

/** A series to be backfilled: its value at an instant, or null where it was silent. */
export type Backfill = {
  name: string;
  type: "gauge" | "counter";
  labels: Readonly<Record<string, string>>;
  at: (ms: number) => number | null;
};

/** A real Prometheus on a free port that holds these series, sampled every five minutes, and scrapes nothing. */
export async function startPrometheus(
  series: readonly Backfill[],
  from: number,
  to: number,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const { PROMETHEUS_BIN: server, PROMTOOL_BIN: promtool } = process.env;
  if (!server || !promtool) throw new Error("PROMETHEUS_BIN and PROMTOOL_BIN are not set; see prometheusMissing().");
  const dir = mkdtempSync(path.join(tmpdir(), "countersign-prometheus-"));
  const data = path.join(dir, "data");
  mkdirSync(data);
  writeFileSync(path.join(dir, "backfill.txt"), openMetrics(series, from, to));
  execFileSync(promtool, ["tsdb", "create-blocks-from", "openmetrics", path.join(dir, "backfill.txt"), data], {
    stdio: "pipe",
  });
  writeFileSync(path.join(dir, "prometheus.yml"), "global:\n  scrape_interval: 1h\n");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await serve("prometheus", {
    command: server,
    args: [
      `--config.file=${path.join(dir, "prometheus.yml")}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=100d",
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    cwd: dir,
    ready: `${url}/-/ready`,
  });
  return {
    url,
    stop: async () => {
      await child.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** OpenMetrics keeps the samples of a series together, and the series of a metric. */
function openMetrics(series: readonly Backfill[], from: number, to: number): string {
  const lines: string[] = [];
  for (const name of new Set(series.map((s) => s.name))) {
    const [first] = series.filter((s) => s.name === name);
    // A counter's family is called without its _total.
    const counter = first?.type === "counter" && name.endsWith("_total");
    lines.push(`# TYPE ${counter ? name.slice(0, -"_total".length) : name} ${counter ? "counter" : "gauge"}`);
    for (const s of series.filter((one) => one.name === name)) {
      const labels = Object.entries(s.labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      for (let at = from; at <= to; at += 300_000) {
        const value = s.at(at);
        if (value !== null) lines.push(`${name}{${labels.join(",")}} ${value} ${at / 1000}`);
      }
    }
  }
  return `${lines.join("\n")}\n# EOF\n`;
}
