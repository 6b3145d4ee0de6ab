import { spawn, spawnSync } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { round } from "./support/load";
import { freePort, temporaryFolder } from "./support/process";
import { report } from "./support/result";

/**
 * P13: a clone of this commit with nothing in it, `npm start` until it is ready with the demo organisation (install, build, database and
 * seed included), and the second start. Packages come from wherever npm is told to get them, with a cache of its own, so that the
 * network counts. BENCH_WARM=1 keeps npm's own cache.
 */
const root = path.resolve(import.meta.dirname, "..");
const { DATABASE_URL: _, ...withoutDatabase } = process.env;
const dir = await temporaryFolder();
const clone = path.join(dir, "clone");
const cloned = spawnSync("git", ["clone", "-q", "--no-hardlinks", root, clone], { encoding: "utf8" });
if (cloned.status !== 0) throw new Error(cloned.stderr);

/** Seconds until /api/ready says so, with what it printed on the way; then it is stopped. */
async function start(): Promise<number> {
  const port = await freePort();
  const from = performance.now();
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: clone,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...withoutDatabase,
      DATA_DIR: path.join(dir, "data"),
      PORT: String(port),
      ...(process.env.BENCH_WARM ? {} : { npm_config_cache: path.join(dir, "npm") }),
    },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => {
      said = (said + text).slice(-4000);
    });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    for (const until = Date.now() + 30 * 60_000; ; ) {
      if ((await fetch(`http://127.0.0.1:${port}/api/ready`).catch(() => null))?.ok) break;
      if (child.exitCode !== null || Date.now() > until) throw new Error(`It did not start.\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return (performance.now() - from) / 1000;
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

try {
  const first = round(await start(), 1);
  console.log(`first start ${first} s`);
  const again: number[] = [];
  for (let i = 0; i < 3; i++) again.push(round(await start(), 1));
  const second = [...again].sort((a, b) => a - b)[1] ?? 0;
  await report("p13-start", {
    sizes: { models: 120, versions: 900 },
    headlines: [
      {
        id: "P13",
        what: "A bare clone until ready with the demo organisation, npm ci and build included, in seconds",
        ours: `${first} s`,
        reference: "none",
        figure: first,
        target: { atMost: 300 },
      },
      {
        id: "P13",
        what: "Second start until ready, in seconds",
        ours: `${second} s`,
        reference: "none",
        figure: second,
        target: { atMost: 5 },
      },
    ],
    detail: { first, again },
  });
} finally {
  await rm(dir, { recursive: true, force: true });
}
process.exit(0);
