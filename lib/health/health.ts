import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** One part of the portal that must work before it takes requests. */
export type Part = { part: "database" | "migrations" | "log" | "jobs"; ok: boolean; detail: string };

/** What runs, what waits and what failed. Times are ISO 8601. */
export type Health = {
  parts: readonly Part[];
  /** Jobs by state; `oldestDue` is the longest-waiting one that could run now. */
  jobs: { waiting: number; running: number; done: number; failed: number; oldestDue: string | null };
  /** The latest jobs that were given up. */
  failures: readonly { id: string; name: string; attempts: number; error: string; failedAt: string }[];
  /** Entries in the log, entries that wait for their place in it, and its latest signed checkpoint. */
  log: { size: number; queued: number; checkpoint: { size: number; signedAt: string } | null };
  /** Database connections of the answering process. */
  pool: { open: number; idle: number; waiting: number };
  connections: readonly {
    id: string;
    name: string;
    system: string;
    lastCompletedAt: string | null;
    state: string | null;
  }[];
};

export const mayReadHealth = (actor: Actor): Verdict =>
  actor.kind === "system" || holds(actor, "connections:read")
    ? yes
    : no("forbidden", "Only administrators see how the portal runs. Ask one of them for the role.");

/** Names of connected systems and figures, nothing about any model: whoever may read the inventory may scrape them. */
export const mayReadMetrics = (actor: Actor): Verdict =>
  holds(actor, "inventory:read") ? yes : no("forbidden", "Give the scraper's API token the right inventory:read.");

export const mayRetryJob = (actor: Actor, job: { state: string }): Verdict => {
  if (!holds(actor, "connections:manage")) return no("forbidden", "Only administrators start a failed job again.");
  return job.state === "failed" ? yes : no("conflict", "This job has not failed, or was started again already.");
};
