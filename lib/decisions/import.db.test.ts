import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Board, testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { importAdrs } from "./import";
import { acceptAdr } from "./judge";
import { getAdr } from "./queries";
import { readRecordFile } from "./record-file";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Board;
beforeAll(async () => {
  t = await testDatabase();
  b = await testBoard(t.db);
});
afterAll(() => t.drop());

const count = async (table: string) =>
  Number((await t.db.execute<{ n: string }>(sql`select count(*) as n from ${sql.identifier(table)}`)).rows[0]?.n);
const record = (title: string, more = "") => `# ${title}\n\n## Context\nWhy.\n\n## Decision\nThis.\n${more}`;

test("import takes all files or none; what they claim to be is told, not believed", async () => {
  const files = [
    { name: "0001.md", content: "---\nstatus: accepted\n---\n# One\n\n## Decision Outcome\nx\n" },
    { name: "0002.md", content: "# Two\n\n## Status\nmaybe\n\n## Decision\ny\n" },
  ];
  const { files: done } = await importAdrs(b.as("owner"), { files });
  expect(done.map((f) => [f.fate, f.statusInFile])).toEqual([
    ["new", "accepted"],
    ["new", null],
  ]);
  expect(done[1]?.faults.length).toBeGreaterThan(0);
  for (const { ref } of done) expect((await getAdr(b.as("viewer"), { ref })).status).toBe("proposed");
  const before = [await count("log_entry"), await count("adr")];
  const bad = { name: "0003.md", content: "no title" };
  await expect(importAdrs(b.as("owner"), { files: [...files, bad], collection: "x" })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ field: "files.2.content" }],
  });
  await expect(importAdrs(b.as("owner"), { files: [files[0], files[0]] })).rejects.toMatchObject({ code: "invalid" });
  expect([await count("log_entry"), await count("adr")]).toEqual(before);
});

test("a dry run and files sent again write nothing; a changed file revises a proposed record and drifts from an accepted one", async () => {
  const send = (content: string, extra = {}) =>
    importAdrs(b.as("owner"), { files: [{ name: "a/0001-x.md", content }], collection: "repo", ...extra });
  const before = await count("log_entry");
  expect(await send(record("X"), { dryRun: true })).toMatchObject({
    dryRun: true,
    files: [{ fate: "new", ref: null }],
  });
  expect(await count("log_entry")).toBe(before);
  const ref = (await send(record("X"))).files[0]?.ref ?? "";
  expect((await send(record("X"))).files).toMatchObject([{ fate: "unchanged", ref }]);
  expect((await send(record("X", "\nMore.\n"))).files).toMatchObject([{ fate: "revised", ref }]);
  const revised = await getAdr(b.as("viewer"), { ref });
  expect(revised).toMatchObject({ revision: 2, shown: { content: record("X", "\nMore.\n") } });
  await acceptAdr(b.as("architect"), { ref, digest: revised.shown.digest });
  const entries = await count("log_entry");
  expect((await send(record("X", "\nOther.\n"))).files).toMatchObject([{ fate: "drift", ref }]);
  expect(await getAdr(b.as("viewer"), { ref })).toMatchObject({ revision: 2, status: "accepted" });
  expect((await send(record("X", "\nOther.\n"))).files).toMatchObject([{ fate: "unchanged", ref }]);
  expect(await count("log_entry")).toBe(entries + 1);
  // The same name elsewhere is another record.
  const elsewhere = await importAdrs(b.as("owner"), {
    files: [{ name: "a/0001-x.md", content: record("X") }],
    collection: "b",
  });
  expect(elsewhere.files).toMatchObject([{ fate: "new" }]);
});

test.each([
  ["README.md", record("Read me"), /page about the folder/],
  ["0001.md", "# Notes\n\nJust notes.\n", /no decision record/],
  [
    "0001.md",
    record("X", "\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n"),
    /unfinished merge: a conflict marker in line 9/,
  ],
  ["0001.md", " \n", /empty/],
])("%s that is no record is refused with the reason", async (name, content, reason) => {
  await expect(importAdrs(b.as("owner"), { files: [{ name, content }] })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringMatching(reason),
  });
});

const corpus = path.resolve("../shared/data/adr-corpus");

describe.skipIf(!existsSync(corpus))("real collections (skipped: ../shared/data/adr-corpus is not there)", () => {
  test("every file is imported or refused with a reason, and comes out again byte for byte", async () => {
    const fates: Record<string, number> = {};
    const tell = (fate: string) => {
      fates[fate] = (fates[fate] ?? 0) + 1;
    };
    for (const collection of ["govuk-aws", "madr", "modernisation-platform"]) {
      const folder = path.join(corpus, collection);
      const files: { name: string; content: string }[] = [];
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
        if (!name.endsWith(".md")) continue;
        const read = readRecordFile(name, readFileSync(path.join(folder, name)));
        if (read.ok) files.push({ name, content: read.content });
        else {
          tell("refused");
          process.stdout.write(`refused ${collection}/${name}: ${read.reason}\n`);
        }
      }
      const { files: done } = await importAdrs(b.as("owner"), { files, collection });
      for (const file of done) {
        tell(file.fate);
        tell(`says ${file.statusInFile ?? "no status"}`);
        const { shown } = await getAdr(b.as("viewer"), { ref: file.ref });
        expect(Buffer.from(shown.content).equals(readFileSync(path.join(folder, file.name))), file.name).toBe(true);
      }
      const again = await importAdrs(b.as("owner"), { files, collection });
      expect(new Set(again.files.map((f) => f.fate))).toEqual(new Set(["unchanged"]));
    }
    process.stdout.write(`adr-corpus: ${JSON.stringify(fates)}\n`);
    expect(fates).toMatchObject({ new: 102, refused: 3 });
  });
});
