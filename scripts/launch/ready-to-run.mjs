// What must be true of the checkout before it runs: packages as locked, built from these sources.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Sentence } from "./sentence.mjs";

export const root = path.resolve(import.meta.dirname, "../..");
const at = (/** @type {string[]} */ ...parts) => path.join(root, ...parts);

/** @param {string} file */
const read = (file) => (fs.existsSync(at(file)) ? fs.readFileSync(at(file), "utf8") : "");

/** Whether node_modules holds what the lock asks for. npm writes its own record there last, so a broken install shows. */
export function installed() {
  const record = read("node_modules/.package-lock.json");
  if (!record) return false;
  const have = JSON.parse(record).packages;
  const want = Object.entries(JSON.parse(read("package-lock.json")).packages);
  return want.every(([where, p]) => where === "" || p.optional || have[where]?.version === p.version);
}

/** Installs exactly what is locked. NODE_ENV is left out: with "production" npm would leave out what the build needs. */
export function install() {
  const { NODE_ENV: _, ...env } = process.env;
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const done = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, env, stdio: ["ignore", "inherit", "pipe"] })
    : spawnSync("npm", args, {
        cwd: root,
        env,
        stdio: ["ignore", "inherit", "pipe"],
        shell: process.platform === "win32",
      });
  if (done.error && "code" in done.error && done.error.code === "ENOENT") {
    throw new Sentence("npm was not found. Install Node with npm (nodejs.org) and start again.");
  }
  if (done.status !== 0) {
    const errors = String(done.stderr);
    if (/ENOSPC/.test(errors)) throw Object.assign(new Error("install"), { code: "ENOSPC", path: at("node_modules") });
    if (/EACCES|EPERM|EROFS/.test(errors)) throw Object.assign(new Error("install"), { code: "EACCES", path: root });
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(errors)) {
      throw new Sentence(
        "The package registry cannot be reached, and packages are missing. Go online once, and start again.",
      );
    }
    throw new Sentence(`npm ci failed:\n${errors}`);
  }
}

const sources = ["app", "bin", "components", "db", "lib", "public"];
const files = [
  "package-lock.json",
  "next.config.ts",
  "postcss.config.mjs",
  "proxy.ts",
  "instrumentation.ts",
  "instrumentation-node.ts",
  "scripts/build.mjs",
  "tsconfig.json",
];

/** A hash over everything that the build reads. */
export function sourceHash() {
  const hash = createHash("sha256").update(process.versions.node.split(".")[0] ?? "");
  for (const file of [...files, ...sources.flatMap(walk)]) hash.update(`${file}\n`).update(read(file));
  return hash.digest("hex");
}

/** @param {string} folder @returns {string[]} */
function walk(folder) {
  if (!fs.existsSync(at(folder))) return [];
  return fs
    .readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && !/\.test\.tsx?$/.test(e.name))
    .map((e) => path.relative(root, path.join(e.parentPath, e.name)))
    .sort();
}

export const built = () => read("dist/.stamp") === sourceHash() && fs.existsSync(at(".next/BUILD_ID"));
export const stampBuild = (/** @type {string} */ hash) => fs.writeFileSync(at("dist/.stamp"), hash);
