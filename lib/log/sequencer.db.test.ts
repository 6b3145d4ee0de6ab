import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { v7 } from "uuid";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { systemActor } from "@/lib/core/actor";
import { type Ctx, command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { Refusal, yes } from "@/lib/core/refusal";
import { openPortalKeys, type PortalKeys, portalKeysInUse, setPortalKeys } from "@/lib/signing/keys";
import { storeStatement } from "@/lib/signing/store";
import { testDatabase } from "@/lib/testing/database";
import { verifyCheckpoint } from "./checkpoint";
import { readLast } from "./last-checkpoint";
import { leafHash } from "./merkle";
import { type Sequencer, sequencer, startLog, waitForSequenced } from "./sequencer";
import { integrate } from "./store";
import { rootOfEntries } from "./tree";

const origin = "log.test";
let t: Awaited<ReturnType<typeof testDatabase>>;
let dir: string;
let keys: PortalKeys;
const running: Sequencer[] = [];

beforeEach(async () => {
  t = await testDatabase();
  dir = await mkdtemp(path.join(tmpdir(), "countersign-log-"));
  keys = await openPortalKeys(t.db, dir, () => new Date());
  setPortalKeys(keys);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((s) => s.stop()));
  await t.drop();
  await rm(dir, { recursive: true, force: true });
});

const start = (): Sequencer => {
  const s = sequencer({ db: t.db, keys, origin, now: () => new Date() });
  running.push(s);
  return s;
};

const note = command({
  name: "test.noted",
  title: "Write a note",
  http: null,
  input: z.strictObject({ text: z.string() }),
  load: async () => null,
  may: () => yes,
  run: async (tx, { input, now }) => {
    if (input.text === "fail") throw new Refusal("conflict", "no");
    await storeStatement(tx, {
      payload: Buffer.from(input.text),
      predicateType: "t",
      subjects: [{ name: "a", digest: "b" }],
      now,
    });
    return {
      result: null,
      entry: {
        subject: { kind: "test", id: input.text, ref: input.text },
        summary: "wrote a note",
        body: { ...input },
      },
    };
  },
});
const ctx = (): Ctx => ({ db: t.db, actor: systemActor, now: () => new Date(), requestId: newId() });
const write = (count: number, prefix = newId()) =>
  Promise.all(Array.from({ length: count }, (_, i) => note(ctx(), { text: `${prefix}-${i}` })));

/** The log as an auditor sees it: every entry once, no gap, and the latest checkpoint over exactly these leaves. */
async function audit(): Promise<number> {
  const { rows } = await t.db.execute<{ idx: string; hash: Buffer; leaf: Buffer }>(
    sql`select l.idx, l.hash, e.leaf from log_leaf l join log_entry e on e.id = l.entry_id order by l.idx`,
  );
  expect(rows.map((r) => Number(r.idx))).toEqual(rows.map((_, i) => i));
  for (const r of rows) expect(r.hash.equals(leafHash(r.leaf))).toBe(true);
  const { rows: unsequenced } = await t.db.execute(
    sql`select e.id from log_entry e left join log_leaf l on l.entry_id = e.id where l.idx is null`,
  );
  expect(unsequenced).toEqual([]);
  const { rows: heads } = await t.db.execute<{ note: string }>(
    sql`select note from log_checkpoint order by size desc limit 1`,
  );
  const head = verifyCheckpoint(heads[0]?.note ?? "", { origin, raw: keys.log.raw });
  const { size, root } = rootOfEntries(rows.map((r) => r.leaf));
  expect(head).toMatchObject({ ok: true, head: { size, root: new Uint8Array(root) } });
  return size;
}

test("entries of parallel writers get indices without gaps and a signed checkpoint", async () => {
  const s = start();
  await write(300);
  await s.drain();
  expect(await audit()).toBe(302);
});

test("54: two integrators at once make one log", async () => {
  const [a, b] = [start(), start()];
  const writing = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < 40; i++) {
      await write(1);
      a.wake();
      b.wake();
    }
  });
  await Promise.all(writing);
  await Promise.all([a.drain(), b.drain()]);
  expect(await audit()).toBe(322);
});

test("55: a crash between the commit of leaves and their checkpoint is mended at the next start", async () => {
  await write(5);
  await t.db.transaction((tx) => integrate(tx, null));
  expect((await t.db.execute(sql`select 1 from log_checkpoint`)).rows).toEqual([]);
  await start().drain();
  expect(await audit()).toBe(7);
});

test("52: a command that is rolled back leaves no entry, no index and no receipt", async () => {
  const s = start();
  await expect(note(ctx(), { text: "fail" })).rejects.toThrow("no");
  await write(1);
  await s.drain();
  expect(await audit()).toBe(3);
  expect(await waitForSequenced(t.db, [newId()], 30)).toBeNull();
});

test("a receipt waits until its entry stands under a signed checkpoint", async () => {
  start();
  for (let i = 0; i < 3; i++) await write(1);
  const { rows } = await t.db.execute<{ id: string }>(sql`select id from log_entry order by id`);
  const ids = rows.map((r) => r.id);
  expect(await waitForSequenced(t.db, ids.reverse(), 5000)).toEqual([4, 3, 2, 1, 0]);
});

test("56: a clock that was set back, or another replica's, does not change the order", async () => {
  // Ids as three replicas make them whose clocks are an hour apart: each entry rests on the one before it.
  const ids = [3, 1, 2].map((hour) => v7({ msecs: Date.parse("2026-11-20T09:00:00Z") + hour * 3_600_000 }));
  expect([...ids].sort()).not.toEqual(ids);
  for (const [i, id] of ids.entries())
    await t.db.execute(
      sql`select append_entry(${id}::uuid, 'command', 'test.noted', now(), 'system', 'system', 'Countersign', 'test', 'x', 'x', null::uuid, 'wrote', ${Buffer.from(`leaf ${i}`)}::bytea, null::bytea, 'r')`,
    );
  await start().drain();
  const { rows } = await t.db.execute<{ entry_id: string }>(
    sql`select entry_id from log_leaf where entry_id = any(${sql.param(ids)}::uuid[]) order by idx`,
  );
  expect(rows.map((r) => r.entry_id)).toEqual(ids);
  expect(await audit()).toBe(5);
});

test("restarting continues the same tree across tile borders", async () => {
  for (let round = 0; round < 3; round++) {
    const s = sequencer({ db: t.db, keys, origin, now: () => new Date() });
    await write(150);
    await s.drain();
    await s.stop();
  }
  expect(await audit()).toBe(452);
  expect((await t.db.execute(sql`select level, n from log_node`)).rows).toEqual([{ level: 1, n: "0" }]);
});

test("53: a database restored from before the last signed checkpoint is not signed for", async () => {
  await write(3);
  const first = await startLog({ db: t.db, dir, origin, now: () => new Date() });
  await first?.drain();
  await first?.stop();
  const signed = await readLast(dir);
  expect(signed).toContain("log.test\n5\n");

  const older = await testDatabase();
  try {
    await older.db.execute(sql`insert into portal_key (kid, purpose, alg, spki, created_at) values
      (${keys.statement.kid}, 'statement', 'ES256', ${keys.statement.spki}, now()), (${keys.log.kid}, 'log', 'Ed25519', ${keys.log.spki}, now())`);
    expect(await startLog({ db: older.db, dir, origin, now: () => new Date() })).toBeNull();
    expect(() => portalKeysInUse()).toThrow(
      /The database was rolled back: its log has 0 entries, but a checkpoint over 5 was signed/,
    );
    // Grown again past the signed size, it is another history: still refused.
    for (let i = 0; i < 9; i++) await note({ ...ctx(), db: older.db }, { text: `other ${i}` });
    await older.db.transaction((tx) => integrate(tx, null));
    expect(await startLog({ db: older.db, dir, origin, now: () => new Date() })).toBeNull();
    expect(() => portalKeysInUse()).toThrow(/differs from the checkpoint over 5 entries/);
    expect((await older.db.execute(sql`select 1 from log_checkpoint`)).rows).toEqual([]);
  } finally {
    await older.drop();
  }
  // The right database is signed for as before.
  const again = await startLog({ db: t.db, dir, origin, now: () => new Date() });
  expect(again).not.toBeNull();
  await again?.stop();
  expect(portalKeysInUse().log.kid).toBe(keys.log.kid);
});

test("a last checkpoint that is damaged stops signing and says where it is", async () => {
  await writeFile(path.join(dir, "last-checkpoint"), "half a no");
  expect(await startLog({ db: t.db, dir, origin, now: () => new Date() })).toBeNull();
  expect(() => portalKeysInUse()).toThrow(/last-checkpoint is not a checkpoint of this log/);
});
