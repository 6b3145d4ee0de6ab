import "server-only";
import type { Db } from "@/db/client";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { logFault, logLine } from "@/lib/core/log-line";
import { Refusal, type RefusalCode } from "@/lib/core/refusal";
import type { JobHandlers } from "./job";
import { buryAbandoned, type Claimed, claim, fail, finish, renew } from "./table";

export type Worker = {
  /** Looks for work now instead of at the next poll. */
  poke: () => void;
  /** Takes no new job, waits for the running ones. What is still running after `graceMs` comes back when its lease runs out. */
  stop: (graceMs?: number) => Promise<void>;
  /** One round: takes what is due and runs it to its end. The number of jobs taken. */
  round: () => Promise<number>;
};

type Options = {
  db: Db;
  handlers: JobHandlers;
  now?: () => Date;
  /** How many jobs run side by side in this process. */
  width?: number;
  pollMs?: number;
  /** How long a killed worker's job lies still. A living worker renews it at every third. */
  leaseMs?: number;
  /** Called before each round; the schedule enqueues what has come due. */
  beforeRound?: (db: Db, now: Date) => Promise<void>;
};

/** A refusal of these kinds may pass by itself; any other refusal answers the same at every attempt. */
const passing: readonly RefusalCode[] = ["conflict", "rate_limited", "upstream", "unavailable"];

/** 2 s, 8 s, 32 s, … at most 15 minutes: a system that is down for a moment, and one that is down for an hour. */
const backoffMs = (attempts: number): number => Math.min(2_000 * 4 ** (attempts - 1), 900_000);

/**
 * Works the job table, beside any number of other workers (ADR-0003). A job runs at least once: handlers are idempotent,
 * because a worker that is killed after its effect and before `finish` leaves the job to another.
 */
export function worker(options: Options): Worker {
  const { db, handlers, now = () => new Date(), width = 4, pollMs = 1_000, leaseMs = 60_000, beforeRound } = options;
  const running = new Set<Promise<void>>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let lookAgain = false;

  const take = async (): Promise<Claimed[]> => {
    await beforeRound?.(db, now());
    await buryAbandoned(db, now());
    return claim(db, now(), leaseMs, width - running.size);
  };

  const start = (job: Claimed): Promise<void> => {
    const task = perform(db, handlers, job, now, leaseMs).catch((error) => logFault(error, job.id));
    running.add(task);
    return task.finally(() => running.delete(task));
  };

  const look = async (): Promise<void> => {
    do {
      lookAgain = false;
      if (stopped || running.size >= width) return;
      try {
        // A slot that becomes free is filled at once, without waiting for the slowest of the batch.
        for (const job of await take()) void start(job).finally(poke);
      } catch (error) {
        logFault(error, "jobs");
      }
    } while (lookAgain);
  };

  function poke(): void {
    lookAgain = true;
    looking ??= look().finally(() => {
      looking = null;
    });
  }

  if (pollMs > 0) {
    timer = setInterval(poke, pollMs);
    poke();
  }

  return {
    poke,
    round: async () => {
      const jobs = await take();
      await Promise.all(jobs.map(start));
      return jobs.length;
    },
    stop: async (graceMs = 10_000) => {
      stopped = true;
      clearInterval(timer);
      await looking;
      let grace: NodeJS.Timeout | undefined;
      await Promise.race([
        Promise.all(running),
        new Promise((resolve) => {
          grace = setTimeout(resolve, graceMs);
        }),
      ]);
      clearTimeout(grace);
    },
  };
}

async function perform(db: Db, handlers: JobHandlers, job: Claimed, now: () => Date, leaseMs: number): Promise<void> {
  const heartbeat = setInterval(() => {
    renew(db, job, now(), leaseMs).catch((error) => logFault(error, job.id));
  }, leaseMs / 3);
  const ctx: Ctx = { db, actor: systemActor, now, requestId: job.id };
  try {
    const handler = handlers[job.name];
    if (!handler) throw new Refusal("not_found", `No handler is registered for the job "${job.name}".`);
    await handler(ctx, JSON.parse(job.payload));
    await finish(db, job, now());
  } catch (error) {
    const hopeless = error instanceof Refusal && !passing.includes(error.code);
    const last = hopeless || job.attempts >= job.maxAttempts;
    const retryAt = last ? null : new Date(now().getTime() + backoffMs(job.attempts));
    if (!(error instanceof Refusal)) logFault(error, job.id);
    logLine("job.failed", { job: job.name, id: job.id, attempt: job.attempts, again: retryAt?.toISOString() ?? null });
    await fail(db, job, error instanceof Error ? error.message : String(error), retryAt, now());
  } finally {
    clearInterval(heartbeat);
  }
}
