// The steps of a start, in order. Each either holds or ends the start with one sentence.
import { spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { progress, say } from "./display.mjs";
import { built, install, installed, root } from "./ready-to-run.mjs";
import { announce, refuseSecond, withdraw } from "./run-file.mjs";
import { Sentence, sentenceFor } from "./sentence.mjs";

const usage = `npm start [-- OPTION…]
  --empty   start without the demo organisation
  --dev     serve from the sources, with reload (npm run dev)
Settings: .env.example has every one with a line each.`;

/** @param {readonly string[]} args */
export async function launch(args) {
  const unknown = args.find((a) => !["--empty", "--dev", "--help"].includes(a));
  if (unknown || args.includes("--help")) {
    console.log(unknown ? `Unknown option ${unknown}.\n${usage}` : usage);
    process.exit(unknown ? 2 : 0);
  }
  /** @type {(() => Promise<void>)[]} */
  const undo = [];
  let stopping = false;
  const stop = async (/** @type {number} */ code) => {
    if (stopping) return;
    stopping = true;
    for (const step of undo.reverse()) await step();
    process.exit(code);
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => void stop(0));
  // npm ends its shell and not what the shell runs: when whoever started this is gone, end as if told to.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid !== parent && void stop(0), 500).unref();
  }
  try {
    await start({ empty: args.includes("--empty"), dev: args.includes("--dev") }, undo, stop);
  } catch (error) {
    // What a step says when the ground is taken from under it on the way down is no fault.
    if (stopping) return;
    console.error(sentenceFor(error));
    await stop(1);
  }
}

/**
 * @param {{ empty: boolean, dev: boolean }} options
 * @param {(() => Promise<void>)[]} undo what to stop, latest first
 * @param {(code: number) => Promise<void>} stop
 */
async function start({ empty, dev }, undo, stop) {
  process.chdir(root);
  if (fs.existsSync(".env")) process.loadEnvFile(".env");
  const dataDir = dataFolder();
  refuseSecond(dataDir);

  if (!installed()) {
    say("installing packages (a minute or two, once)");
    install();
  }
  const { build, bundle } = await import("../build.mjs");
  if (dev) await bundle();
  else if (!built()) {
    say("building (a minute or two, once)");
    await build().catch((error) => {
      throw "code" in error ? error : new Sentence(`The build failed: ${error.message}`);
    });
  }

  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  process.env.DATA_DIR = dataDir;
  const config = await program("config");
  const faults = config ? await config.faults(env) : [];
  if (faults.length > 0)
    throw new Sentence(["These settings are wrong:", ...faults.map((/** @type {string} */ f) => `  ${f}`)].join("\n"));

  const host = env.HOST || "127.0.0.1";
  const port = await freePort(Number(env.PORT || 3000), host);
  const address = `http://${["127.0.0.1", "0.0.0.0", "::"].includes(host) ? "localhost" : host}:${port}`;

  const server = env.DATABASE_URL ? null : await embedded(dataDir, undo);
  const url = server?.url ?? env.DATABASE_URL ?? "";
  announce(dataDir, { address, databaseUrl: url, postgres: server?.pid ?? null });
  undo.push(async () => withdraw(dataDir));
  const { prepare } = await program("prepare");
  const demo = !empty && env.DEMO !== "off" ? await program("seed") : null;
  const bar = progress("seeding the demo organisation");
  await prepare(url, {
    onMigrated: (/** @type {string[]} */ applied) =>
      applied.length > 0 && say(`database migrated: ${applied.length} files`),
    seed: demo ? () => demo.seed(url, dataDir, bar.step).then(bar.done) : undefined,
  }).catch((/** @type {Error} */ error) => {
    throw error.name === "PrepareError" ? new Sentence(error.message) : error;
  });

  const next = spawn(
    process.execPath,
    ["node_modules/next/dist/bin/next", dev ? "dev" : "start", "-p", String(port), "-H", host],
    // The channel tells the portal when this launcher dies, so that it is not left behind (instrumentation-node.ts).
    { env: { ...env, DATABASE_URL: url, PORT: String(port) }, stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  const ended = new Promise((resolve) => next.once("exit", resolve));
  undo.push(async () => {
    next.kill("SIGTERM");
    const force = setTimeout(() => next.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(force);
  });

  next.once("exit", (code) => void stop(code ?? 1));

  const over = () => next.exitCode !== null || next.signalCode !== null;
  await ready(`http://${host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host}:${port}`, over);
  if (over()) return;
  say(`ready on ${address}`);
  console.log(howToSignIn(address, env, server?.home ?? null));
}

/** DATA_DIR, made if it is missing and proven writable. */
function dataFolder() {
  const dataDir = path.resolve(process.env.DATA_DIR || "data");
  try {
    // 0711: the embedded server's own user passes through to its folder, and sees nothing else.
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    const probe = path.join(dataDir, `.probe-${process.pid}`);
    fs.writeFileSync(probe, "");
    fs.rmSync(probe);
    if (process.getuid?.() === 0) fs.chmodSync(dataDir, fs.statSync(dataDir).mode | 0o001);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code === "ENOSPC") throw cause;
    throw new Sentence(
      `DATA_DIR ${dataDir} cannot be written to (${code}). Give this user the folder, or set another.`,
    );
  }
  const { bavail, bsize } = fs.statfsSync(dataDir);
  const free = Math.floor((bavail * bsize) / 1024 / 1024);
  if (free < 200)
    throw new Sentence(`The disk of DATA_DIR ${dataDir} has ${free} MB left; at least 200 MB are needed.`);
  return dataDir;
}

/** @param {string} dataDir @param {(() => Promise<void>)[]} undo */
async function embedded(dataDir, undo) {
  const { startEmbedded } = await import("../../db/embedded.mjs");
  const server = await startEmbedded(path.join(dataDir, "postgres")).catch((/** @type {Error} */ error) => {
    throw /^(No embedded|The embedded)/.test(error.message) ? new Sentence(error.message) : error;
  });
  undo.push(server.stop);
  return server;
}

/** A program that the build made, or null when this checkout has none of that name. @param {string} name */
async function program(name) {
  const file = path.join(root, "dist", `${name}.mjs`);
  return fs.existsSync(file) ? await import(pathToFileURL(file).href) : null;
}

/** The port, if nobody listens on it; 0 picks a free one. @param {number} port @param {string} host @returns {Promise<number>} */
function freePort(port, host) {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Sentence(`PORT must be a number from 0 to 65535, not ${process.env.PORT}.`);
  }
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", (error) => {
      const code = "code" in error ? error.code : "";
      if (code === "EADDRINUSE") reject(new Sentence(`Port ${port} is in use. Stop what listens there, or set PORT.`));
      else if (code === "EACCES")
        reject(new Sentence(`Port ${port} needs more rights than this user has. Set PORT to 1024 or higher.`));
      else if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
        reject(new Sentence(`HOST ${host} is no address of this machine.`));
      else reject(error);
    });
    server.listen(port, host, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === "object" && bound ? bound.port : port));
    });
  });
}

/** @param {string} address @param {() => boolean} givenUp */
async function ready(address, givenUp) {
  for (const until = Date.now() + 120_000; Date.now() < until && !givenUp(); ) {
    const answer = await fetch(`${address}/api/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (!givenUp()) throw new Sentence("The portal did not become ready within two minutes; its own messages are above.");
}

/** @param {string} address @param {NodeJS.ProcessEnv} env @param {string | null} databaseHome */
function howToSignIn(address, env, databaseHome) {
  const demo = env.DEMO !== "off" && !env.OIDC_ISSUER;
  return [
    "",
    `  Open      ${address}`,
    demo
      ? "  Sign in   pick a person on the sign-in page; no password in the demo"
      : `  Sign in   with ${env.OIDC_ISSUER ?? "an API token (BOOTSTRAP_TOKEN); set OIDC_ISSUER for people"}`,
    `  Data      ${env.DATA_DIR}, database ${databaseHome ?? "of DATABASE_URL"}`,
    "  Stop      Ctrl-C",
    "",
  ].join("\n");
}
