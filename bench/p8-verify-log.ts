import { createHash, generateKeyPairSync } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Db } from "@/db/client";
import { signCheckpoint } from "@/lib/log/checkpoint";
import { entryPages } from "@/lib/log/entry-pages";
import { integrate } from "@/lib/log/store";
import { verifyLog } from "@/lib/log/verify-log";
import { ed25519Raw } from "@/lib/signing/spki";
import { median, round, rounds } from "./support/load";
import { report } from "./support/result";
import { withServer } from "./support/serve";

/**
 * P8 of the performance targets: rebuild the signed root from all entries in the database, against reading the same rows and
 * hashing each once (a hash chain), in the same run, the median of `rounds`.
 */
const entries = Number(process.env.BENCH_ENTRIES ?? 1_000_000);
const origin = "log.bench";

/** Fills the log with command leaves of a usual length, through the sequencer's own integration. */
async function fill(db: Db) {
  let edge: Awaited<ReturnType<typeof integrate>>["edge"] | null = null;
  for (let done = 0; done < entries; ) {
    const some = Math.min(50_000, entries - done);
    await db.execute(sql`
      with e as (
        insert into log_entry (id, kind, name, at, actor_kind, actor_id, actor_name, subject_kind, subject_id, subject_ref, summary, leaf, body, request_id)
        select (lpad(to_hex(${done}::bigint + n), 12, '0') || '70008000000000000000')::uuid, 'command', 'bench.noted', now(), 'system', 'system', 'Countersign', 'bench', n::text, n::text, 'wrote a row',
          convert_to('{"actor":"person:01a1fd42-6d44-77ef-a95d-bf8e6cb207ca","at":"2026-11-02T09:00:00.000Z","body":"' || md5(n::text) || md5((n + 1)::text) || '","name":"bench.noted","nonce":"' || md5((${done}::bigint + n)::text) || '","subject":"bench:01a1fd42-6d44-77ef-a95d-bf8e6cb207ca","v":"countersign/entry/v1"}', 'UTF8'), null, 'bench'
        from generate_series(1, ${some}::int) n returning id)
      insert into log_queue select id from e`);
    for (;;) {
      const next: Awaited<ReturnType<typeof integrate>> = await db.transaction((tx) => integrate(tx, edge));
      edge = next.edge;
      if (next.taken === 0) break;
    }
    done += some;
    if (done % 250_000 === 0) console.log(`${done} entries sequenced`);
  }
  if (!edge) throw new Error("Nothing was sequenced.");
  return { size: edge.size, root: edge.root() };
}

async function bench(db: Db) {
  const filling = performance.now();
  const head = await fill(db);
  const fillSeconds = (performance.now() - filling) / 1000;
  const pair = generateKeyPairSync("ed25519");
  const key = { origin, raw: ed25519Raw(pair.publicKey.export({ format: "der", type: "spki" })) };
  const checkpoint = signCheckpoint({ origin, ...head }, key, pair.privateKey);
  const ours: number[] = [];
  const raw: number[] = [];
  let ok = true;
  for (let i = 0; i < rounds; i++) {
    const rawFrom = performance.now();
    let chain = Buffer.alloc(32);
    for await (const page of entryPages(db))
      for (const leaf of page) chain = createHash("sha256").update(chain).update(leaf).digest();
    raw.push(entries / ((performance.now() - rawFrom) / 1000));
    const from = performance.now();
    const verdict = await verifyLog(entryPages(db), checkpoint, key);
    ours.push(entries / ((performance.now() - from) / 1000));
    ok &&= verdict.ok;
    console.log(`round ${i + 1}: verify ${Math.round(ours.at(-1) ?? 0)}/s, raw ${Math.round(raw.at(-1) ?? 0)}/s`);
  }
  await report("p8-verify-log", {
    sizes: { entries, rounds },
    headlines: [
      {
        id: "P8",
        what: "Verify a million log entries against reading and hashing them once",
        ours: `${Math.round(median(ours))}/s`,
        reference: `${Math.round(median(raw))}/s`,
        figure: round(median(ours.map((v, i) => v / (raw[i] ?? 1)))),
        target: { atLeast: 0.6 },
      },
    ],
    detail: {
      ok,
      sequencedPerSecond: Math.round(entries / fillSeconds),
      rssMb: Math.round(process.memoryUsage().rss / 1e6),
    },
  });
  if (!ok) throw new Error("The log does not verify.");
}

await withServer(async (server) => bench((await server.make("p8")).db));
process.exit(0);
