import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/lib/testing/database";
import { openPortalKeys } from "./keys";

let t: Awaited<ReturnType<typeof testDatabase>>;
let dir: string;
beforeEach(async () => {
  t = await testDatabase();
  dir = await mkdtemp(path.join(tmpdir(), "countersign-keys-"));
});
afterEach(async () => {
  await t.drop();
  await rm(dir, { recursive: true, force: true });
});
const open = (folder = dir) => openPortalKeys(t.db, folder, () => new Date());

test("the first start makes both keys, in files only the owner reads, and records them with a log entry each", async () => {
  const keys = await open();
  for (const name of ["statement", "log"]) expect((await stat(path.join(dir, `${name}.pem`))).mode & 0o777).toBe(0o600);
  const { rows } = await t.db.execute("select kid, purpose, alg from portal_key order by purpose");
  expect(rows).toEqual([
    { kid: keys.log.kid, purpose: "log", alg: "Ed25519" },
    { kid: keys.statement.kid, purpose: "statement", alg: "ES256" },
  ]);
  const entries = await t.db.execute("select name from log_entry");
  expect(entries.rows).toEqual([{ name: "portal_key.recorded" }, { name: "portal_key.recorded" }]);
});

test("a later start opens the same keys", async () => {
  const first = await open();
  const second = await open();
  expect(second.statement.kid).toBe(first.statement.kid);
  expect(second.log.kid).toBe(first.log.kid);
});

test("two first starts at once end with one key of each kind", async () => {
  const [a, b] = await Promise.all([open(), open()]);
  expect(a.statement.kid).toBe(b.statement.kid);
  expect(a.log.kid).toBe(b.log.kid);
});

test("a first start that was cut between file and database takes the file's key", async () => {
  const other = await testDatabase();
  const keys = await openPortalKeys(other.db, dir, () => new Date());
  await other.drop();
  expect((await open()).statement.kid).toBe(keys.statement.kid);
});

test.each(["statement", "log"] as const)("a missing %s key stops the start and is not replaced", async (purpose) => {
  await open();
  await rm(path.join(dir, `${purpose}.pem`));
  await expect(open()).rejects.toThrow(/is missing. Restore the file from a backup/);
  await expect(readFile(path.join(dir, `${purpose}.pem`))).rejects.toThrow(/ENOENT/);
});

test("another key in the file's place stops the start", async () => {
  await open();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await writeFile(path.join(dir, "statement.pem"), privateKey.export({ format: "pem", type: "pkcs8" }));
  await expect(open()).rejects.toThrow(/do not belong together/);
  await writeFile(path.join(dir, "statement.pem"), "rubbish");
  await expect(open()).rejects.toThrow(/is not a PKCS#8 private key/);
  const ed = generateKeyPairSync("ed25519").privateKey;
  await writeFile(path.join(dir, "statement.pem"), ed.export({ format: "pem", type: "pkcs8" }));
  await expect(open()).rejects.toThrow(/is not an ECDSA P-256 key/);
});

test("a second machine with a folder of its own is refused", async () => {
  await open();
  const other = await mkdtemp(path.join(tmpdir(), "countersign-keys-"));
  await expect(open(other)).rejects.toThrow(/is missing/);
  await rm(other, { recursive: true });
});
