import pg from "pg";
import { migrate } from "./migrate";

/** Why the database cannot be used, in a sentence for whoever starts the portal. */
export class PrepareError extends Error {
  override name = "PrepareError";
}

const lockId = 727_202;

/**
 * Makes the database fit for the portal before it serves: reachable, PostgreSQL 15 or later, migrated, and with the demo
 * organisation when `seed` is given and nothing has happened in it yet. A seeding that was cut off left half an
 * organisation that nobody has used, because the portal serves only afterwards: it is dropped and begun again. Replicas
 * that start together do all this once. Returns the migrations it applied.
 */
export async function prepare(
  url: string,
  { seed, onMigrated }: { seed?: (() => Promise<void>) | undefined; onMigrated?: (applied: string[]) => void },
): Promise<void> {
  const client = await open(url);
  try {
    const version = Number((await client.query("show server_version_num")).rows[0].server_version_num);
    if (version < 150_000) {
      throw new PrepareError(
        `The database of DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}; Countersign needs 15 or later.`,
      );
    }
    await client.query("select pg_advisory_lock($1)", [lockId]);
    const { rows } = await client.query("select to_regclass('demo_seed') is not null as there");
    if (rows[0].there && (await client.query("select 1 from demo_seed where finished_at is null")).rowCount) {
      await client.query("drop schema public cascade; create schema public");
    }
    const applied = await migrate(url);
    onMigrated?.(applied);
    if (!seed) return;
    const begun = await client.query(
      "insert into demo_seed (id, started_at) select 1, now() where not exists (select 1 from log_entry) on conflict do nothing",
    );
    if (begun.rowCount !== 1) return;
    await seed();
    await client.query("update demo_seed set finished_at = now()");
  } finally {
    await client.end();
  }
}

async function open(url: string): Promise<pg.Client> {
  try {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
    // A connection that is lost shows at the next query; without a listener it would end the process without a word.
    client.on("error", () => undefined);
    await client.connect();
    return client;
  } catch (error) {
    throw new PrepareError(unreachable(url, error));
  }
}

/** Never repeats the URL, which may hold a password. */
function unreachable(url: string, error: unknown): string {
  const message =
    error instanceof Error ? error.message || String("code" in error ? error.code : error) : String(error);
  const where = URL.canParse(url) ? new URL(url).host || "its socket" : "DATABASE_URL, which is not a URL";
  return `The database at ${where} cannot be used: ${message}. Check DATABASE_URL and that PostgreSQL runs.`;
}
