// Everything that needs no database: format, lint, walls, types, house rules, dead code, pure tests. Seconds.
import { spawn } from "node:child_process";

const checks = [
  { name: "format, lint, walls", run: ["node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", "."] },
  { name: "lock file", run: ["scripts/fix-lock.mjs", "--check"] },
  { name: "figures", run: ["scripts/bench.mjs", "--check"] },
  { name: "house rules", run: ["scripts/house-rules.mjs"] },
  { name: "types", run: ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "."] },
  { name: "dead code", run: ["node_modules/knip/bin/knip.js", "--no-progress", "--no-config-hints"] },
  {
    name: "pure tests",
    run: ["node_modules/vitest/vitest.mjs", "run", "--project", "unit", "--reporter=dot"].concat(
      ["--reporter=json", "--outputFile.json=test-results/unit.json"], // counted by scripts/test.mjs
    ),
  },
];

const perform = ({ name, run }) =>
  new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, run, { env: { ...process.env, FORCE_COLOR: "0" } });
    let output = "";
    child.stdout.on("data", (d) => (output += d));
    child.stderr.on("data", (d) => (output += d));
    child.once("exit", (code) =>
      resolve({ name, ok: code === 0, output, seconds: (performance.now() - started) / 1000 }),
    );
  });

const results = await Promise.all(checks.map(perform));
for (const { name, ok, output, seconds } of results) {
  console.log(`${ok ? "ok  " : "FAIL"} ${name} (${seconds.toFixed(1)} s)`);
  if (!ok || name === "house rules") process.stdout.write(output);
}
process.exit(results.every((r) => r.ok) ? 0 : 1);
