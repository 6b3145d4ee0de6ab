// Completes package-lock.json for machines of every kind, or with --check says what is missing.
//
// A registry mirror may lack a package's builds for some platforms. npm then leaves them out of the lock, and `npm ci`
// refuses that lock everywhere ("Missing: … from lock file"). An entry with version, os and cpu is enough: npm skips it where
// the platform differs, and fetches it by name and version where it fits.
import fs from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const systems = ["darwin", "linux", "win32", "freebsd", "openbsd", "netbsd", "android", "sunos", "aix", "openharmony"];
const processors = ["arm64", "x64", "ia32", "arm", "wasm32", "ppc64", "s390x", "riscv64", "loong64"];

/** @typedef {{ version?: string, resolved?: string, dev?: boolean, optionalDependencies?: Record<string, string> }} Locked */

/** Optional packages that some package of the lock names and the lock lacks. @param {Record<string, Locked>} packages */
function missing(packages) {
  return Object.entries(packages).flatMap(([where, locked]) =>
    Object.entries(locked.optionalDependencies ?? {})
      .filter(([name]) => !resolves(packages, where, name))
      .map(([name, range]) => ({ name, range, dev: locked.dev === true, wantedBy: where })),
  );
}

/** Node's look-up: node_modules of the package itself, then of every folder above. @param {Record<string, Locked>} packages @param {string} from @param {string} name */
function resolves(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf("/node_modules/"), 0))) {
    if (packages[`${at}${at ? "/" : ""}node_modules/${name}`]) return true;
    if (at === "") return false;
  }
}

/** The entry for a platform package, whose name says where it runs. @param {{ name: string, range: string, dev: boolean }} wanted */
function entryFor({ name, range, dev }) {
  if (!/^\d+\.\d+\.\d+\S*$/.test(range)) throw new Error(`${name}@${range} is not an exact version; add it by hand.`);
  const words = name.split(/[-/]/);
  const os = systems.filter((s) => words.includes(s));
  const cpu = processors.filter((p) => words.includes(p));
  const libc = words.some((w) => w.startsWith("musl"))
    ? ["musl"]
    : words.some((w) => w.startsWith("gnu"))
      ? ["glibc"]
      : [];
  if (os.length === 0 && cpu.length === 0) throw new Error(`${name} does not say its platform; add it by hand.`);
  return {
    version: range,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev: true } : {}),
    ...(os.includes("linux") && libc.length > 0 ? { libc } : {}),
    license: "MIT",
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}

const lock = JSON.parse(fs.readFileSync(file, "utf8"));
const gaps = missing(lock.packages);
const hosts = Object.entries(lock.packages).filter(([, p]) => /** @type {Locked} */ (p).resolved?.startsWith("http"));

if (process.argv.includes("--check")) {
  for (const { name, range, wantedBy } of gaps)
    console.log(`package-lock.json lacks ${name}@${range}, wanted by ${wantedBy}`);
  for (const [where] of hosts) console.log(`package-lock.json names a registry for ${where}`);
  if (gaps.length + hosts.length > 0) console.log("Run `node scripts/fix-lock.mjs` and commit the lock.");
  process.exit(gaps.length + hosts.length > 0 ? 1 : 0);
}

for (const gap of gaps) lock.packages[`node_modules/${gap.name}`] = entryFor(gap);
for (const [where] of hosts) delete lock.packages[where].resolved;
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${gaps.length} platform packages added.`);
