// npm run bench            the benchmarks of the portal, one after the other, each with its reference in the same run
// npm run bench:inventory  those of the inventory at 10,000 models and 200,000 versions
// npm run bench:documents  those of decision records: saving, import, search among 10,000
// npm run bench:readiness  10,000 models by 46 items, what is evaluated after a push, and 100,000 facts pushed
// npm run bench:reviews    the board at 5,000 reviews and 50,000 findings
// npm run bench NAME …     some of them; node scripts/bench.mjs --table makes the README's table again, --check says whether it is the
//                          one that bench/results make
// Every file bench/*.ts is one; each cleans up after itself and appends to bench/results.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { mlflow } from "./live-tools.mjs";

const root = path.resolve(import.meta.dirname, "..");
const readme = path.join(root, "README.md");
const results = path.join(root, "bench/results");

const groups = {
  portal: ["p1-p2-models", "p3-page", "p6-gate", "p7-audited-write", "p8-verify-log", "p13-start", "sync-10k"],
  documents: ["documents", "diagrams"],
  readiness: ["readiness", "push-facts"],
  reviews: ["reviews"],
  inventory: ["p1-p2-models", "p3-page", "p4-search", "p12-import", "inventory", "sync-10k"],
};
const all = [...new Set(Object.values(groups).flat())];

/**
 * @typedef {{ id: string, what: string, ours: string, reference: string, figure: number, met: boolean,
 *   target: { atMost?: number, atLeast?: number } }} Headline
 * @typedef {{ bench: string, at: string, machine: string, node: string, load: number[], headlines: Headline[] }} Result
 */

/** The newest result of each benchmark. @returns {Result[]} */
const newest = () =>
  all
    .map((name) => path.join(results, `${name}.json`))
    .filter((file) => fs.existsSync(file))
    .map((file) => JSON.parse(fs.readFileSync(file, "utf8")).at(-1));

/** The table, with a line below it that says what was measured when and under which load. */
function table() {
  const found = newest();
  if (found.length === 0) return "Nothing has been measured yet.";
  const rows = found.flatMap((r) => r.headlines);
  const missed = rows.filter((h) => !h.met);
  const promised = (/** @type {Headline} */ { target }) =>
    target.atMost === undefined ? `>= ${target.atLeast}` : `<= ${target.atMost}`;
  const loads = found.map((r) => r.load[0] ?? 0);
  return [
    "| | What | Here | Reference | Figure | Promise | |",
    "|---|---|---|---|---|---|---|",
    ...rows.map(
      (h) =>
        `| ${h.id} | ${h.what} | ${h.ours} | ${h.reference} | ${h.figure} | ${promised(h)} | ${h.met ? "met" : "**missed**"} |`,
    ),
    "",
    `${rows.length - missed.length} of ${rows.length} are met. Measured ${[...new Set(found.map((r) => r.at.slice(0, 10)))].sort().join(", ")} on ${[...new Set(found.map((r) => `${r.machine}, Node ${r.node}`))].join("; ")}, load average ${Math.min(...loads)} to ${Math.max(...loads)} at the end of a run.`,
  ].join("\n");
}

/** The README with the table in its place. */
function withTable() {
  const text = fs.readFileSync(readme, "utf8");
  const pattern = /(<!-- figures: npm run bench -->\n)[\s\S]*?(<!-- \/figures -->)/;
  if (!pattern.test(text)) throw new Error("README.md has lost the place of its table of figures.");
  return { text, made: text.replace(pattern, (_, from, to) => `${from}${table()}\n${to}`) };
}

function writeTable() {
  fs.writeFileSync(readme, withTable().made);
}

const args = process.argv.slice(2);
if (args.includes("--check")) {
  const { text, made } = withTable();
  if (text !== made) {
    console.log("The README's figures are not those of bench/results: node scripts/bench.mjs --table");
    process.exit(1);
  }
  process.exit(0);
}
if (args.includes("--table")) {
  writeTable();
  process.exit(0);
}

const wanted = args.filter((a) => !a.startsWith("--"));
const unknown = wanted.filter((name) => !all.some((file) => file.startsWith(name)));
if (unknown.length > 0) {
  console.error(`No benchmark called ${unknown.join(", ")}. There are: ${all.join(", ")}.`);
  process.exit(2);
}
const group = Object.entries(groups).find(([name]) => args.includes(`--${name}`))?.[1] ?? groups.portal;
const chosen = wanted.length > 0 ? all.filter((file) => wanted.some((w) => file.startsWith(w))) : group;

let failed = 0;
for (const name of chosen) {
  console.log(`\n== ${name}`);
  const run = spawnSync(process.execPath, ["--conditions=react-server", "--import", "tsx", `bench/${name}.ts`], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...mlflow() },
  });
  if (run.status !== 0) {
    failed++;
    console.error(`${name} ended with ${run.status ?? run.signal}.`);
  }
}
writeTable();
console.log(`\n${table()}`);
process.exit(failed === 0 ? 0 : 1);
