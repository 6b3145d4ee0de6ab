import pg from "pg";
import { inject } from "vitest";
import { connect, type Db } from "@/db/client";

/** A database of its own for one test file, cloned from the migrated template. Call `drop` in afterAll. */
export async function testDatabase(): Promise<{ db: Db; url: string; drop: () => Promise<void> }> {
  const admin = inject("templateUrl");
  const template = inject("templateName");
  const name = `t_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await run(admin, `create database ${name} template ${template}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  const { db, pool } = connect(url.toString());
  return {
    db,
    url: url.toString(),
    drop: async () => {
      await pool.end();
      await run(admin, `drop database ${name} with (force)`);
    },
  };
}

async function run(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
