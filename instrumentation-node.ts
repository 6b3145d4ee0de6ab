import "server-only";
import path from "node:path";
import { database } from "@/db/client";
import { bootstrap } from "@/lib/auth/bootstrap";
import { config, secrets } from "@/lib/config/config";
import { startJobs } from "@/lib/jobs/start";
import { startLog } from "@/lib/log/sequencer";

/** Starts what runs beside requests. ROLE=web leaves the jobs to workers. */
export async function register(): Promise<void> {
  if (process.env.NEXT_PHASE === "phase-production-build") return;
  // The launcher died without stopping this process (kill -9): end as if it had.
  if (process.channel) process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  // Every process signs what its commands say, so every process opens the keys; sequencing is safe in all of them.
  const { dataDir, logOrigin } = config();
  const log = await startLog({
    db: database().db,
    dir: path.join(dataDir, "keys"),
    origin: logOrigin,
    now: () => new Date(),
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void log?.stop());
  await bootstrap(database().db, secrets().bootstrapToken);
  if (config().role === "web") return;
  const worker = startJobs();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void worker.stop());
}
