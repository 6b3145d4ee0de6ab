import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

export const temporaryFolder = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), "countersign-bench-"));

export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

async function answers(url: string, child: ChildProcess, minutes: number, output: () => string): Promise<void> {
  for (const until = Date.now() + minutes * 60_000; ; ) {
    if ((await fetch(url).catch(() => null))?.ok) return;
    if (Date.now() > until || child.exitCode !== null) throw new Error(`${url} did not come up.\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What a child wrote last, for the message when it fails. */
function tail(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (d) => (text = (text + d).slice(-4000)));
  return () => text;
}

export type Portal = { url: string; token: string; databaseUrl: string | null; pid: number; stop: () => Promise<void> };

/** The portal as `npm start` serves it, from a production build, in a folder of its own or on a database that is there. */
export async function startPortal(options: { demo: boolean; databaseUrl?: string; dataDir?: string }): Promise<Portal> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const port = await freePort();
  const token = "cs_bootstrap_for_benchmarks_0123456789abcdef";
  const child = spawn(process.execPath, ["scripts/start.mjs", ...(options.demo ? [] : ["--empty"])], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: String(port),
      BOOTSTRAP_TOKEN: token,
      NODE_ENV: "production",
      // One token asks as fast as it can; what is measured is the gate, not what it grants to one token.
      GATE_CHECKS_PER_SECOND: "1000000",
      GATE_CHECKS_BURST: "1000000",
      ...(options.databaseUrl ? { DATABASE_URL: options.databaseUrl } : {}),
    },
  });
  const output = tail(child);
  const url = `http://127.0.0.1:${port}`;
  const end = async () => {
    await stop(child);
    if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
  };
  await answers(`${url}/api/ready`, child, 10, output).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return { url, token, databaseUrl: options.databaseUrl ?? null, pid: child.pid ?? 0, stop: end };
}

/**
 * The bare Next application of bench/bare-next, built and served in a folder of its own: inside this checkout Next would take the
 * portal's proxy and instrumentation for its own. BENCH_BARE names one that is served already.
 */
export async function startBare(): Promise<{ url: string; stop: () => Promise<void> }> {
  if (process.env.BENCH_BARE) return { url: process.env.BENCH_BARE, stop: async () => undefined };
  const dir = await temporaryFolder();
  await cp(path.join(root, "bench/bare-next"), dir, { recursive: true });
  await symlink(path.join(root, "node_modules"), path.join(dir, "node_modules"));
  const next = path.join(dir, "node_modules/next/dist/bin/next");
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  const built = spawnSync(process.execPath, [next, "build", "--webpack"], { cwd: dir, env, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`The bare application does not build.\n${built.stdout}${built.stderr}`);
  const port = await freePort();
  const child = spawn(process.execPath, [next, "start", "-p", String(port), "-H", "127.0.0.1"], {
    cwd: dir,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = `http://127.0.0.1:${port}`;
  const end = async () => {
    await stop(child);
    await rm(dir, { recursive: true, force: true });
  };
  await answers(`${url}/api/bare`, child, 2, tail(child)).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return { url, stop: end };
}
