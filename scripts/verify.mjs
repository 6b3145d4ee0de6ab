// Everything that needs no database: format, lint, walls, types, dead code, pure tests. Seconds.
import { spawn } from "node:child_process";

const checks = [
  ["format, lint, walls", "node_modules/@biomejs/biome/bin/biome", ["ci", "--colors=off", "."]],
  ["lock file", "scripts/fix-lock.mjs", ["--check"]],
  ["types", "node_modules/typescript/bin/tsc", ["--noEmit", "-p", "."]],
  [
    "pure tests",
    "node_modules/vitest/vitest.mjs",
    ["run", "--project", "unit", "--reporter=dot", "--reporter=json", "--outputFile.json=test-results/unit.json"],
  ],
];

const run = ([name, script, args]) =>
  new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, FORCE_COLOR: "0" } });
    let output = "";
    child.stdout.on("data", (d) => (output += d));
    child.stderr.on("data", (d) => (output += d));
    child.once("exit", (code) => resolve({ name, code, output, seconds: (performance.now() - started) / 1000 }));
  });

const results = await Promise.all(checks.map(run));
for (const { name, code, output, seconds } of results) {
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds.toFixed(1)} s)`);
  if (code !== 0) console.log(output);
}
process.exit(results.every((r) => r.code === 0) ? 0 : 1);
