import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import pg from "pg";
import { type Portal, startPortal } from "./portal";

test.setTimeout(240_000);

const commands = 200;
const sideBySide = 20;

test("kill -9 of the portal during 200 commands loses nothing that was acknowledged", async () => {
  await crash(({ launcher, portal }) => [launcher, portal]);
});

test("kill -9 of the portal and its database during 200 commands loses nothing that was acknowledged", async () => {
  await crash(({ launcher, portal, postgres }) => [postgres, portal, launcher]);
});

async function crash(victims: (pids: ReturnType<Portal["pids"]>) => number[]): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "countersign-crash-"));
  const before = await startPortal({ demo: false, dataDir });
  const acknowledged = await burst(before, victims(before.pids()));
  await before.ended;
  expect(acknowledged.size, "some commands were answered before the crash, and some were not").toBeGreaterThan(0);
  expect(acknowledged.size).toBeLessThan(commands);

  const after = await startPortal({ demo: false, dataDir });
  try {
    await everyEntrySequenced(dataDir);
    const units = await rows<{ id: string; slug: string }>(dataDir, "select id, slug from business_unit");
    const entries = await rows<{ subject_id: string }>(
      dataDir,
      "select subject_id from log_entry where name = 'unit.created'",
    );
    const there = new Map(units.map((u) => [u.slug, u.id]));
    for (const [slug, id] of acknowledged) expect(there.get(slug), `acknowledged ${slug}`).toBe(id);
    // Table and log say the same, one entry each: nothing is half-written.
    expect(entries.map((e) => e.subject_id).sort()).toEqual(units.map((u) => u.id).sort());
    await logVerifies(dataDir);
    const more = await post(after, "after-the-crash");
    expect(more?.status).toBe(201);
    await everyEntrySequenced(dataDir);
    await logVerifies(dataDir);
  } finally {
    await after.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Sends the commands, kills after a third of them is answered, and returns the acknowledged ones: slug to id. */
async function burst(portal: Portal, victims: readonly number[]): Promise<Map<string, string>> {
  const acknowledged = new Map<string, string>();
  let next = 0;
  let killed = false;
  const sender = async () => {
    while (next < commands && !killed) {
      const slug = `unit-${String(next++).padStart(3, "0")}`;
      const answer = await post(portal, slug).catch(() => null);
      if (answer?.status === 201) acknowledged.set(slug, answer.id);
      if (acknowledged.size >= commands / 3 && !killed) {
        killed = true;
        for (const pid of victims) process.kill(pid, "SIGKILL");
      }
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, sender));
  return acknowledged;
}

async function post(portal: Portal, slug: string): Promise<{ status: number; id: string }> {
  const response = await fetch(`${portal.address}/api/v1/units`, {
    method: "POST",
    headers: { authorization: `Bearer ${portal.token}`, "content-type": "application/json" },
    body: JSON.stringify({ slug, name: `Unit ${slug}` }),
  });
  return { status: response.status, id: (await response.json()).id };
}

async function rows<T extends pg.QueryResultRow>(dataDir: string, query: string): Promise<T[]> {
  const { databaseUrl } = JSON.parse(readFileSync(path.join(dataDir, "run.json"), "utf8"));
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<T>(query)).rows;
  } finally {
    await client.end();
  }
}

async function everyEntrySequenced(dataDir: string): Promise<void> {
  await expect
    .poll(async () => {
      const [state] = await rows<{ queued: number; size: string; signed: string | null }>(
        dataDir,
        "select (select count(*)::int from log_queue) as queued, (select size from log_head) as size, (select max(size) from log_checkpoint) as signed",
      );
      return state?.queued === 0 && state.size === state.signed;
    })
    .toBe(true);
}

const sha256 = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();

/** RFC 6962 section 2.1, written here once more so that the check shares nothing with what it checks. */
function root(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return sha256();
  const [only] = hashes;
  if (hashes.length === 1 && only) return only;
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return sha256(Buffer.from([1]), root(hashes.slice(0, half)), root(hashes.slice(half)));
}

/** Gap-free, each leaf the hash of its entry, each entry a leaf, and the signed checkpoint over exactly these leaves. */
async function logVerifies(dataDir: string): Promise<void> {
  const leaves = await rows<{ idx: string; hash: Buffer; leaf: Buffer }>(
    dataDir,
    "select l.idx, l.hash, e.leaf from log_entry e left join log_leaf l on l.entry_id = e.id order by l.idx",
  );
  expect(leaves.map((l) => Number(l.idx))).toEqual(leaves.map((_, i) => i));
  for (const { hash, leaf } of leaves) expect(hash.equals(sha256(Buffer.from([0]), leaf))).toBe(true);
  const [checkpoint] = await rows<{ note: string }>(
    dataDir,
    "select note from log_checkpoint order by size desc limit 1",
  );
  const [, size, head] = checkpoint?.note.split("\n") ?? [];
  expect(Number(size)).toBe(leaves.length);
  expect(head).toBe(root(leaves.map((l) => l.hash)).toString("base64"));
}
