import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import pg from "pg";
import { z } from "zod";
import { connect, type Db } from "@/db/client";
import { startEmbedded } from "@/db/embedded.mjs";
import { migrate } from "@/db/migrate";
import { systemActor } from "@/lib/core/actor";
import { command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { yes } from "@/lib/core/refusal";
import { verifyCheckpoint } from "@/lib/log/checkpoint";
import { startLog } from "@/lib/log/sequencer";
import { rootOfEntries } from "@/lib/log/tree";

/**
 * P7 of the performance targets: a command with its log entry against a plain insert of the same row, 1 and 8 writers,
 * in the same run, the median of `rounds`. The log is sequenced and signed meanwhile and verified at the end.
 */
const seconds = Number(process.env.BENCH_SECONDS ?? 4);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const text = "x".repeat(200);

type Run = { perSecond: number; p50: number; p99: number; count: number; errors: number };

async function load(writers: number, write: (writer: number) => Promise<unknown>): Promise<Run> {
  const times: number[] = [];
  let errors = 0;
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      while (performance.now() < end) {
        const from = performance.now();
        await write(writer).catch(() => errors++);
        times.push(performance.now() - from);
      }
    }),
  );
  times.sort((a, b) => a - b);
  const at = (q: number) => Number((times[Math.floor(times.length * q)] ?? 0).toFixed(1));
  return { perSecond: Math.round(times.length / seconds), p50: at(0.5), p99: at(0.99), count: times.length, errors };
}

const note = command({
  name: "bench.noted",
  title: "Write a row",
  http: null,
  input: z.strictObject({ text: z.string().max(1000) }),
  load: async () => null,
  may: () => yes,
  run: async (tx, { input, now }) => {
    const id = newId();
    await tx.execute(sql`insert into bench_row (id, text, at) values (${id}, ${input.text}, ${now.toISOString()})`);
    return {
      result: { id },
      entry: { subject: { kind: "bench", id, ref: id }, summary: "wrote a row", body: { text: input.text } },
    };
  },
});

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function bench(db: Db, pool: pg.Pool, dir: string) {
  await db.execute(sql`create table bench_row (id uuid primary key, text text not null, at timestamptz not null)`);
  const log = await startLog({ db, dir, origin: "log.bench", now: () => new Date() });
  if (!log) throw new Error("The log did not start.");
  const plain = () =>
    pool.query("insert into bench_row (id, text, at) values ($1, $2, $3)", [newId(), text, new Date()]);
  const audited = () => note({ db, actor: systemActor, now: () => new Date(), requestId: "bench" }, { text });
  const runs: { plain1: Run; plain8: Run; audited1: Run; audited8: Run }[] = [];
  for (let round = 0; round < rounds; round++) {
    runs.push({
      plain1: await load(1, plain),
      audited1: await load(1, audited),
      plain8: await load(8, plain),
      audited8: await load(8, audited),
    });
    const last = runs.at(-1);
    console.log(
      `round ${round + 1}: plain 1/8 ${last?.plain1.perSecond}/${last?.plain8.perSecond} per s; audited 1/8 ${last?.audited1.perSecond}/${last?.audited8.perSecond} per s; p99 at 8 ${last?.audited8.p99} ms`,
    );
  }
  const drainFrom = performance.now();
  await log.drain();
  const drainMs = Math.round(performance.now() - drainFrom);
  await log.stop();

  const { rows } = await db.execute<{ idx: string; leaf: Buffer }>(
    sql`select l.idx, e.leaf from log_leaf l join log_entry e on e.id = l.entry_id order by l.idx`,
  );
  const { rows: entries } = await db.execute<{ n: string }>(sql`select count(*) as n from log_entry`);
  const { rows: heads } = await db.execute<{ note: string }>(
    sql`select note from log_checkpoint order by size desc limit 1`,
  );
  const { rows: raws } = await db.execute<{ spki: Buffer }>(sql`select spki from portal_key where purpose = 'log'`);
  const { size, root } = rootOfEntries(rows.map((r) => r.leaf));
  const head = verifyCheckpoint(heads[0]?.note ?? "", {
    origin: "log.bench",
    raw: raws[0]?.spki.subarray(-32) ?? Buffer.alloc(32),
  });
  const acknowledged = runs.reduce((n, r) => n + r.audited1.count + r.audited8.count, 0);
  const result = {
    bench: "P7 audited write",
    at: new Date().toISOString(),
    machine: `${os.cpus().length} x ${os.cpus()[0]?.model}`,
    node: process.version,
    seconds,
    rounds,
    plain1: median(runs.map((r) => r.plain1.perSecond)),
    plain8: median(runs.map((r) => r.plain8.perSecond)),
    audited1: median(runs.map((r) => r.audited1.perSecond)),
    audited8: median(runs.map((r) => r.audited8.perSecond)),
    ratioAt8: median(runs.map((r) => r.audited8.perSecond / r.plain8.perSecond)),
    ratioAt1: median(runs.map((r) => r.audited1.perSecond / r.plain1.perSecond)),
    scaling: median(runs.map((r) => r.audited8.perSecond / r.audited1.perSecond)),
    p99At8: median(runs.map((r) => r.audited8.p99)),
    errors: runs.reduce((n, r) => n + r.audited1.errors + r.audited8.errors, 0),
    acknowledged,
    // Two entries record the portal's keys.
    lost: acknowledged + 2 - Number(entries[0]?.n),
    unsequenced: Number(entries[0]?.n) - size,
    verified: head.ok && head.head.size === size && Buffer.from(head.head.root).equals(root),
    drainMs,
  };
  console.log(result);
  return result;
}

const dir = await mkdtemp(path.join(os.tmpdir(), "countersign-bench-"));
const keyDir = await mkdtemp(path.join(os.tmpdir(), "countersign-bench-keys-"));
const server = process.env.DATABASE_URL ? null : await startEmbedded(dir);
try {
  const admin = new pg.Client({ connectionString: process.env.DATABASE_URL ?? server?.url });
  await admin.connect();
  const name = `bench_p7_${process.pid}`;
  await admin.query(`create database ${name}`);
  const url = new URL(process.env.DATABASE_URL ?? server?.url ?? "");
  url.pathname = `/${name}`;
  await migrate(url.toString());
  const { db, pool } = connect(url.toString(), 12);
  try {
    const result = await bench(db, pool, keyDir);
    await mkdir("bench/results", { recursive: true });
    await writeFile("bench/results/p7.json", `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    await pool.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
} finally {
  await server?.stop();
  await rm(dir, { recursive: true, force: true });
  await rm(keyDir, { recursive: true, force: true });
}
