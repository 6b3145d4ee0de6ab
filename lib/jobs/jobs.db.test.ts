import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Refusal } from "@/lib/core/refusal";
import { testDatabase } from "@/lib/testing/database";
import type { JobHandlers } from "./job";
import { pruneJobs } from "./prune";
import { scheduler } from "./schedule";
import { claim, enqueue, finish, renew } from "./table";
import { worker } from "./worker";

let t: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.drop());
beforeEach(() => t.db.execute(sql`delete from job`));

const start = Date.parse("2026-03-02T09:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000);

const hand = (handlers: JobHandlers, clock: () => Date) =>
  worker({ db: t.db, handlers, now: clock, pollMs: 0, leaseMs: 60_000 });

async function jobRows() {
  const { rows } = await t.db.execute<{ name: string; state: string; attempts: number; last_error: string | null }>(
    sql`select name, state, attempts, last_error from job order by created_at, id`,
  );
  return rows;
}

test("a job runs once, with its payload, as the portal itself", async () => {
  const seen: unknown[] = [];
  await enqueue(t.db, { name: "greet", payload: { to: "Ingrid" } }, at(0));
  const w = hand({ greet: async (ctx, payload) => void seen.push([ctx.actor.kind, payload]) }, () => at(1));
  expect(await w.round()).toBe(1);
  expect(await w.round()).toBe(0);
  expect(seen).toEqual([["system", { to: "Ingrid" }]]);
  expect(await jobRows()).toMatchObject([{ state: "done", attempts: 1 }]);
});

test("two workers share 200 jobs and none runs twice", async () => {
  for (let i = 0; i < 200; i++) await enqueue(t.db, { name: "count", payload: { i } }, at(0));
  const ran: unknown[] = [];
  const handlers: JobHandlers = { count: async (_ctx, payload) => void ran.push(payload) };
  const drain = async () => {
    const w = hand(handlers, () => at(1));
    while ((await w.round()) > 0);
  };
  await Promise.all([drain(), drain()]);
  expect(ran).toHaveLength(200);
  expect(new Set(ran.map((p) => JSON.stringify(p))).size).toBe(200);
});

test("a job of a killed worker lies still until its lease runs out, then another does it", async () => {
  await enqueue(t.db, { name: "send", payload: {} }, at(0));
  const [held] = await claim(t.db, at(0), 60_000, 1);
  if (!held) throw new Error("the job was not claimed");
  let sent = 0;
  let clock = at(59);
  const w = hand({ send: async () => void sent++ }, () => clock);
  expect(await w.round()).toBe(0);
  clock = at(61);
  expect(await w.round()).toBe(1);
  expect(sent).toBe(1);
  // The killed worker was only slow after all: it can neither prolong nor finish what is no longer its own.
  expect(await renew(t.db, held, at(62), 60_000)).toBe(false);
  await finish(t.db, held, at(62));
  expect(await jobRows()).toMatchObject([{ state: "done", attempts: 2 }]);
});

test("a lease that is renewed is not taken over", async () => {
  await enqueue(t.db, { name: "sync", payload: {} }, at(0));
  const [held] = await claim(t.db, at(0), 60_000, 1);
  if (!held) throw new Error("the job was not claimed");
  expect(await renew(t.db, held, at(50), 60_000)).toBe(true);
  expect(await claim(t.db, at(70), 60_000, 1)).toEqual([]);
});

test("a failing job is tried five times with growing pauses, then failed with its last error", async () => {
  await enqueue(t.db, { name: "promote", payload: {} }, at(0));
  const tries: number[] = [];
  let second = 0;
  const w = hand(
    {
      promote: async () => {
        tries.push(second);
        throw new Refusal("upstream", "MLflow answered 500.");
      },
    },
    () => at(second),
  );
  for (; second < 400; second++) await w.round();
  expect(tries).toEqual([0, 2, 10, 42, 170]);
  expect(await jobRows()).toMatchObject([{ state: "failed", attempts: 5, last_error: "MLflow answered 500." }]);
});

test("a refusal that cannot pass by itself is not tried again", async () => {
  await enqueue(t.db, { name: "promote", payload: {} }, at(0));
  const w = hand(
    {
      promote: async () => {
        throw new Refusal("not_found", "There is no such release.");
      },
    },
    () => at(0),
  );
  await w.round();
  expect(await jobRows()).toMatchObject([{ state: "failed", attempts: 1 }]);
});

test("a job that nobody handles fails and says so", async () => {
  await enqueue(t.db, { name: "no.such", payload: {} }, at(0));
  await hand({}, () => at(0)).round();
  expect(await jobRows()).toMatchObject([
    { state: "failed", last_error: 'No handler is registered for the job "no.such".' },
  ]);
});

test("a job whose worker dies at the last attempt is failed, not run for ever", async () => {
  await enqueue(t.db, { name: "crash", payload: {} }, at(0));
  for (let i = 0; i < 5; i++) expect(await claim(t.db, at(i * 100), 60_000, 1)).toHaveLength(1);
  await hand({}, () => at(1000)).round();
  expect(await jobRows()).toMatchObject([{ state: "failed", attempts: 5 }]);
});

test("at most one job with a key waits; a running one may be followed by one more", async () => {
  const job = { name: "sync", payload: {}, uniqueKey: "sync a" };
  await enqueue(t.db, job, at(0));
  await enqueue(t.db, job, at(0));
  expect(await jobRows()).toHaveLength(1);
  await claim(t.db, at(0), 60_000, 1);
  await enqueue(t.db, job, at(1));
  await enqueue(t.db, job, at(1));
  expect((await jobRows()).map((r) => r.state)).toEqual(["running", "waiting"]);
});

test("a retry gives way to a newer job with its key", async () => {
  const job = { name: "sync", payload: {}, uniqueKey: "sync a" };
  await enqueue(t.db, job, at(0));
  const w = hand(
    {
      sync: async () => {
        await enqueue(t.db, job, at(1));
        throw new Refusal("upstream", "Down.");
      },
    },
    () => at(1),
  );
  await w.round();
  expect((await jobRows()).map((r) => r.state)).toEqual(["done", "waiting"]);
});

test("a recurring job is written once per slot by any number of replicas", async () => {
  const every = [{ name: "tick", everyMinutes: 15 }];
  const replicas = [scheduler(every), scheduler(every), scheduler(every)];
  const ran: string[] = [];
  for (const minute of [0, 1, 14, 15, 16, 31]) {
    const now = at(minute * 60);
    await Promise.all(replicas.map((schedule) => schedule(t.db, now)));
    await hand({ tick: async () => void ran.push(now.toISOString().slice(11, 16)) }, () => now).round();
  }
  expect(ran).toEqual(["09:00", "09:15", "09:31"]);
});

test("stop waits for the running job and takes no new one", async () => {
  await enqueue(t.db, { name: "slow", payload: {} }, at(0));
  let finishJob: () => void = () => undefined;
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const w = worker({
    db: t.db,
    now: () => at(1),
    // One at a time: a claim that was on its way when stop was called could rightly take the second.
    width: 1,
    pollMs: 5,
    handlers: {
      slow: () => {
        begun();
        return new Promise<void>((resolve) => {
          finishJob = resolve;
        });
      },
    },
  });
  await hasBegun;
  const stopping = w.stop();
  await enqueue(t.db, { name: "slow", payload: {} }, at(0));
  finishJob();
  await stopping;
  expect((await jobRows()).map((r) => r.state)).toEqual(["done", "waiting"]);
});

test("old jobs are forgotten, recent and open ones are kept", async () => {
  await enqueue(t.db, { name: "open", payload: {} }, at(0));
  await enqueue(t.db, { name: "old", payload: {} }, at(0));
  await enqueue(t.db, { name: "new", payload: {} }, at(0));
  await t.db.execute(sql`update job set state = 'done', finished_at = ${at(0).toISOString()} where name = 'old'`);
  await t.db.execute(
    sql`update job set state = 'done', finished_at = ${at(8 * 86_400).toISOString()} where name = 'new'`,
  );
  await enqueue(t.db, { name: "jobs.prune", payload: {}, runAt: at(-60) }, at(0));
  await worker({
    db: t.db,
    now: () => at(8 * 86_400),
    pollMs: 0,
    width: 1,
    handlers: { "jobs.prune": pruneJobs },
  }).round();
  expect((await jobRows()).map((r) => r.name).sort()).toEqual(["jobs.prune", "new", "open"]);
});
