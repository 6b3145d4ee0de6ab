import "server-only";
import path from "node:path";
import { database } from "@/db/client";
import { bootstrap } from "@/lib/auth/bootstrap";
import { config, secrets } from "@/lib/config/config";
import { startJobs } from "@/lib/jobs/start";
import { startLog } from "@/lib/log/sequencer";

/**
 * Starts what runs beside requests. Every process signs what its commands say, so every one opens the keys and sequences;
 * jobs are left to workers where ROLE=web. Throws, and so ends the start, when settings or keys are wrong.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_PHASE === "phase-production-build") return;
  // The launcher died without stopping this process (kill -9): end as if it had.
  if (process.channel) process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  const { dataDir, logOrigin, role } = config();
  const { db } = database();
  const sequencer = await startLog({ db, dir: path.join(dataDir, "keys"), origin: logOrigin, now: () => new Date() });
  await bootstrap(db, secrets().bootstrapToken);
  const worker = role === "web" ? null : startJobs();
  const stop = async () => {
    await worker?.stop();
    await sequencer?.stop();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}
