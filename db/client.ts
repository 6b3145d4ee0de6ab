import "server-only";
import net from "node:net";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";

export type Db = NodePgDatabase & { $client: pg.Pool };
/** Inside a command's transaction. */
export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0];
/** What a query gets: it can only read. */
export type Reader = Pick<
  Db,
  "select" | "selectDistinct" | "selectDistinctOn" | "with" | "$with" | "$count" | "execute"
>;

type Done = (error?: Error | null) => void;

/**
 * A socket that sends in one piece what is written in one go: BEGIN, a command's writes and COMMIT are then one packet. A write
 * costs more than all that Countersign does to make it.
 */
class Gathering extends net.Socket {
  #open = false;
  override write(chunk: Uint8Array | string, done?: Done): boolean;
  override write(chunk: Uint8Array | string, encoding?: BufferEncoding, done?: Done): boolean;
  override write(chunk: Uint8Array | string, encoding?: BufferEncoding | Done, done?: Done): boolean {
    if (!this.#open) {
      this.#open = true;
      this.cork();
      process.nextTick(() => {
        this.#open = false;
        this.uncork();
      });
    }
    return typeof encoding === "string" ? super.write(chunk, encoding, done) : super.write(chunk, encoding ?? done);
  }
}

/** How drizzle writes column names, in every handle. */
export const casing = "snake_case";

/**
 * A pool and drizzle over it, by any PostgreSQL URL. Callers end the pool. Statements go out as they come, without waiting for the
 * answer to the one before on the same connection: a transaction then costs fewer round trips (db/transact.ts).
 */
export function connect(url: string, max = 10): { db: Db; pool: pg.Pool } {
  const pool = new pg.Pool({ connectionString: url, max, pipeline: true, stream: () => new Gathering() });
  // A connection that is lost is replaced on next use, and one in use fails its query; without listeners, on the pool for idle
  // ones and on each for those in use, it would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    // Compiling a statement costs up to a second, and none of the portal's runs long enough to earn it back. It goes out with the
    // connection's first statement; where it fails the connection is lost, and that statement says so.
    client.query("set jit = off").catch(() => undefined);
  });
  return { db: drizzle({ client: pool, casing }), pool };
}

// One pool per process, also across hot reloads of this module.
const store = globalThis as { countersignPool?: { db: Db; pool: pg.Pool } };

/** The process's database. The launcher sets DATABASE_URL and has migrated before it serves. */
export function database(): { db: Db; pool: pg.Pool } {
  if (process.env.NEXT_PHASE === "phase-production-build") {
    throw new Error(
      "The build must not open the database: a page that reads it needs `export const dynamic = 'force-dynamic'`.",
    );
  }
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set; start the portal with `npm start`.");
  store.countersignPool ??= connect(url, Number(process.env.DATABASE_POOL ?? 10));
  return store.countersignPool;
}
