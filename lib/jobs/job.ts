import type { Ctx } from "@/lib/core/command";

/**
 * Does one job. It runs as the portal itself; `payload` is what was enqueued, to be parsed with zod. It may run twice, so
 * its effect is idempotent. A throw is retried with growing pauses; a refusal that cannot pass by itself is not.
 */
export type JobHandler = (ctx: Ctx, payload: unknown) => Promise<void>;

export type JobHandlers = Readonly<Record<string, JobHandler>>;

/** A job that comes round by itself, once per slot however many replicas run. Slots count from the epoch in UTC. */
export type Recurring = { name: string; everyMinutes: number };
