// npm run bench [name ...]: runs the benchmarks one after the other, each with its reference in the same run, and prints their results.
// Every file bench/*.ts is one; it writes bench/results/<name>.json itself.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const wanted = process.argv.slice(2);
const all = fs
  .readdirSync(path.join(root, "bench"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3))
  .sort();
const unknown = wanted.filter((name) => !all.some((file) => file.startsWith(name)));
if (unknown.length > 0) {
  console.error(`No benchmark called ${unknown.join(", ")}. There are: ${all.join(", ")}.`);
  process.exit(2);
}

let failed = 0;
for (const name of all.filter((file) => wanted.length === 0 || wanted.some((w) => file.startsWith(w)))) {
  console.log(`\n== ${name}`);
  const run = spawnSync(process.execPath, ["--conditions=react-server", "--import", "tsx", `bench/${name}.ts`], {
    cwd: root,
    stdio: "inherit",
  });
  if (run.status !== 0) {
    failed++;
    console.error(`${name} ended with ${run.status ?? run.signal}.`);
  }
}
process.exit(failed === 0 ? 0 : 1);
