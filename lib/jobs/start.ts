import "server-only";
import { database } from "@/db/client";
import { config } from "@/lib/config/config";
import { wakeFanOut } from "@/lib/notifications/jobs";
import { jobHandlers, recurringJobs } from "./registry";
import { scheduler } from "./schedule";
import { type Worker, worker } from "./worker";

// One worker per process, also across hot reloads of this module.
const store = globalThis as { countersignWorker?: Worker };

/** Starts this process's worker, once. */
export function startJobs(): Worker {
  const schedule = scheduler(recurringJobs);
  store.countersignWorker ??= worker({
    db: database().db,
    handlers: jobHandlers,
    ...config().jobs,
    beforeRound: async (db, now) => {
      await schedule(db, now);
      await wakeFanOut(db, now);
    },
  });
  return store.countersignWorker;
}

/** Whether this process works jobs. */
export const jobsRunning = (): boolean => store.countersignWorker !== undefined;
