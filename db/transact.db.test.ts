import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { prepared, send, transact } from "./transact";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  await database.db.execute(sql`create table kept (n int primary key)`);
});
beforeEach(() => database.db.execute(sql`delete from kept`));
afterAll(() => database.drop());

const keep = prepared("keep", "insert into kept (n) values ($1::int)");
const kept = async (): Promise<number[]> =>
  (await database.db.execute<{ n: number }>(sql`select n from kept order by n`)).rows.map((r) => r.n);

test("writes that are under way when the work is done are committed with it", async () => {
  const result = await transact(database.db, async (tx) => ({
    result: "done",
    writes: [send(tx, keep, [1]), send(tx, keep, [2])],
  }));
  expect(result).toBe("done");
  expect(await kept()).toEqual([1, 2]);
});

test("one write that fails under way undoes all, and its own failure is the one that is thrown", async () => {
  const failed = transact(database.db, async (tx) => ({
    result: null,
    writes: [send(tx, keep, [1]), send(tx, keep, [1]), send(tx, keep, [2])],
  }));
  await expect(failed).rejects.toMatchObject({ code: "23505" });
  expect(await kept()).toEqual([]);
});

test("a failure that the work swallowed is no success", async () => {
  const failed = transact(database.db, async (tx) => {
    await send(tx, keep, [1]);
    await send(tx, keep, [1]).catch(() => null);
    return { result: "fine", writes: [] };
  });
  await expect(failed).rejects.toThrow("rolled back");
  expect(await kept()).toEqual([]);
});

test("a throw after a write undoes it, and the connection serves the next one", async () => {
  for (let i = 0; i < 20; i++) {
    const failed = transact(database.db, async (tx) => {
      await send(tx, keep, [i]);
      throw new Error("changed my mind");
    });
    await expect(failed).rejects.toThrow("changed my mind");
  }
  expect(await kept()).toEqual([]);
  await transact(database.db, async (tx) => ({ result: null, writes: [send(tx, keep, [3])] }));
  expect(await kept()).toEqual([3]);
});

test("a connection that is cut off in the middle throws, leaves nothing, and is replaced", async () => {
  const cut = transact(database.db, async (tx) => {
    await send(tx, keep, [1]);
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await database.db.execute(sql`select pg_terminate_backend(${rows[0]?.pid})`);
    return { result: null, writes: [send(tx, keep, [2])] };
  });
  await expect(cut).rejects.toThrow();
  expect(await kept()).toEqual([]);
});

test("the same statement reads through the pool, a command's transaction, and a reading of the past", async () => {
  const two = prepared("two", "select $1::int + $2::int as sum, $1::int as first");
  const [pooled] = await send<{ sum: number; first: number }>(database.db, two, [1, 2]);
  const [inside] = await transact(database.db, async (tx) => ({ result: await send(tx, two, [1, 2]), writes: [] }));
  const [past] = await database.db.transaction((tx) => send(tx, two, [1, 2]), { accessMode: "read only" });
  expect([pooled, inside, past]).toEqual(Array(3).fill({ sum: 3, first: 1 }));
});
