// DATA_DIR/run.json: which launcher serves this data, where, and its database. It keeps a second one off the same data,
// and lets the command line find the embedded database.
import fs from "node:fs";
import path from "node:path";
import { Sentence } from "./sentence.mjs";

/** @typedef {{ pid: number, address: string, databaseUrl: string, postgres: number | null }} Running */

const file = (/** @type {string} */ dataDir) => path.join(dataDir, "run.json");

/** Refuses when a living launcher already serves this data. @param {string} dataDir */
export function refuseSecond(dataDir) {
  const running = current(dataDir);
  if (running && running.pid !== process.pid) {
    throw new Sentence(
      `Countersign already runs on ${dataDir} (process ${running.pid}, ${running.address}). Stop it, or set another DATA_DIR.`,
    );
  }
}

/** @param {string} dataDir @param {Omit<Running, "pid">} running */
export function announce(dataDir, running) {
  fs.writeFileSync(`${file(dataDir)}.new`, JSON.stringify({ pid: process.pid, ...running }), { mode: 0o600 });
  fs.renameSync(`${file(dataDir)}.new`, file(dataDir));
}

/** @param {string} dataDir */
export const withdraw = (dataDir) => fs.rmSync(file(dataDir), { force: true });

/** @param {string} dataDir @returns {Running | null} */
function current(dataDir) {
  if (!fs.existsSync(file(dataDir))) return null;
  const running = JSON.parse(fs.readFileSync(file(dataDir), "utf8"));
  try {
    process.kill(running.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return null;
  }
  // The number may have been given to another program since.
  const command = `/proc/${running.pid}/cmdline`;
  return !fs.existsSync("/proc") || fs.readFileSync(command, "utf8").includes("start.mjs") ? running : null;
}
