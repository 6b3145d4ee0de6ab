// Debian's cosign 3, unpacked beside the system: the live tests ask it for a second opinion. Nothing is installed.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** Debian's unstable suite carries cosign 3; the suites before carry 2, which cannot read this log's entries. */
const suite = "sid";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

const home = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "countersign", "cosign");
const binary = path.join(home, "root", "usr", "bin", "cosign");

/** The environment for tests that need cosign, or null where it is not there. */
export function cosign() {
  return fs.existsSync(binary) ? { COSIGN_BIN: binary } : null;
}

/** Downloads and unpacks it (about 30 MB) and returns its environment. Throws a sentence when it cannot be had. */
export function fetchCosign() {
  const there = cosign();
  if (there) return there;
  if (!fs.existsSync(keyring) || spawnSync("apt-get", ["--version"]).status !== 0)
    throw new Error("cosign is taken from Debian: it needs apt-get and debian-archive-keyring.");
  console.log(`fetching cosign from Debian ${suite} into ${home}`);
  fs.rmSync(home, { recursive: true, force: true });
  for (const folder of ["lists/partial", "cache/archives/partial"])
    fs.mkdirSync(path.join(home, folder), { recursive: true });
  const source = path.join(home, "sources.list");
  fs.writeFileSync(source, `deb [signed-by=${keyring}] http://deb.debian.org/debian ${suite} main\n`);
  // Lists and sources of its own: the system's apt never hears of this suite.
  const options = {
    "Dir::Etc::sourcelist": source,
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": path.join(home, "lists"),
    "Dir::Cache": path.join(home, "cache"),
    "Acquire::Languages": "none",
    "APT::Sandbox::User": os.userInfo().username,
  };
  const apt = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  run("apt-get", [...apt, "-qq", "update"]);
  run("apt-get", [...apt, "-qq", "download", "cosign"]);
  const [file] = fs.readdirSync(home).filter((name) => name.startsWith("cosign_") && name.endsWith(".deb"));
  if (!file) throw new Error(`Debian ${suite} gave no cosign package.`);
  run("dpkg", ["-x", file, "root.part"]);
  fs.renameSync(path.join(home, "root.part"), path.join(home, "root"));
  for (const folder of ["lists", "cache"]) fs.rmSync(path.join(home, folder), { recursive: true, force: true });
  fs.rmSync(path.join(home, file));
  return { COSIGN_BIN: binary };
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const done = spawnSync(command, args, { cwd: home, stdio: "inherit" });
  if (done.status !== 0) throw new Error(`cosign could not be had: \`${command} ${args.join(" ")}\` failed.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  console.log(`export COSIGN_BIN=${fetchCosign().COSIGN_BIN}`);
