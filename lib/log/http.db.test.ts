import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Actor } from "@/lib/core/actor";
import { type Ctx, command } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { yes } from "@/lib/core/refusal";
import { openPortalKeys, type PortalKeys, setPortalKeys } from "@/lib/signing/keys";
import { publishedFile } from "@/lib/signing/published";
import { testDatabase } from "@/lib/testing/database";
import { logKeyOf, verifyCheckpoint } from "./checkpoint";
import { answerLog } from "./http";
import { leafHash, verifyConsistency, verifyInclusion } from "./merkle";
import { logEntry, logHead, logList } from "./queries";
import { sequencer } from "./sequencer";
import { entriesOf, entryBundle, parseTilePath, tilePath } from "./tiles";
import { Edge } from "./tree";

let t: Awaited<ReturnType<typeof testDatabase>>;
let dir: string;
let keys: PortalKeys;
const as = { host: "portal.test", origin: "log.localhost" };
const ines: Actor = {
  kind: "person",
  id: newId(),
  name: "Ines Aydin",
  grants: [{ role: "viewer", units: null }],
  scopes: null,
};
const ctx = (actor = ines): Ctx => ({ db: t.db, actor, now: () => new Date(), requestId: newId() });
const claim = command({
  name: "model.claimed",
  title: "Claim",
  http: null,
  input: z.strictObject({ model: z.string(), note: z.string().default("") }),
  load: async () => null,
  may: () => yes,
  run: async (_tx, { input }) => ({
    result: null,
    entry: {
      subject: { kind: "model", id: input.model, ref: input.model },
      summary: `claimed ${input.model}`,
      body: { note: input.note },
    },
  }),
});

const total = 600;
let leaves: Buffer[];
beforeAll(async () => {
  t = await testDatabase();
  dir = await mkdtemp(path.join(tmpdir(), "countersign-log-"));
  keys = await openPortalKeys(t.db, dir, () => new Date());
  setPortalKeys(keys);
  const s = sequencer({ db: t.db, keys, origin: as.origin, now: () => new Date() });
  for (let i = 0; i < total - 2; i++)
    await claim(ctx(), { model: i % 2 ? "card-fraud-score" : "churn-model", note: `${i}` });
  await s.drain();
  await s.stop();
  const { rows } = await t.db.execute<{ leaf: Buffer }>(
    sql`select e.leaf from log_leaf l join log_entry e on e.id = l.entry_id order by l.idx`,
  );
  leaves = rows.map((r) => r.leaf);
}, 60_000);
afterAll(async () => {
  await t.drop();
  await rm(dir, { recursive: true, force: true });
});

const get = (address: string) => {
  const url = new URL(address, "http://log.localhost");
  return answerLog(t.db, url.pathname.slice(1).split("/"), url.searchParams);
};
const bytesOf = async (address: string) => Buffer.from(await (await get(address)).arrayBuffer());
const hashes = (list: string[]) => list.map((h) => Buffer.from(h, "base64"));

test("the checkpoint, the tiles and the entries together rebuild the signed root from nothing else", async () => {
  const vkey = (await publishedFile(t.db, as, "log.vkey"))?.body ?? "";
  const checkpoint = await get("/checkpoint");
  expect(checkpoint.headers.get("cache-control")).toBe("no-cache");
  const head = verifyCheckpoint(await checkpoint.text(), logKeyOf(vkey));
  if (!head.ok) throw new Error(head.why);
  expect(head.head.size).toBe(total);
  const edge = new Edge();
  for (const address of ["/tile/entries/000", "/tile/entries/001", "/tile/entries/002.p/88"])
    for (const entry of entriesOf(await bytesOf(address))) edge.append(leafHash(entry));
  expect(edge.size).toBe(total);
  expect(Buffer.from(edge.root())).toEqual(Buffer.from(head.head.root));
  const level1 = await bytesOf("/tile/1/000.p/2");
  const first = new Edge();
  for (const leaf of leaves.slice(0, 256)) first.append(leafHash(leaf));
  expect(level1.subarray(0, 32)).toEqual(Buffer.from(first.root()));
  expect(await bytesOf("/tile/0/002.p/88")).toEqual(Buffer.concat(leaves.slice(512).map(leafHash)));
  expect((await get("/tile/0/001")).headers.get("cache-control")).toContain("immutable");
});

test.each([
  "/tile/0/003",
  "/tile/0/002",
  "/tile/0/002.p/89",
  "/tile/0/2",
  "/tile/0/000.p/256",
  "/tile/0/000.p/0",
  "/tile/0/x000/000",
  "/tile/1/000",
  "/tile/2/000.p/1",
  "/tile/64/000",
  "/tile/entries/003",
  "/tile/entries/../checkpoint",
  "/tile",
  "/nothing",
  "/inclusion?index=600&size=600",
  "/inclusion?index=5&size=601",
  "/consistency?from=7&to=6",
  "/consistency?from=1&to=601",
])("%s is not found", async (address) => {
  await expect(get(address)).rejects.toMatchObject({ code: "not_found" });
});
test.each([
  "/inclusion",
  "/inclusion?index=-1",
  "/inclusion?index=1e3",
  "/inclusion?index=1&extra=1",
  "/consistency?from=x",
])("%s is refused with the field at fault", async (address) => {
  await expect(get(address)).rejects.toMatchObject({ code: "invalid" });
});

test("49, 50: a tile that was tampered with or cut short shows", async () => {
  const bundle = await bytesOf("/tile/entries/001");
  expect(() => entriesOf(bundle.subarray(0, -1))).toThrow(/cut short/);
  expect(() => entriesOf(Buffer.concat([bundle, Buffer.from([0])]))).toThrow(/cut short/);
  expect(entryBundle(entriesOf(bundle))).toEqual(new Uint8Array(bundle));
  const entries = entriesOf(bundle).map((e) => Buffer.from(e));
  entries[3]?.fill("x", 10, 11);
  const tampered = new Edge();
  for (const entry of entries) tampered.append(leafHash(entry));
  expect((await bytesOf("/tile/1/000.p/2")).subarray(32)).not.toEqual(Buffer.from(tampered.root()));
});

test("inclusion and consistency over HTTP verify against the checkpoint", async () => {
  const head = verifyCheckpoint(await (await get("/checkpoint")).text(), { origin: as.origin, raw: keys.log.raw });
  if (!head.ok) throw new Error(head.why);
  for (const index of [0, 255, 256, 599]) {
    const answer = await (await get(`/inclusion?index=${index}`)).json();
    expect(answer).toMatchObject({ index, size: total });
    const leaf = leafHash(leaves[index] ?? Buffer.alloc(0));
    expect(verifyInclusion(leaf, index, total, hashes(answer.hashes), head.head.root)).toBe(true);
  }
  const old = new Edge();
  for (const leaf of leaves.slice(0, 300)) old.append(leafHash(leaf));
  const answer = await (await get("/consistency?from=300")).json();
  expect(verifyConsistency(300, total, hashes(answer.hashes), old.root(), head.head.root)).toBe(true);
});

test("tile addresses have one spelling", () => {
  for (const n of [0, 7, 999, 1000, 1_234_067])
    for (const width of [256, 17])
      expect(parseTilePath(tilePath({ level: 0, n, width }))).toEqual({ level: 0, n, width });
  expect(tilePath({ level: "entries", n: 1_234_067, width: 3 })).toBe("entries/x001/x234/067.p/3");
});

test("the log is searched by words, actor, name, subject, model and day, newest first, page by page", async () => {
  const by = async (filter: object) => (await logList(ctx(), { ...filter })).entries;
  expect((await by({ q: "clai card-fr" }))[0]).toMatchObject({ summary: "claimed card-fraud-score", index: total - 1 });
  expect(await by({ q: "card & ' | ! :* nothing" })).toEqual([]);
  expect(await by({ q: "!!" })).toEqual([]);
  expect((await by({ actor: "Ines Aydin", limit: 5 })).length).toBe(5);
  expect(await by({ actor: "Nobody" })).toEqual([]);
  expect((await by({ name: "portal_key." })).map((e) => e.index)).toEqual([1, 0]);
  expect((await by({ subject: "churn-model", limit: 200 })).every((e) => e.subject.ref === "churn-model")).toBe(true);
  expect(await by({ model: "churn-model" })).toEqual([]);
  const today = new Date().toISOString().slice(0, 10);
  expect((await by({ from: today, to: today, limit: 3 })).length).toBe(3);
  expect(await by({ to: "2020-01-01" })).toEqual([]);
  const seen: (number | null)[] = [];
  let after: string | undefined;
  do {
    const page = await logList(ctx(), { limit: "200", ...(after ? { after } : {}) });
    seen.push(...page.entries.map((e) => e.index));
    after = page.next ?? undefined;
  } while (after);
  expect(seen).toEqual(Array.from({ length: total }, (_, i) => total - 1 - i));
  await expect(logList(ctx(), { limit: 201 })).rejects.toMatchObject({ code: "invalid" });
  await expect(logList(ctx(), { colour: "red" })).rejects.toMatchObject({ code: "invalid" });
  await expect(logList(ctx({ ...ines, grants: [] }), {})).rejects.toMatchObject({ code: "forbidden" });
});

test("an entry comes with exact bytes and a proof that verifies; its body matches the hash in its leaf", async () => {
  const entry = await logEntry(ctx(), { index: "300" });
  if (!entry.proof) throw new Error("no proof");
  const head = verifyCheckpoint(entry.proof.checkpoint, logKeyOf(entry.proof.vkey));
  if (!head.ok) throw new Error(head.why);
  const leaf = Buffer.from(entry.leaf, "base64");
  expect(verifyInclusion(leafHash(leaf), 300, entry.proof.size, hashes(entry.proof.hashes), head.head.root)).toBe(true);
  expect(JSON.parse(leaf.toString())).toMatchObject({ name: "model.claimed", body: entry.bodySha256 });
  expect(await logEntry(ctx(), { index: entry.id })).toEqual(entry);
  await expect(logEntry(ctx(), { index: "600" })).rejects.toMatchObject({ code: "not_found" });
  await expect(logEntry(ctx(), { index: "x" })).rejects.toMatchObject({ code: "invalid" });
});

test("the head says size and root, that the stored tree has it, and that nobody else witnesses it", async () => {
  expect(await logHead(ctx(), {})).toMatchObject({
    size: total,
    verified: true,
    witnesses: [],
    waiting: 0,
    refused: null,
  });
});

test("the published keys are those that sign", async () => {
  const json = JSON.parse((await publishedFile(t.db, as, "portal-keys.json"))?.body ?? "");
  expect(json.keys.map((k: { kid: string }) => k.kid)).toEqual([keys.statement.kid, keys.log.kid]);
  expect((await publishedFile(t.db, as, "portal.pub"))?.body).toMatch(
    /^-----BEGIN PUBLIC KEY-----[\s\S]+log\.localhost\+/,
  );
  expect(JSON.parse((await publishedFile(t.db, as, "trusted_root.json"))?.body ?? "").tlogs).toHaveLength(1);
  expect(await publishedFile(t.db, as, "secrets")).toBeNull();
});
