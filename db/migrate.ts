import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";

const lockId = 727_201;

/**
 * Applies the migrations that the database has not seen, in order, each in its own transaction, under an advisory lock,
 * so that replicas that start together do it once. Throws if a file that was applied has changed since.
 * Returns the names it applied.
 */
export async function migrate(url: string, folder = path.join(process.cwd(), "db/migrations")): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockId]);
    await client.query(
      "create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())",
    );
    const seen = new Map<string, string>();
    for (const row of (await client.query<{ name: string; sha256: string }>("select name, sha256 from migration"))
      .rows) {
      seen.set(row.name, row.sha256);
    }
    const applied: string[] = [];
    const files = (await readdir(folder)).filter((f) => f.endsWith(".sql")).sort();
    for (const name of files) {
      const text = await readFile(path.join(folder, name), "utf8");
      const sha256 = createHash("sha256").update(text).digest("hex");
      const before = seen.get(name);
      if (before === sha256) continue;
      if (before) throw new Error(`Migration ${name} was edited after it was applied. Restore it and add a new one.`);
      await client.query("begin");
      try {
        // The views of the past stand on columns; they are made anew below.
        await client.query("drop schema if exists as_of cascade");
        // History is otherwise kept at the commit, and a table with events that wait cannot be altered.
        await client.query("set constraints all immediate");
        await client.query(text);
        await client.query("insert into migration (name, sha256) values ($1, $2)", [name, sha256]);
        await client.query("commit");
      } catch (error) {
        await client.query("rollback");
        throw new Error(`Migration ${name} failed and was rolled back.`, { cause: error });
      }
      applied.push(name);
    }
    const { rows } = await client.query(
      "select to_regnamespace('as_of') is null and to_regproc('refresh_as_of') is not null as due",
    );
    if (rows[0].due) await client.query("select refresh_as_of()");
    return applied;
  } finally {
    await client.end();
  }
}
