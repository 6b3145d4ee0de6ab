// Outside systems that live tests need, installed once into a cache folder: MLflow, Airflow, moto (a working imitation
// of AWS), Evidently and the client of Unity Catalog's open-source server from PyPI; Prometheus from Debian's archive.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** Pinned, so that a test means the same tomorrow. */
const mlflowPins = ["mlflow==3.17.2", "scikit-learn==1.9.1"];
const unityPins = ["unitycatalog-client==0.7.0"];
const airflowPins = ["apache-airflow==3.3.2"];
const evidentlyPins = ["evidently==0.7.15", "pandas==2.3.3"];
const motoPins = ["moto==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"];

const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "countersign");
const venvOf = (/** @type {string[]} */ pins) => path.join(cache, pins.join("-").replaceAll("==", "-"));
const bin = (/** @type {string[]} */ pins, /** @type {string} */ name) =>
  process.platform === "win32"
    ? path.join(venvOf(pins), "Scripts", `${name}.exe`)
    : path.join(venvOf(pins), "bin", name);
const complete = (/** @type {string[]} */ pins) => fs.existsSync(path.join(venvOf(pins), ".complete"));

/** The environment for tests that need MLflow, or null where it is not installed. */
export function mlflow() {
  return complete(mlflowPins)
    ? { MLFLOW_BIN: bin(mlflowPins, "mlflow"), MLFLOW_PYTHON: bin(mlflowPins, "python") }
    : null;
}

/** The environment for tests that need moto, or null where it is not installed. */
export function moto() {
  return complete(motoPins) ? { MOTO_BIN: bin(motoPins, "moto_server") } : null;
}

/** The environment for tests that need Unity Catalog's own client, or null where it is not installed. */
export function unityClient() {
  return complete(unityPins) ? { UNITY_PYTHON: bin(unityPins, "python") } : null;
}

/** The environment for tests that need Airflow, or null where it is not installed. */
export function airflow() {
  return complete(airflowPins) ? { AIRFLOW_BIN: bin(airflowPins, "airflow") } : null;
}

/** The environment for tests that need Evidently, or null where it is not installed. */
export function evidently() {
  return complete(evidentlyPins)
    ? { EVIDENTLY_BIN: bin(evidentlyPins, "evidently"), EVIDENTLY_PYTHON: bin(evidentlyPins, "python") }
    : null;
}

/** Installs Evidently (about 1 GB, a minute or two) and returns its environment. Throws a sentence when it cannot be had. */
export function installEvidently() {
  install(evidentlyPins);
  return evidently();
}

/** Installs Airflow (about 290 MB, a minute) and returns its environment. Throws a sentence when it cannot be had. */
export function installAirflow() {
  install(airflowPins);
  return airflow();
}

/** Installs Unity Catalog's own client (about 40 MB) and returns its environment. Throws a sentence when it cannot be had. */
export function installUnityClient() {
  install(unityPins);
  return unityClient();
}

/** Installs MLflow (about 700 MB, a minute or two) and returns its environment. Throws a sentence when it cannot be had. */
export function installMlflow() {
  install(mlflowPins);
  return mlflow();
}

/** Installs moto (about 140 MB, a quarter of a minute) and returns its environment. Throws a sentence when it cannot be had. */
export function installMoto() {
  install(motoPins);
  return moto();
}

const debian = path.join(cache, "prometheus-debian");

/** The environment for tests that need Prometheus, or null where it is not installed. */
export function prometheus() {
  return fs.existsSync(path.join(debian, ".complete"))
    ? {
        PROMETHEUS_BIN: path.join(debian, "usr", "bin", "prometheus"),
        PROMTOOL_BIN: path.join(debian, "usr", "bin", "promtool"),
      }
    : null;
}

/**
 * Unpacks Debian's prometheus package (19 MB, seconds) into the cache, without installing it, and returns its environment. Throws a
 * sentence when it cannot be had.
 */
export function installPrometheus() {
  once(`${debian}.installing`, () => prometheus() !== null, unpackPrometheus);
  return prometheus();
}

function unpackPrometheus() {
  console.log(`unpacking Debian's prometheus into ${debian}`);
  fs.rmSync(debian, { recursive: true, force: true });
  fs.mkdirSync(debian, { recursive: true });
  const need = "Debian's package prometheus (a Debian or Ubuntu machine with apt-get and dpkg-deb)";
  const download = () => spawnSync("apt-get", ["download", "-qq", "prometheus"], { cwd: debian, stdio: "inherit" });
  // A fresh machine has no lists of packages yet; reading them takes root.
  if (download().status !== 0) {
    run("apt-get", ["update", "-qq"], need);
    if (download().status !== 0) throw new Error(`Live tests need ${need}.`);
  }
  const [file] = fs.readdirSync(debian).filter((name) => name.endsWith(".deb"));
  if (!file) throw new Error(`Live tests need ${need}.`);
  run("dpkg-deb", ["-x", path.join(debian, file), debian], need);
  fs.rmSync(path.join(debian, file));
  fs.writeFileSync(path.join(debian, ".complete"), "");
}

/**
 * Does a piece of work unless it is done; of two processes that want it at the same time, the second waits for the first.
 * @param {string} lock @param {() => boolean} done @param {() => void} work
 */
function once(lock, done, work) {
  fs.mkdirSync(cache, { recursive: true });
  while (!done()) {
    try {
      fs.mkdirSync(lock);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      // Whoever held it this long is gone.
      const since = fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (Date.now() - since > 15 * 60_000) fs.rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
      continue;
    }
    try {
      work();
    } finally {
      fs.rmSync(lock, { recursive: true, force: true });
    }
  }
}

/** @param {string[]} pins */
function install(pins) {
  const venv = venvOf(pins);
  once(
    `${venv}.installing`,
    () => complete(pins),
    () => {
      console.log(`installing ${pins.join(" and ")} into ${venv}`);
      fs.rmSync(venv, { recursive: true, force: true });
      run(
        process.platform === "win32" ? "python" : "python3",
        ["-m", "venv", venv],
        "Python 3.10 or later with venv (Debian: apt-get install python3-venv)",
      );
      run(
        bin(pins, "python"),
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pins],
        "the packages from PyPI",
      );
      fs.writeFileSync(path.join(venv, ".complete"), "");
    },
  );
}

/** @param {string} command @param {string[]} args @param {string} need */
function run(command, args, need) {
  const done = spawnSync(command, args, { stdio: "inherit" });
  if (done.status !== 0) throw new Error(`Live tests need ${need}: \`${command} ${args.join(" ")}\` failed.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, value] of Object.entries({
    ...installMlflow(),
    ...installMoto(),
    ...installUnityClient(),
    ...installPrometheus(),
    ...installAirflow(),
    ...installEvidently(),
  }))
    console.log(`export ${name}=${value}`);
}
