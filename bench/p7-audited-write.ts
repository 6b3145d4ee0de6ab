import { rm } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { newId } from "@/lib/core/ids";
import { verifyCheckpoint } from "@/lib/log/checkpoint";
import { startLog } from "@/lib/log/sequencer";
import { rootOfEntries } from "@/lib/log/tree";
import { type Load, measure, median, round, rounds, seconds } from "./support/load";
import { makeNotes, note, text } from "./support/note";
import { temporaryFolder } from "./support/process";
import { report } from "./support/result";
import { withServer } from "./support/serve";

/**
 * P7: a command with its log entry against a plain insert of the same row, 1 and 8 writers, in the same run and process; also against
 * the same insert between BEGIN and COMMIT, which is what any audited write must at least be. fsync is on. The log is sequenced and
 * signed meanwhile and verified at the end.
 */
const keyDir = await temporaryFolder();
await withServer(async (server) => {
  const { db, pool } = await server.make("p7");
  await makeNotes(db);
  const log = await startLog({ db, dir: keyDir, origin: "log.bench", now: () => new Date() });
  if (!log) throw new Error("The log did not start.");
  const insert = "insert into bench_row (id, text, at) values ($1, $2, $3)";
  const done = () => 200;
  const plain = () => pool.query(insert, [newId(), text, new Date()]).then(done);
  const wrapped = async () => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      await client.query(insert, [newId(), text, new Date()]);
      await client.query("commit");
    } finally {
      client.release();
    }
    return 200;
  };
  let acknowledged = 0;
  const audited = async () => {
    await note(db);
    acknowledged++;
    return 200;
  };
  for (const work of [plain, wrapped, audited]) await measure(8, work);
  const runs: Record<"plain1" | "audited1" | "plain8" | "wrapped8" | "audited8", Load>[] = [];
  for (let i = 0; i < rounds; i++) {
    runs.push({
      plain1: await measure(1, plain),
      audited1: await measure(1, audited),
      plain8: await measure(8, plain),
      wrapped8: await measure(8, wrapped),
      audited8: await measure(8, audited),
    });
    const last = runs.at(-1);
    console.log(
      `${i + 1}/${rounds}: plain 1/8 ${last?.plain1.perSecond}/${last?.plain8.perSecond}, between BEGIN and COMMIT 8 ${last?.wrapped8.perSecond}, audited 1/8 ${last?.audited1.perSecond}/${last?.audited8.perSecond} per s; p99 ${last?.audited8.p99} ms`,
    );
  }
  const drainFrom = performance.now();
  await log.drain();
  const drainMs = Math.round(performance.now() - drainFrom);
  await log.stop();

  const { rows } = await db.execute<{ idx: string; leaf: Buffer }>(
    sql`select l.idx, e.leaf from log_leaf l join log_entry e on e.id = l.entry_id order by l.idx`,
  );
  const { rows: entries } = await db.execute<{ n: string }>(
    sql`select count(*) as n from log_entry where name = 'bench.noted'`,
  );
  const { rows: heads } = await db.execute<{ note: string }>(
    sql`select note from log_checkpoint order by size desc limit 1`,
  );
  const { rows: raws } = await db.execute<{ spki: Buffer }>(sql`select spki from portal_key where purpose = 'log'`);
  const { size, root } = rootOfEntries(rows.map((r) => r.leaf));
  const head = verifyCheckpoint(heads[0]?.note ?? "", {
    origin: "log.bench",
    raw: raws[0]?.spki.subarray(-32) ?? Buffer.alloc(32),
  });
  const verified = head.ok && head.head.size === size && Buffer.from(head.head.root).equals(root);
  const errors = runs.reduce((n, r) => n + r.audited1.errors + r.audited8.errors, 0);
  const lost = acknowledged - Number(entries[0]?.n);
  // Two entries record the portal's keys.
  const unsequenced = Number(entries[0]?.n) + 2 - size;
  const of = (figure: (run: (typeof runs)[number]) => number) => round(median(runs.map(figure)));
  const perSecond = (figure: (run: (typeof runs)[number]) => number) => `${of(figure)}/s`;
  await report("p7-audited-write", {
    sizes: { rounds, seconds, acknowledged },
    headlines: [
      {
        id: "P7",
        what: "Audited writes a second at 8 writers against plain inserts",
        ours: perSecond((r) => r.audited8.perSecond),
        reference: perSecond((r) => r.plain8.perSecond),
        figure: of((r) => r.audited8.perSecond / r.plain8.perSecond),
        target: { atLeast: 0.4 },
      },
      {
        id: "P7",
        what: "8 writers against 1",
        ours: perSecond((r) => r.audited8.perSecond),
        reference: perSecond((r) => r.audited1.perSecond),
        figure: of((r) => r.audited8.perSecond / r.audited1.perSecond),
        target: { atLeast: 1.5 },
      },
      {
        id: "P7",
        what: "p99 of an audited write at 8 writers, in ms",
        ours: `${of((r) => r.audited8.p99)} ms`,
        reference: `${of((r) => r.plain8.p99)} ms`,
        figure: of((r) => r.audited8.p99),
        target: { atMost: 500 },
      },
      {
        id: "P7",
        what: "Lost, forked or failed, of all acknowledged",
        ours: `${lost + unsequenced + errors + (verified ? 0 : 1)} of ${acknowledged}`,
        reference: "0",
        figure: lost + unsequenced + errors + (verified ? 0 : 1),
        target: { atMost: 0 },
      },
    ],
    detail: {
      runs,
      drainMs,
      lost,
      unsequenced,
      verified,
      againstSameTransaction: of((r) => r.audited8.perSecond / r.wrapped8.perSecond),
    },
  });
});
await rm(keyDir, { recursive: true, force: true });
process.exit(0);
