import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { database as ofProcess } from "@/db/client";
import { apiTokens, roleGrants } from "@/db/schema/org";
import { hashSecret } from "@/lib/auth/hash";
import { newId } from "@/lib/core/ids";
import { type Role, roles } from "@/lib/core/rights";
import { requestRelease } from "@/lib/releases/request";
import { testDatabase } from "./database";
import type { Known } from "./inputs";
import { testReleases } from "./releases";

/** What Next gives a route without parameters. */
export const noParams = { params: Promise.resolve({}) };

/** A database that the route handlers of this process use, with a model, a release asked for, and tokens to ask with. */
export async function testApi() {
  const t = await testDatabase();
  process.env.DATABASE_URL = t.url;
  process.env.DATA_DIR = mkdtempSync(path.join(tmpdir(), "countersign-api-"));
  // One token asks everything here, as fast as it can; a test of the limit sets it before.
  process.env.GATE_CHECKS_BURST ??= "1000000";
  const world = await testReleases(t.db);
  const model = await world.model();
  const asked = await requestRelease(world.owner, { model: model.name, version: model.version, environment: "prod" });
  const at = new Date();

  const holder = async (name: string, granted: readonly Role[], unit: string | null): Promise<string> => {
    const id = (await world.person(name, "viewer")).actor.id;
    for (const role of granted)
      await t.db
        .insert(roleGrants)
        .values({ personId: id, role, businessUnitId: unit, grantedBy: "test", grantedAt: at });
    return id;
  };
  const everyone = await holder("Every Role", roles, null);
  const elsewhere = await holder("Elsewhere", ["contributor", "viewer"], world.units.claims);
  const token = async (secret: string, personId: string, more: Partial<typeof apiTokens.$inferInsert> = {}) => {
    // The note of last use is a write of its own that is not what these tests count.
    const used = { createdBy: "test", createdAt: at, lastUsedAt: new Date(at.getTime() + 86_400_000) };
    await t.db.insert(apiTokens).values({
      id: newId(),
      name: secret,
      prefix: "cs_test",
      hash: hashSecret(secret),
      actorKind: "person",
      personId,
      roles: [],
      ...used,
      ...more,
    });
    return secret;
  };
  const tokens = {
    everyone: await token("cs_test_everyone", everyone),
    elsewhere: await token("cs_test_elsewhere", elsewhere),
    expired: await token("cs_test_expired", everyone, { expiresAt: new Date(at.getTime() - 1000) }),
    revoked: await token("cs_test_revoked", everyone, { revokedAt: at }),
  };

  const { rows } = await t.db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const known: Known = { release: asked.ref, model };
  return {
    known,
    tokens,
    world,
    /** How many rows every table has. */
    async rowCounts(): Promise<Record<string, number>> {
      const counts = sql.join(
        rows.map(({ name }) => sql`select ${name} as name, count(*)::int as n from ${sql.identifier(name)}`),
        sql` union all `,
      );
      const counted = await t.db.execute<{ name: string; n: number }>(counts);
      return Object.fromEntries(counted.rows.map((r) => [r.name, r.n]));
    },
    /** How many log entries have a name. */
    async entries(name: string): Promise<number> {
      const found = await t.db.execute<{ n: number }>(
        sql`select count(*)::int as n from log_entry where name = ${name}`,
      );
      return found.rows[0]?.n ?? 0;
    },
    async drop(): Promise<void> {
      await ofProcess().pool.end();
      await t.drop();
    },
  };
}
