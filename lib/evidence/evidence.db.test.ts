import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { logEntries } from "@/db/schema/log";
import type { Ctx } from "@/lib/core/command";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { getBlob, putBlob } from "./blobs";
import { expiringAttestations, listEvidence } from "./queries";
import { readEvidence } from "./read";
import { recordEvidence } from "./upload";

let database: Awaited<ReturnType<typeof testDatabase>>;
let owner: Ctx;
let auditor: Ctx;
let viewer: Ctx;
const dataDir = mkdtempSync(path.join(tmpdir(), "evidence-"));

beforeAll(async () => {
  process.env.DATA_DIR = dataDir;
  database = await testDatabase();
  const org = await testOrg(database.db);
  owner = await org.person("Mara Lindqvist", "contributor");
  auditor = await org.person("Agnes Thorne", "auditor");
  viewer = await org.person("Nils Berg", "viewer");
});
afterAll(() => database.drop());

const add = async (ctx: Ctx, name: string, text: string) => {
  const bytes = Buffer.from(text);
  return recordEvidence(ctx, { sha256: await putBlob(bytes), name, mediaType: "text/plain", size: bytes.length });
};

test("a file is kept under its digest once, and every read is in the log", async () => {
  const file = await add(owner, "drill.txt", "Rolled back in 41 s.");
  expect(await add(owner, "the same again.txt", "Rolled back in 41 s.")).toMatchObject({ name: "drill.txt" });
  expect((await getBlob(file.sha256))?.toString()).toBe("Rolled back in 41 s.");

  await readEvidence(auditor, { sha256: file.sha256 });
  await expect(readEvidence(viewer, { sha256: file.sha256 })).rejects.toMatchObject({ code: "forbidden" });
  await expect(readEvidence(auditor, { sha256: "0".repeat(64) })).rejects.toMatchObject({ code: "not_found" });
  const entries = await database.db.select().from(logEntries).where(eq(logEntries.subjectId, file.sha256));
  expect(entries.map((e) => [e.name, e.actorName])).toEqual([
    ["evidence.uploaded", "Mara Lindqvist"],
    ["evidence.read", "Agnes Thorne"],
  ]);
});

test("the list pages by time and digest, newest first", async () => {
  for (const text of ["one", "two", "three"]) await add(owner, `${text}.txt`, text);
  const first = await listEvidence(auditor, { limit: 2 });
  expect(first.items.length).toBe(2);
  const rest = await listEvidence(auditor, { limit: 200, after: first.next });
  const all = [...first.items, ...rest.items].map((f) => f.sha256);
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBe((await listEvidence(auditor, {})).items.length);
  expect(first.items[0]).toMatchObject({ uploadedBy: "Mara Lindqvist", used: 0 });
  await expect(listEvidence(viewer, {})).rejects.toMatchObject({ code: "forbidden" });
  await expect(listEvidence(auditor, { after: "yesterday" })).rejects.toMatchObject({ code: "invalid" });
  expect(await expiringAttestations(auditor, {})).toEqual({ items: [] });
});

test("who only looks may not add; bytes altered on disk are a fault and not an answer", async () => {
  await expect(add(viewer, "note.txt", "from a viewer")).rejects.toMatchObject({ code: "forbidden" });
  const file = await add(owner, "report.txt", "All thresholds met.");
  writeFileSync(path.join(dataDir, "evidence", file.sha256), "No thresholds met.");
  await expect(getBlob(file.sha256)).rejects.toThrow("altered on disk");
  expect(await getBlob("f".repeat(64))).toBeNull();
});
