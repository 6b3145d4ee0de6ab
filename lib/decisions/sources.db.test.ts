import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { type Board, testBoard } from "@/lib/testing/board";
import { testDatabase } from "@/lib/testing/database";
import { gitMissing, testGit } from "@/lib/testing/git-server";
import { findAdrs } from "./find";
import { acceptAdr } from "./judge";
import { addSource, endSource, previewSource } from "./manage-source";
import { getAdr } from "./queries";
import { adrSourceList } from "./source-queries";
import { syncSource } from "./sync-source";
import type { Reach } from "./tree";
import { reviseAdr } from "./write";

let t: Awaited<ReturnType<typeof testDatabase>>;
let b: Board;
let dir: string;
let reach: Reach;
beforeAll(async () => {
  t = await testDatabase();
  b = await testBoard(t.db);
  dir = mkdtempSync(path.join(tmpdir(), "countersign-sources-"));
  reach = { dataDir: dir, folders: [path.join(dir, "mounted")], internalHosts: true };
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await t.drop();
});

const record = (title: string, more = "") => `# ${title}\n\n## Context\nWhy.\n\n## Decision\nThis.\n${more}`;
const system = (): Ctx => ({ ...b.as("admin"), actor: systemActor });
const sync = (id: string, within = reach) => syncSource(system(), id, within);
const source = async (id: string) => (await adrSourceList(b.as("viewer"), {})).items.find((one) => one.id === id);
const entries = async (name: string) =>
  Number((await t.db.execute<{ n: string }>(sql`select count(*) as n from log_entry where name = ${name}`)).rows[0]?.n);
const records = async () => {
  const { rows } = await t.db.execute<{ path: string; ref: string | null; state: string }>(
    sql`select f.path, a.ref, f.state from adr_file f left join adr a on a.id = f.adr_id order by f.path`,
  );
  return new Map(rows.map((row) => [row.path, row]));
};
const read = async (ref: string | null | undefined) => getAdr(b.as("viewer"), { ref: ref ?? "" });

const missing = gitMissing();
describe.skipIf(missing)(`a Git repository (${missing ?? "git is here"})`, () => {
  let repo: Awaited<ReturnType<typeof testGit>>;
  let id: string;
  beforeAll(async () => {
    repo = await testGit();
  });
  afterAll(() => repo.close());

  test("add: what fits becomes proposed records, the rest is refused with the reason; the preview said so and wrote nothing", async () => {
    repo.write("docs/adr/0001-first.md", record("1. First"));
    repo.write("packages/core/docs/adr/20260102-second.md", record("Second"));
    repo.write("docs/adr/README.md", "# Records\n");
    repo.write("docs/guide.md", record("Elsewhere"));
    repo.push("first");
    const input = { kind: "git" as const, name: "team/decisions", address: repo.url };
    const preview = await previewSource(b.as("architect"), input, reach);
    expect(preview.files.map((f) => [f.path, f.title])).toEqual([
      ["docs/adr/0001-first.md", "First"],
      ["docs/adr/README.md", null],
      ["packages/core/docs/adr/20260102-second.md", "Second"],
    ]);
    expect((await records()).size).toBe(0);
    ({ id } = await addSource(b.as("architect"), input));
    await sync(id);
    const first = await read((await records()).get("docs/adr/0001-first.md")?.ref);
    expect(first).toMatchObject({ status: "proposed", author: "team/decisions", title: "First" });
    expect(first.shown.content).toBe(record("1. First"));
    expect(await source(id)).toMatchObject({
      fault: null,
      stale: false,
      files: { same: 2, refused: 1, drift: 0, removed: 0 },
    });
    expect((await source(id))?.commit).toBe(repo.git("rev-parse", "HEAD").trim());
    expect(await entries("adr.source.synced")).toBe(1);
  });

  test("nothing changed: nothing is written to the log", async () => {
    await sync(id);
    expect(await entries("adr.source.synced")).toBe(1);
  });

  test("edit: a proposed record takes the new text over, and the portal does not offer another place to edit it", async () => {
    repo.write("docs/adr/0001-first.md", record("1. First", "\nMore.\n"));
    repo.push("edit");
    await sync(id);
    const { ref, shown, revision } = await read((await records()).get("docs/adr/0001-first.md")?.ref);
    expect([revision, shown.content]).toEqual([2, record("1. First", "\nMore.\n")]);
    await expect(reviseAdr(b.as("owner"), { ref, content: record("Mine"), basedOn: 2 })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Change it there"),
    });
  });

  test("edit after acceptance: drift, with both texts, never a change; put back, it is in step again", async () => {
    const { ref, shown } = await read((await records()).get("docs/adr/0001-first.md")?.ref);
    await acceptAdr(b.as("architect"), { ref, digest: shown.digest });
    repo.write("docs/adr/0001-first.md", record("1. First", "\nQuietly changed.\n"));
    repo.push("quiet edit");
    await sync(id);
    const drifted = await read(ref);
    expect(drifted).toMatchObject({ status: "accepted", revision: 2, acceptedDigest: shown.digest });
    expect(drifted.files).toMatchObject([{ state: "drift", drift: record("1. First", "\nQuietly changed.\n") }]);
    expect((await findAdrs(b.as("viewer"), { file: "drift" })).items).toMatchObject([{ ref, file: "drift" }]);
    repo.git("revert", "--no-edit", "HEAD");
    repo.push("back");
    await sync(id);
    expect((await read(ref)).files).toMatchObject([{ state: "same", drift: null }]);
    expect((await findAdrs(b.as("viewer"), { file: "drift" })).items).toEqual([]);
  });

  test("rename: the record goes with its bytes", async () => {
    const { ref } = await read((await records()).get("docs/adr/0001-first.md")?.ref);
    repo.git("mv", "docs/adr/0001-first.md", "docs/adr/0001-better-name.md");
    repo.push("rename");
    await sync(id);
    const now = await records();
    expect(now.get("docs/adr/0001-better-name.md")).toMatchObject({ ref, state: "same" });
    expect(now.has("docs/adr/0001-first.md")).toBe(false);
  });

  test("conflict markers: refused with the line, the last good state stays; mended, it goes on", async () => {
    const at = "packages/core/docs/adr/20260102-second.md";
    const { ref } = await read((await records()).get(at)?.ref);
    repo.write(at, record("Second", "\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs\n"));
    repo.push("unfinished merge");
    await sync(id);
    expect(await read(ref)).toMatchObject({
      revision: 1,
      files: [{ state: "refused", reason: expect.stringContaining("line 9") }],
    });
    repo.write(at, record("Second", "\nb\n"));
    repo.push("mended");
    await sync(id);
    expect(await read(ref)).toMatchObject({ revision: 2, files: [{ state: "same" }] });
  });

  test("delete: shown as removed at source, the record stays", async () => {
    const at = "packages/core/docs/adr/20260102-second.md";
    const { ref } = await read((await records()).get(at)?.ref);
    repo.git("rm", "-q", at);
    repo.push("delete");
    await sync(id);
    expect(await read(ref)).toMatchObject({ status: "proposed", files: [{ state: "removed" }] });
    const before = await entries("adr.source.synced");
    await sync(id);
    expect(await entries("adr.source.synced")).toBe(before);
  });

  test("force-push: what the branch says now counts", async () => {
    repo.git("reset", "-q", "--hard", "HEAD~3");
    repo.write("docs/adr/0009-other.md", record("Other"));
    repo.push("another history", "--force");
    await sync(id);
    expect((await records()).get("docs/adr/0009-other.md")).toMatchObject({ state: "same" });
    expect((await source(id))?.commit).toBe(repo.git("rev-parse", "HEAD").trim());
  });

  test("a link in the repository is not followed", async () => {
    symlinkSync("/etc/passwd", path.join(repo.root, "work/docs/adr/0010-link.md"));
    repo.push("link");
    await sync(id);
    expect((await source(id))?.troubles).toContainEqual(
      expect.objectContaining({ path: "docs/adr/0010-link.md", state: "refused", reason: "a link" }),
    );
  });

  test("a branch that is gone is a fault of the source, told once; the last good state stays", async () => {
    const input = { kind: "git" as const, name: "no branch", address: repo.url, branch: "nowhere" };
    const { id: other } = await addSource(b.as("architect"), input);
    await sync(other);
    await sync(other);
    expect(await source(other)).toMatchObject({ fault: expect.stringContaining("nowhere"), stale: true });
    expect(await entries("adr.source.failed")).toBe(1);
    await endSource(b.as("architect"), { id: other });
    expect(await source(other)).toBeUndefined();
  });

  test("addresses inside the organisation are refused by default", async () => {
    const inside = { ...reach, internalHosts: false };
    for (const address of [repo.url, repo.url.replace("127.0.0.1", "localhost")])
      await expect(previewSource(b.as("architect"), { kind: "git", name: "x", address }, inside)).rejects.toMatchObject(
        {
          code: "upstream",
          message: expect.stringMatching(/inside the organisation|internal or reserved/),
        },
      );
  });
});

test.each(["file:///etc", "/etc", "ssh://git@host/x.git", "git@host:x.git", "ftp://host/x"])(
  "%s is no address of a repository",
  async (address) => {
    await expect(previewSource(b.as("architect"), { kind: "git", name: "x", address }, reach)).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("https"),
    });
  },
);

test("a mounted folder is read only where the portal's settings allow it", async () => {
  const mounted = path.join(dir, "mounted", "decisions");
  mkdirSync(mounted, { recursive: true });
  writeFileSync(path.join(mounted, "0001-in-folder.md"), record("In a folder"));
  const input = { kind: "folder" as const, name: "mounted", address: mounted, globs: ["*.md"] };
  const { id } = await addSource(b.as("admin"), input);
  await sync(id);
  expect((await records()).get("0001-in-folder.md")).toMatchObject({ state: "same" });
  await sync(id, { ...reach, folders: [] });
  expect(await source(id)).toMatchObject({ fault: expect.stringContaining("DECISION_FOLDERS"), files: { same: 1 } });
  await expect(previewSource(b.as("admin"), { ...input, address: `${mounted}/../../..` }, reach)).rejects.toMatchObject(
    { code: "forbidden" },
  );
});

test.each(["owner", "viewer", "security"] as const)("%s cannot add a source, nor look through one", async (who) => {
  const input = { kind: "git", name: "x", address: "https://git.example/x.git" };
  await expect(addSource(b.as(who), input)).rejects.toMatchObject({ code: "forbidden" });
  await expect(previewSource(b.as(who), input, reach)).rejects.toMatchObject({ code: "forbidden" });
});
