import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { POST } from "@/app/api/v1/[...path]/route";
import { testApi } from "@/lib/testing/api";
import { main } from "../main";

let api: Awaited<ReturnType<typeof testApi>>;
let server: Server;
let url: string;
let outer: string;
let dir: string;
const write = (name: string, content: string | Buffer) => writeFileSync(path.join(dir, name), content);
const record = (title: string) => `# ${title}\n\n## Context\nWhy.\n\n## Decision\nThis.\n`;

beforeAll(async () => {
  api = await testApi();
  outer = mkdtempSync(path.join(tmpdir(), "countersign-adr-"));
  dir = path.join(outer, "decisions");
  mkdirSync(path.join(dir, "old"), { recursive: true });
  server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const address = new URL(incoming.url ?? "/", "http://localhost:3000");
    const headers = { authorization: incoming.headers.authorization ?? "", "content-type": "application/json" };
    const request = new Request(address, { method: "POST", headers, body: Buffer.concat(chunks) });
    const answer = await POST(request, {
      params: Promise.resolve({ path: address.pathname.replace("/api/v1/", "").split("/") }),
    });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterAll(async () => {
  server.close();
  rmSync(outer, { recursive: true, force: true });
  await api.drop();
});

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(["adr", "import", dir, "--url", url, ...args], {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    env: { COUNTERSIGN_TOKEN: api.tokens.everyone },
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

test("a folder comes in file by file, each with its fate; what is no record is refused with the reason", async () => {
  write("0001-first.md", record("1. First"));
  write("old/0002-second.md", record("2. Second"));
  write("README.md", "# Decisions\n");
  write("0003-binary.md", Buffer.from([0x23, 0x20, 0, 1, 2]));
  write("0004-latin1.md", Buffer.from("# Caf\xe9\n\n## Decision\nx\n", "latin1"));
  write("0005-large.md", Buffer.alloc(1024 * 1024 + 1, "x"));
  writeFileSync(path.join(outer, "secret.md"), record("Secret"));
  symlinkSync("../secret.md", path.join(dir, "0006-out.md"));
  symlinkSync("nowhere.md", path.join(dir, "0007-dangling.md"));
  const dry = await run("--dry-run");
  expect(dry.out).toContain("Would be: 2 new, 0 revised, 0 unchanged, 0 drift, 6 refused");
  const before = await api.rowCounts();
  const { code, out } = await run();
  expect(code).toBe(1);
  expect(out).toMatch(/new +0001-first\.md +ADR-\d+ {2}First/);
  for (const reason of [
    "about the folder",
    "NUL byte",
    "not valid UTF-8",
    "larger than 1 MB",
    "link out of the folder",
    "leads nowhere",
  ])
    expect(out).toContain(reason);
  expect(out).toContain("Now: 2 new, 0 revised, 0 unchanged, 0 drift, 6 refused (collection decisions).");
  expect((await api.rowCounts()).adr).toBe((before.adr ?? 0) + 2);
  expect(await api.entries("adr.imported")).toBe(1);
});

test("again with nothing changed writes nothing, with one file changed one revision", async () => {
  const before = await api.rowCounts();
  expect((await run()).out).toContain("Now: 0 new, 0 revised, 2 unchanged, 0 drift");
  expect(await api.rowCounts()).toEqual(before);
  write("0001-first.md", `${record("1. First")}\nMore.\n`);
  expect((await run("--glob", "*.md")).out).toContain("Now: 0 new, 1 revised, 0 unchanged, 0 drift");
  expect((await api.rowCounts()).adr_revision).toBe((before.adr_revision ?? 0) + 1);
});

test("what cannot be asked exits 2 and imports nothing", async () => {
  expect(await run("--token", "cs_wrong")).toMatchObject({ code: 2, err: expect.stringContaining("401") });
  expect(await run("--model", "none")).toMatchObject({ code: 2, err: expect.stringContaining("no model none") });
  expect(await run("--glob", "*.rst")).toMatchObject({ code: 2, err: expect.stringContaining("No file") });
});
