import "server-only";
import { sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import type { Job } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";

/** What the table's statements run on: the pool's database or a transaction. */
type Runner = Pick<Reader, "execute">;

/** A job that this worker holds until `lockedUntil`. `attempts` counts this one and is the fence for finishing it. */
export type Claimed = { id: string; name: string; payload: string; attempts: number; maxAttempts: number };

/** Writes a job outside a command (schedules, tests). A command names its jobs in what it returns instead. */
export async function enqueue(run: Runner, job: Job & { id?: string }, now: Date): Promise<void> {
  await run.execute(sql`
    insert into job (id, name, payload, unique_key, run_at, created_at)
    values (${job.id ?? newId()}, ${job.name}, ${JSON.stringify(job.payload)}, ${job.uniqueKey ?? null}, ${(job.runAt ?? now).toISOString()}, ${now.toISOString()})
    on conflict do nothing`);
}

/**
 * Takes up to `limit` due jobs for one worker: waiting ones whose time has come, and running ones whose worker let the
 * lease run out (it was killed). No two workers get the same job: rows that another is taking are skipped.
 */
export async function claim(run: Runner, now: Date, leaseMs: number, limit: number): Promise<Claimed[]> {
  const at = now.toISOString();
  const until = new Date(now.getTime() + leaseMs).toISOString();
  const { rows } = await run.execute<{
    id: string;
    name: string;
    payload: string;
    attempts: number;
    max_attempts: number;
  }>(sql`
    update job set state = 'running', attempts = attempts + 1, locked_until = ${until}
    where id in (
      select id from job
      where attempts < max_attempts
        and ((state = 'waiting' and run_at <= ${at}) or (state = 'running' and locked_until <= ${at}))
      order by run_at limit ${limit} for update skip locked
    )
    returning id, name, payload, attempts, max_attempts`);
  return rows.map(({ max_attempts, ...row }) => ({ ...row, maxAttempts: max_attempts }));
}

/** Jobs whose worker died at the last attempt: nobody will take them again, so they are said to have failed. */
export async function buryAbandoned(run: Runner, now: Date): Promise<void> {
  const at = now.toISOString();
  await run.execute(sql`
    update job set state = 'failed', finished_at = ${at}, locked_until = null,
      last_error = 'The process that ran this job ended in the middle of its last attempt.'
    where state = 'running' and locked_until <= ${at} and attempts >= max_attempts`);
}

/** Prolongs the lease. False when the job is no longer this worker's: its lease had run out and another took it. */
export async function renew(run: Runner, job: Claimed, now: Date, leaseMs: number): Promise<boolean> {
  const until = new Date(now.getTime() + leaseMs).toISOString();
  const { rowCount } = await run.execute(
    sql`update job set locked_until = ${until} where id = ${job.id} and state = 'running' and attempts = ${job.attempts}`,
  );
  return rowCount === 1;
}

export async function finish(run: Runner, job: Claimed, now: Date): Promise<void> {
  await run.execute(sql`
    update job set state = 'done', finished_at = ${now.toISOString()}, locked_until = null, last_error = null
    where id = ${job.id} and state = 'running' and attempts = ${job.attempts}`);
}

/**
 * After a throw: waits for `retryAt`, or fails for good (null). A retry for which a newer job with the same key already
 * waits is dropped in favour of that one.
 */
export async function fail(run: Runner, job: Claimed, error: string, retryAt: Date | null, now: Date): Promise<void> {
  const at = now.toISOString();
  const mine = sql`id = ${job.id} and state = 'running' and attempts = ${job.attempts}`;
  if (retryAt) {
    const { rowCount } = await run.execute(sql`
      update job set state = 'waiting', run_at = ${retryAt.toISOString()}, locked_until = null, last_error = ${error}
      where ${mine} and not exists (
        select 1 from job newer where newer.unique_key = job.unique_key and newer.state = 'waiting' and newer.id <> job.id
      )`);
    if (rowCount === 1) return;
    await run.execute(sql`
      update job set state = 'done', finished_at = ${at}, locked_until = null, last_error = ${`${error} (a newer job does this again)`}
      where ${mine}`);
    return;
  }
  await run.execute(sql`
    update job set state = 'failed', finished_at = ${at}, locked_until = null, last_error = ${error} where ${mine}`);
}
