// npm test: everything, with what it needs. npm test -- --only=unit|db|live|e2e runs a part of it.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { cosign, fetchCosign } from "./fetch-cosign.mjs";
import { built, install, installed, root } from "./launch/ready-to-run.mjs";
import {
  airflow,
  evidently,
  installAirflow,
  installEvidently,
  installMlflow,
  installMoto,
  installPrometheus,
  installUnityClient,
  mlflow,
  moto,
  prometheus,
  unityClient,
} from "./live-tools.mjs";

process.chdir(root);
const ci = Boolean(process.env.CI);
const parts = ["unit", "db", "live", "e2e"];
const only = process.argv.find((a) => a.startsWith("--only="))?.slice("--only=".length);
if (only && !parts.includes(only)) {
  console.error(`--only=${only} is none of ${parts.join(", ")}.`);
  process.exit(2);
}
const wanted = (/** @type {string} */ part) => !only || only === part;

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const broken = [];

if (!installed()) install();
fs.rmSync("test-results", { recursive: true, force: true });

/** Runs a program of node_modules (or a script of ours) and says whether it succeeded. @param {string} title @param {string[]} args @param {Record<string, string>} [env] */
function step(title, args, env = {}) {
  console.log(`\n── ${title}`);
  const began = performance.now();
  const done = spawnSync(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...env } });
  console.log(
    `── ${title}: ${done.status === 0 ? "ok" : "FAILED"} in ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
  if (done.status !== 0) broken.push(title);
}

/** Begins a program that the tests meanwhile do not need; the answer waits for its end and tells of it like a step. @param {string} title @param {string[]} args */
function begin(title, args) {
  const began = performance.now();
  const said = path.join("test-results", `${title}.log`);
  fs.mkdirSync("test-results", { recursive: true });
  const out = fs.openSync(said, "w");
  const child = spawn(process.execPath, args, { stdio: ["ignore", out, out] });
  const ended = new Promise((resolve) => child.once("close", resolve).once("error", resolve));
  return async () => {
    const status = await ended;
    fs.closeSync(out);
    if (status !== 0) {
      console.log(fs.readFileSync(said, "utf8"));
      broken.push(title);
    }
    const words = status === 0 ? "ok" : "FAILED";
    console.log(
      `\n── ${title}: ${words} in ${((performance.now() - began) / 1000).toFixed(0)} s, beside the step before`,
    );
  };
}

/** Adds a vitest report to the total. @param {string} file */
function countVitest(file) {
  if (!fs.existsSync(file)) return;
  const report = JSON.parse(fs.readFileSync(file, "utf8"));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
}

/** Adds Playwright's report to the total and keeps why tests failed. @param {string} file */
function countPlaywright(file) {
  if (!fs.existsSync(file)) return;
  const { stats, suites } = JSON.parse(fs.readFileSync(file, "utf8"));
  total.passed += stats.expected + stats.flaky;
  total.failed += stats.unexpected;
  total.skipped += stats.skipped;
  suites.forEach(keepFaults);
}

/** What is to be read last: each failed attempt in the browser with its first words, also of a test that passed later. @type {string[]} */
const faults = [];

/** @param {any} suite a suite of Playwright's JSON report */
function keepFaults(suite) {
  for (const spec of suite.specs ?? [])
    for (const test of spec.tests)
      for (const attempt of test.results.filter((/** @type {any} */ r) => !["passed", "skipped"].includes(r.status))) {
        const outcome = test.status === "flaky" ? "FAILED AT FIRST, PASSED LATER" : "FAILED";
        const words = (attempt.errors ?? []).map((/** @type {any} */ e) => String(e.message).slice(0, 1500)).join("\n");
        faults.push(`${outcome}: ${spec.file}:${spec.line} ${spec.title}\n${words}`);
      }
  (suite.suites ?? []).forEach(keepFaults);
}

const vitest = (/** @type {string} */ project) => [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--project",
  project,
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=test-results/${project}.json`,
];

/** The environment of live tests. In CI they are required; elsewhere they skip by name where a system is missing. */
function live() {
  if (ci)
    return {
      ...installMlflow(),
      ...installMoto(),
      ...installUnityClient(),
      ...installPrometheus(),
      ...installAirflow(),
      ...installEvidently(),
      ...fetchCosign(),
    };
  const there = mlflow();
  if (!cosign()) console.log("\nTests against cosign will be skipped: `node scripts/fetch-cosign.mjs` fetches it.");
  if (!there) console.log("\nLive tests against MLflow will be skipped: `node scripts/live-tools.mjs` installs it.");
  if (!moto()) console.log("\nLive tests against moto will be skipped: `node scripts/live-tools.mjs` installs it.");
  if (!unityClient())
    console.log("\nLive tests with Unity Catalog's client will be skipped: `node scripts/live-tools.mjs` installs it.");
  if (!prometheus())
    console.log("\nLive tests against Prometheus will be skipped: `node scripts/live-tools.mjs` unpacks it.");
  if (!airflow())
    console.log("\nLive tests against Airflow will be skipped: `node scripts/live-tools.mjs` installs it.");
  if (!evidently())
    console.log("\nLive tests against Evidently will be skipped: `node scripts/live-tools.mjs` installs it.");
  return { ...there, ...moto(), ...unityClient(), ...prometheus(), ...airflow(), ...evidently(), ...cosign() };
}

/** Chromium: the machine's own, or Debian's through apt as root, or a clear instruction. */
function chromium() {
  const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const there = () => process.env.CHROMIUM || candidates.find((file) => fs.existsSync(file));
  if (there()) return true;
  if (process.getuid?.() === 0 && fs.existsSync("/usr/bin/apt-get")) {
    console.log("\ninstalling Chromium (apt-get install chromium)");
    const quiet = {
      stdio: /** @type {const} */ ("inherit"),
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    spawnSync("apt-get", ["update", "-qq"], quiet);
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet);
    if (there()) return true;
  }
  console.log(
    "\nBrowser tests need Chromium. Install it (Debian: sudo apt-get install chromium), or set CHROMIUM to its path.",
  );
  broken.push("browser tests: no Chromium");
  return false;
}

if (wanted("unit")) {
  step("format, lint, types, pure tests", ["scripts/verify.mjs"]);
  countVitest("test-results/unit.json");
}
if (wanted("db")) {
  step("tests with PostgreSQL", vitest("db"));
  countVitest("test-results/db.json");
}
// The tests with outside systems mostly wait for those; the browser tests cannot begin without a build.
const builds = wanted("live") && wanted("e2e") && !built() ? begin("build", ["scripts/build.mjs"]) : null;
const tools = wanted("live") || wanted("e2e") ? live() : {};
if (wanted("live")) {
  step("tests with outside systems", vitest("live"), tools);
  countVitest("test-results/live.json");
}
await builds?.();
if (wanted("e2e") && chromium()) {
  if (!builds && !built()) step("build", ["scripts/build.mjs"]);
  const env = { ...tools, NO_COLOR: "1" };
  if (!broken.includes("build"))
    step("tests in the browser", [path.join("node_modules", "@playwright", "test", "cli.js"), "test"], env);
  countPlaywright("test-results/e2e.json");
}

for (const fault of faults) console.log(`\n${fault}`);
for (const title of broken) console.log(`FAILED: ${title}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(broken.length > 0 || total.failed > 0 || total.passed === 0 ? 1 : 0);
