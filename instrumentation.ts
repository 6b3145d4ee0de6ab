/** Next calls this once when a server starts. The work is in a file of its own, which only Node's bundle contains. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") await (await import("./instrumentation-node")).register();
}
