import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export type Portal = {
  /** Where people open it, e.g. http://localhost:41234. */
  address: string;
  dataDir: string;
  /** An administrator service's API token. */
  token: string;
  /** Everything that the launcher and the portal printed. */
  output: () => string;
  /** SIGTERM, then waits. */
  stop: () => Promise<void>;
  /** Process ids for tests that kill: the launcher, the portal, the database. */
  pids: () => { launcher: number; portal: number; postgres: number };
  /** Resolves when the launcher has ended. */
  ended: Promise<number | null>;
};

const token = "cs_bootstrap_for_browser_tests_0123456789";

/**
 * Starts the built portal through its launcher, as a person would with `npm start`, on a free port, with an embedded
 * database in a fresh folder (or in `dataDir`). Without `demo` it is empty.
 */
export async function startPortal(options: {
  demo: boolean;
  dataDir?: string;
  env?: Readonly<Record<string, string>>;
}): Promise<Portal> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), "countersign-e2e-"));
  const own = options.dataDir === undefined;
  const env = { ...process.env, PORT: "0", DATA_DIR: dataDir, BOOTSTRAP_TOKEN: token, ...options.env };
  // E2E_DEV=1 spares the build while a test is being written.
  const flags = [...(options.demo ? [] : ["--empty"]), ...(process.env.E2E_DEV ? ["--dev"] : [])];
  const launcher = spawn(process.execPath, ["scripts/start.mjs", ...flags], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  launcher.stdout.on("data", (chunk) => (output += chunk));
  launcher.stderr.on("data", (chunk) => (output += chunk));
  const ended = new Promise<number | null>((resolve) => launcher.once("exit", resolve));
  const address = await readyAddress(launcher, dataDir, () => output);
  return {
    address,
    dataDir,
    token,
    output: () => output,
    ended,
    pids: () => ({ launcher: launcher.pid ?? 0, portal: childOf(launcher.pid ?? 0), postgres: postmaster(dataDir) }),
    stop: async () => {
      launcher.kill("SIGTERM");
      await ended;
      if (own) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A portal that was started by hand with this token and E2E_DATA_DIR, so that a test can be tried again without a start. */
export function runningPortal(): Portal | null {
  const dataDir = process.env.E2E_DATA_DIR;
  if (!dataDir) return null;
  const { address, pid, postgres } = JSON.parse(readFileSync(path.join(dataDir, "run.json"), "utf8"));
  return {
    address,
    dataDir,
    token,
    output: () => "",
    ended: new Promise(() => undefined),
    pids: () => ({ launcher: pid, portal: childOf(pid), postgres }),
    stop: async () => undefined,
  };
}

/** A port that nothing uses, for a portal whose address must be known before it starts. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("The machine gave no port.");
  return address.port;
}

async function readyAddress(launcher: ChildProcess, dataDir: string, output: () => string): Promise<string> {
  const file = path.join(dataDir, "run.json");
  for (const until = Date.now() + 300_000; Date.now() < until; ) {
    if (launcher.exitCode !== null) break;
    if (existsSync(file)) {
      const { pid, address } = JSON.parse(readFileSync(file, "utf8"));
      if (pid === launcher.pid && (await fetch(`${address}/api/ready`).catch(() => null))?.ok) return address;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  launcher.kill("SIGTERM");
  throw new Error(`The portal did not start (exit ${launcher.exitCode}). It printed:\n${output()}`);
}

/** The launcher's one node child; read from /proc, which is where these tests run. */
function childOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  const portal = children.find((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("next"));
  if (!portal) throw new Error("The launcher has no portal process.");
  return portal;
}

const postmaster = (dataDir: string): number =>
  JSON.parse(readFileSync(path.join(dataDir, "run.json"), "utf8")).postgres;
