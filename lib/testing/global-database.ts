import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "@/db/embedded.mjs";
import { migrate } from "@/db/migrate";

declare module "vitest" {
  interface ProvidedContext {
    templateUrl: string;
    templateName: string;
  }
}

/** One server for the whole run, with a migrated template that each test file clones (about 50 ms). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env.TEST_DATABASE_URL;
  const dir = mkdtempSync(path.join(tmpdir(), "countersign-test-"));
  const server = external ? null : await startEmbedded(dir);
  const admin = external ?? server?.url ?? "";
  const name = `countersign_template_${process.pid}`;
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  await migrate(withDatabase(admin, name));
  project.provide("templateUrl", admin);
  project.provide("templateName", name);
  return async () => {
    const closing = new pg.Client({ connectionString: admin });
    await closing.connect();
    await closing.query(`drop database if exists ${name} with (force)`);
    await closing.end();
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}

function withDatabase(url: string, name: string): string {
  const u = new URL(url);
  u.pathname = `/${name}`;
  return u.toString();
}
