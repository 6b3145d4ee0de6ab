// Outside systems that live tests need, installed once into a cache folder: a real MLflow server from PyPI.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** Pinned, so that a test means the same tomorrow. */
const pins = ["mlflow==3.17.2", "scikit-learn==1.9.1"];

const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "countersign");
const venv = path.join(cache, pins.join("-").replaceAll("==", "-"));
const bin = (/** @type {string} */ name) =>
  process.platform === "win32" ? path.join(venv, "Scripts", `${name}.exe`) : path.join(venv, "bin", name);

/** The environment for tests that need MLflow, or null where it is not installed. */
export function mlflow() {
  return fs.existsSync(path.join(venv, ".complete"))
    ? { MLFLOW_BIN: bin("mlflow"), MLFLOW_PYTHON: bin("python") }
    : null;
}

/** Installs MLflow (about 700 MB, a minute or two) and returns its environment. Throws a sentence when it cannot be had. */
export function installMlflow() {
  const there = mlflow();
  if (there) return there;
  console.log(`installing ${pins.join(" and ")} into ${venv}`);
  fs.rmSync(venv, { recursive: true, force: true });
  fs.mkdirSync(cache, { recursive: true });
  run(
    process.platform === "win32" ? "python" : "python3",
    ["-m", "venv", venv],
    "Python 3.10 or later with venv (Debian: apt-get install python3-venv)",
  );
  run(
    bin("python"),
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pins],
    "the packages from PyPI",
  );
  fs.writeFileSync(path.join(venv, ".complete"), "");
  return mlflow();
}

/** @param {string} command @param {string[]} args @param {string} need */
function run(command, args, need) {
  const done = spawnSync(command, args, { stdio: "inherit" });
  if (done.status !== 0) throw new Error(`Live tests need ${need}: \`${command} ${args.join(" ")}\` failed.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, value] of Object.entries(installMlflow() ?? {})) console.log(`export ${name}=${value}`);
}
