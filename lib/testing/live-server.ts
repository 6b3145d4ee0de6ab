import { spawn } from "node:child_process";

/**
 * Starts a server of a real outside system and waits until it answers. It runs in a process group of its own, because such servers
 * start workers and all of them must go; `stop` kills the group, and may be called twice.
 */
export async function serve(
  name: string,
  run: {
    command: string;
    args: readonly string[];
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    /** Answers with success once the server is up. */
    ready: string;
  },
): Promise<{ stop: () => Promise<void> }> {
  const server = spawn(run.command, run.args, {
    ...(run.cwd ? { cwd: run.cwd } : {}),
    env: run.env ?? process.env,
    stdio: "ignore",
    detached: true,
  });
  const stop = async () => {
    // A server that was killed has a signal and no exit code; a second stop must not wait for an exit that has been.
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
    const exited = new Promise((resolve) => server.once("exit", resolve));
    process.kill(-server.pid, "SIGKILL");
    await exited;
  };
  for (const until = Date.now() + 120_000; ; ) {
    if ((await fetch(run.ready).catch(() => null))?.ok) return { stop };
    if (server.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`${name} did not come up (exit ${server.exitCode}).`);
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
