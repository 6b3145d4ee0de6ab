import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { signCheckpoint } from "@/lib/log/checkpoint";
import { answerLog } from "@/lib/log/http";
import { sequencer } from "@/lib/log/sequencer";
import { entriesOf, entryBundle } from "@/lib/log/tiles";
import { publishedFile } from "@/lib/signing/published";
import { testDatabase } from "@/lib/testing/database";
import { testKeys } from "@/lib/testing/keys";
import { main } from "../main";

let t: Awaited<ReturnType<typeof testDatabase>>;
let server: Server;
let url: string;
let dir: string;
let drain: () => Promise<void>;
let stop: () => Promise<void>;
let keys: Awaited<ReturnType<typeof testKeys>>;
const origin = "log.test";
/** What a host that lies makes of an answer. */
let spoil = (_path: string, body: Buffer): Buffer => body;
const file = (name: string) => path.join(dir, name);

beforeAll(async () => {
  t = await testDatabase();
  dir = mkdtempSync(path.join(tmpdir(), "countersign-log-"));
  keys = await testKeys(t.db);
  const log = sequencer({ db: t.db, keys, origin, now: () => new Date() });
  ({ drain, stop } = log);
  server = createServer((request, response) => {
    const address = new URL(request.url ?? "/", "http://log.test");
    answerLog(t.db, address.pathname.slice(1).split("/"), address.searchParams).then(
      async (answer) => response.end(spoil(address.pathname, Buffer.from(await answer.arrayBuffer()))),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  await add(600);
  writeFileSync(file("portal.pub"), (await publishedFile(t.db, { host: "test", origin }, "portal.pub"))?.body ?? "");
});
afterAll(async () => {
  server.close();
  await stop();
  await t.drop();
  rmSync(dir, { recursive: true, force: true });
});

async function add(count: number) {
  for (let i = 0; i < count; i++) {
    const id = newId();
    await t.db.execute(
      sql`select append_entry(${id}::uuid, 'command', 'test.noted', now(), 'system', 'system', 'Countersign', 'test', 'x', 'x', null::uuid, 'wrote', ${Buffer.from(id)}::bytea, null::bytea, 'r')`,
    );
  }
  await drain();
}
async function run(...args: string[]) {
  const out: string[] = [];
  const code = await main(["log", "verify", "--key", file("portal.pub"), "--url", url, ...args], {
    out: (x) => out.push(x),
    err: (x) => out.push(x),
    env: {},
  });
  return { code, said: out.join("\n") };
}

test("an auditor rebuilds the root from the log's host, and sees later that it only grew", async () => {
  expect(await run("--keep", file("kept"))).toEqual({ code: 0, said: "ok   602 entries give the signed root" });
  await add(70);
  expect(await run("--since", file("kept"))).toEqual({
    code: 0,
    said: "ok   672 entries give the signed root\nok   it only grew since 602 entries",
  });
});

test.each<[string, (entries: Uint8Array[]) => Uint8Array[] | Buffer, number, string]>([
  ["39: a leaf removed", (e) => e.toSpliced(7, 1), 1, "covers 672 entries, only 671 are there"],
  ["40, 49: a byte of a tile changed", (e) => e.with(7, Buffer.from("x")), 1, "at least one was changed"],
  [
    "41: two leaves swapped",
    (e) => [...e.slice(0, 7), ...e.slice(7, 9).reverse(), ...e.slice(9)],
    1,
    "at least one was changed",
  ],
  ["50: an entry bundle cut short", (e) => Buffer.from(entryBundle(e)).subarray(0, -1), 2, "cut short"],
])("%s in what the host serves is refused, and the honest answer is not", async (_, change, code, why) => {
  expect((await run()).code).toBe(0);
  spoil = (path, body) => {
    if (path !== "/tile/entries/001") return body;
    const changed = change(entriesOf(body));
    return Buffer.isBuffer(changed) ? changed : Buffer.from(entryBundle(changed));
  };
  expect(await run()).toMatchObject({ code, said: expect.stringContaining(why) });
  spoil = (_path, body) => body;
});

test("45, 47: a fork under the log's own key is not the log that was kept, and a stranger's checkpoint is not the log's", async () => {
  const key = { origin, raw: keys.log.raw };
  const fork = { origin, size: 300, root: Buffer.alloc(32, 7) };
  writeFileSync(file("fork"), signCheckpoint(fork, key, keys.log.secret));
  expect(await run("--since", file("fork"))).toMatchObject({
    code: 1,
    said: expect.stringContaining("FAIL the log of 300 entries that you kept is not its beginning"),
  });
  const stranger = generateKeyPairSync("ed25519").privateKey;
  spoil = (path, body) =>
    path === "/checkpoint" ? Buffer.from(signCheckpoint({ ...fork, size: 672 }, key, stranger)) : body;
  expect(await run()).toMatchObject({ code: 1, said: expect.stringContaining("FAIL checkpoint: the log's signature") });
  spoil = (_path, body) => body;
  expect((await run()).code).toBe(0);
});

test("46: a log that was rolled back behind the kept checkpoint shows", async () => {
  expect((await run("--keep", file("newest"))).code).toBe(0);
  await t.db.execute(
    sql`set session_replication_role = replica; delete from log_checkpoint where size = 672; set session_replication_role = origin`,
  );
  expect(await run("--since", file("newest"))).toMatchObject({
    code: 1,
    said: expect.stringContaining("FAIL the log of 672 entries that you kept is not its beginning"),
  });
});

test("40: an entry that a superuser edited behind the triggers shows", async () => {
  await t.db.execute(
    sql`set session_replication_role = replica; update log_entry set leaf = 'forged' where id = (select entry_id from log_leaf where idx = 300); set session_replication_role = origin`,
  );
  expect(await run()).toMatchObject({ code: 1, said: expect.stringContaining("at least one was changed") });
});

test("a host that does not answer is not a verdict", async () => {
  expect(await run("--url", "http://127.0.0.1:9")).toMatchObject({
    code: 2,
    said: expect.stringContaining("does not answer"),
  });
});
