import { createHash } from "node:crypto";
import type { Actor } from "@/lib/core/actor";
import { between, randomFor } from "@/lib/core/random";
import { keep } from "@/lib/evidence/keep";
import { attest } from "@/lib/readiness/attest";
import { pushResult } from "@/lib/results/push";
import { readReport } from "@/lib/scans/read";
import { recordScans } from "@/lib/scans/record";
import { versionOn } from "./governance";
import type { SeedVersion } from "./inventory";
import { type PlacedModel, seedModels } from "./portfolio";
import type { World } from "./world";

/** What the scanners know; each model shows some of it. */
const rules = [
  ["python.lang.security.audit.subprocess-shell-true", 7.4, "A shell runs what a variable holds", "scoring/export.py"],
  ["python.requests.security.disabled-cert-validation", 5.9, "A certificate is not checked", "features/client.py"],
  ["dockerfile.security.missing-user", 4.3, "The image runs as root", "Dockerfile"],
  ["python.lang.best-practice.open-never-closed", 0, "A file is left open", "scoring/audit.py"],
] as const;

const sarif = (tool: string, ended: Date, shown: typeof rules | readonly (typeof rules)[number][]): string =>
  JSON.stringify({
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: tool,
            rules: rules.map(([id, score, text]) => ({
              id,
              shortDescription: { text },
              properties: { "security-severity": score },
            })),
          },
        },
        invocations: [{ executionSuccessful: true, endTimeUtc: ended.toISOString() }],
        results: shown.map(([ruleId, , text, uri], i) => ({
          ruleId,
          level: "warning",
          message: { text },
          locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: 20 + 7 * i } } }],
        })),
      },
    ],
  });

const bom = (at: Date): string =>
  JSON.stringify({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { timestamp: at.toISOString(), tools: { components: [{ type: "application", name: "trivy" }] } },
    components: [
      { type: "library", "bom-ref": "pkg:pypi/onnxruntime", name: "onnxruntime", version: "1.21.0" },
      { type: "library", "bom-ref": "pkg:pypi/pillow", name: "pillow", version: "11.1.0" },
    ],
    vulnerabilities: [
      {
        id: "CVE-2026-24817",
        description: "A crafted picture is read past its end.",
        ratings: [{ severity: "high", score: 7.8, method: "CVSSv31" }],
        affects: [{ ref: "pkg:pypi/pillow" }],
        analysis: { state: "not_affected", justification: "code_not_reachable" },
      },
    ],
  });

async function scan(world: World, pipeline: Actor, model: string, report: string): Promise<void> {
  const bytes = Buffer.from(report);
  await recordScans(world.as(pipeline), {
    model,
    run: `scan-${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}`,
    ...readReport(bytes),
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
}

async function results(world: World, pipeline: Actor, v: SeedVersion, at: Date): Promise<void> {
  const r = randomFor(`${v.model.name} ${v.version} results`);
  const hours = (n: number) => new Date(at.getTime() - n * 3_600_000).toISOString();
  const common = { model: v.model.name, version: v.version, run: `build-${v.commit}` };
  const p99 = between(r, 60, 160);
  const latencyMs = { p50: Math.round(p99 / 4), p95: Math.round(p99 / 1.6), p99 };
  const as = world.as(pipeline);
  await pushResult(as, {
    result: {
      kind: "benchmark",
      ...common,
      endedAt: hours(30),
      hardware: "8 cores, no GPU",
      latencyMs,
      requestsPerSecond: between(r, 200, 900),
    },
  });
  await pushResult(as, {
    result: {
      kind: "load_test",
      ...common,
      endedAt: hours(28),
      peakMultiple: 2,
      latencyMs: { ...latencyMs, p99: p99 * 1.4 },
      errorShare: between(r, 0, 8) / 10_000,
      objectives: { latencyP99Ms: 300, errorShare: 0.001 },
    },
  });
  await pushResult(as, {
    result: {
      kind: "canary",
      ...common,
      startedAt: hours(26),
      endedAt: hours(2),
      trafficShare: 0.1,
      aborted: false,
      limits: [
        { metric: "error share", value: 0.0004, op: "<=", limit: 0.001 },
        { metric: "latency p99, ms", value: Math.round(p99 * 1.1), op: "<=", limit: 300 },
      ],
    },
  });
}

const files = [
  {
    item: "res-2",
    name: (m: string) => `restore-test-${m}.csv`,
    type: "text/csv",
    text: (m: string, day: string) =>
      `what,from,restored at,minutes,rows compared,rows different\nregistry entry of ${m},nightly copy,${day}T06:10:00Z,9,1,0\nfeature table,nightly copy,${day}T06:31:00Z,21,48210,0\nkeys,vault copy,${day}T06:38:00Z,4,3,0\n`,
    statement: "Restored registry entry, features and keys into an empty environment; nothing differed.",
  },
  {
    item: "inc-1",
    name: (m: string) => `exercise-${m}.md`,
    type: "text/markdown",
    text: (m: string, day: string) =>
      `# Incident exercise, ${m}\n\n${day}, 90 minutes, with the duty officer and the second line.\n\nThe feature store answered with values of the day before. It was noticed after 11 minutes by the freshness alert; the fallback rules took over after 14. Scores of the last hour were marked and scored again.\n\nTo do: the runbook names the old dashboard.\n`,
    statement: "Played it through with the duty officer; noticed in 11 minutes, on the fallback in 14.",
  },
] as const;

/** A file in hand for what a person says: who opens the page of evidence finds something to open. */
async function showFiles(world: World, m: PlacedModel, at: Date): Promise<void> {
  for (const { item, name, type, text, statement } of files) {
    const as = world.as(m.owner);
    const bytes = Buffer.from(text(m.name, at.toISOString().slice(0, 10)));
    const { sha256 } = await keep(as, { name: name(m.name), type, bytes });
    await attest(as, { name: m.name, items: [item], outcome: "pass", statement, evidenceSha256: sha256 });
  }
}

/** What tools beside the registry send in by themselves: scans of code and components, results of tests, and files of evidence. */
export function planTools(world: World, pipeline: () => Actor): void {
  const chosen = seedModels
    .filter((m) => m.stage === "live" && m.unit !== "cards" && m.risk)
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, 6);
  for (const [i, m] of chosen.entries()) {
    const plan = (ago: number, hour: number, what: string, run: (at: Date) => Promise<void>) => {
      const at = world.before(ago, hour, 7 * i);
      world.planFor(m.name, at, `${what} of ${m.name}`, () => run(at));
    };
    // The second scan no longer finds what was mended in between.
    plan(34, 4, "a scan", (at) => scan(world, pipeline(), m.name, sarif("Semgrep", at, rules)));
    plan(6, 4, "a scan", (at) => scan(world, pipeline(), m.name, sarif("Semgrep", at, rules.slice(1 + (i % 3)))));
    plan(6, 5, "secrets", (at) => scan(world, pipeline(), m.name, sarif("gitleaks", at, [])));
    if (i % 2 === 0) plan(6, 6, "components", (at) => scan(world, pipeline(), m.name, bom(at)));
    plan(5, 16, "results", async (at) => {
      const v = versionOn(m, 5);
      if (v) await results(world, pipeline(), v, at);
    });
    if (i < 3) plan(4, 14, "files", (at) => showFiles(world, m, at));
  }
}
