import "server-only";
import { createHash } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { NodePgSession, NodePgTransaction } from "drizzle-orm/node-postgres/session";
import { PgDialect } from "drizzle-orm/pg-core";
import type pg from "pg";
import { casing, type Db, type Reader, type Tx } from "./client";

/** A constant statement that each connection prepares once and then keeps with its plan. For what every request pays for. */
export type Statement = { name: string; text: string };

/** The name carries the text's hash: a connection that outlives a reload of the code never meets another text under the same name. */
export const prepared = (name: string, text: string): Statement => ({
  name: `${name}_${createHash("sha256").update(text).digest("hex").slice(0, 12)}`,
  text,
});

const dialect = new PgDialect({ casing });
const clients = new WeakMap<object, pg.PoolClient>();

/**
 * Sends a statement over whatever `read` stands for: the pool, the connection of a command's transaction, or another transaction
 * of drizzle's (reads of the past), which prepares nothing. Instants must come as text or JSON, since drizzle reads them otherwise.
 */
export async function send<R extends pg.QueryResultRow>(
  read: Reader,
  statement: Statement | { text: string },
  values: readonly unknown[],
): Promise<R[]> {
  const client = clients.get(read) ?? ("$client" in read ? (read as Db).$client : null);
  if (client) return (await client.query<R>({ ...statement, values: [...values] })).rows;
  const parts = statement.text.split(/\$(\d+)/);
  const chunks = parts.map((part, i) => (i % 2 === 0 ? sql.raw(part) : sql`${sql.param(values[Number(part) - 1])}`));
  const { rows }: { rows: unknown[] } = await read.execute(sql.join(chunks));
  return rows as R[];
}

/**
 * The same for a statement that is put together from few parts, such as the kinds that a search asks for. Not for one whose text grows
 * with its input: every text stays prepared on every connection.
 */
export function sendSql<R extends pg.QueryResultRow>(read: Reader, name: string, query: SQL): Promise<R[]> {
  const { sql: text, params } = dialect.sqlToQuery(query);
  return send<R>(read, prepared(name, text), params);
}

/** What a transaction did, and the writes that are under way when it is done: nobody reads their answers. */
type Work<T> = { result: T; writes: readonly Promise<unknown>[] };

/**
 * One transaction on one connection. BEGIN travels with the first statement and COMMIT with the last writes, so that it costs
 * a round trip less at either end; it returns after the answer to COMMIT, and so after the flush. If any write fails, the server
 * turns the COMMIT that follows into a rollback, and the first failure is thrown.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<Work<T>>): Promise<T> {
  const client = await db.$client.connect();
  const tx: Tx = new NodePgTransaction(
    dialect,
    new NodePgSession<Record<string, never>, Record<string, never>>(client, dialect, undefined),
    undefined,
  );
  clients.set(tx, client);
  const begun = client.query("begin");
  // Whatever breaks it breaks what follows; it is looked at below in any case.
  begun.catch(() => undefined);
  let broken = false;
  try {
    let done: Work<T>;
    try {
      done = await work(tx);
    } catch (error) {
      // A connection that cannot roll back is closed, which rolls back.
      await client.query("rollback").catch(() => {
        broken = true;
      });
      throw error;
    }
    const committed = client.query("commit");
    const outcomes = await Promise.allSettled([begun, ...done.writes, committed]);
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    if ((await committed).command !== "COMMIT")
      throw new Error("The transaction was rolled back: one of its statements failed and nobody said so.");
    return done.result;
  } finally {
    clients.delete(tx);
    client.release(broken);
  }
}
