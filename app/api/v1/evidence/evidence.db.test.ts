import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database as ofProcess } from "@/db/client";
import { newId } from "@/lib/core/ids";
import { maxEvidenceBytes } from "@/lib/evidence/evidence";
import { noParams } from "@/lib/testing/api";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { GET as download } from "./[sha256]/route";
import { POST as copyLink } from "./links/route";
import { GET as list, POST as upload } from "./route";

let database: Awaited<ReturnType<typeof testDatabase>>;
const token = "cs_test_owner";

beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.EVIDENCE_INTERNAL_HOSTS = "on";
  process.env.DATA_DIR = mkdtempSync(path.join(tmpdir(), "evidence-api-"));
  const org = await testOrg(database.db);
  const owner = await org.person("Mara Lindqvist", "contributor");
  const hash = createHash("sha256").update(token).digest("hex");
  await database.db.execute(
    `insert into role_grant (id, person_id, role, granted_by, granted_at) values ('${newId()}', '${owner.actor.id}', 'contributor', 'test', now())`,
  );
  await database.db.execute(
    `insert into api_token (id, name, hash, prefix, actor_kind, person_id, roles, created_by, created_at)
     values ('${newId()}', 'Mara''s token', '\\x${hash}', 'cs_test', 'person', '${owner.actor.id}', '{}', 'test', now())`,
  );
});
afterAll(async () => {
  await ofProcess().pool.end();
  await database.drop();
});

const send = (body: BodyInit, headers: Record<string, string> = {}) =>
  upload(
    new Request("http://localhost:3000/api/v1/evidence", {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${token}`, ...headers },
    }),
    noParams,
  );
const raw = (text: string | Uint8Array<ArrayBuffer>, type: string, name = "drill.txt") =>
  send(text, { "content-type": type, "x-file-name": encodeURIComponent(name) });

test("a raw body and a multipart form arrive as the same bytes, and come back as a download that runs nothing", async () => {
  const first = await raw("Rolled back in 41 s.", "text/plain; charset=utf-8", "Übung.txt");
  expect(first.status).toBe(201);
  const { sha256 } = (await first.json()) as { sha256: string };
  expect(sha256).toBe(createHash("sha256").update("Rolled back in 41 s.").digest("hex"));

  const form = new FormData();
  form.set("file", new File(["Rolled back in 41 s."], "again.txt", { type: "text/plain" }));
  expect(await (await send(form)).json()).toMatchObject({ sha256, name: "Übung.txt" });

  const back = await download(
    new Request(`http://localhost:3000/api/v1/evidence/${sha256}`, { headers: { authorization: `Bearer ${token}` } }),
    { params: Promise.resolve({ sha256 }) },
  );
  expect(await back.text()).toBe("Rolled back in 41 s.");
  expect(back.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''%C3%9Cbung.txt");
  expect(back.headers.get("content-security-policy")).toContain("sandbox");
  expect(back.headers.get("x-content-type-options")).toBe("nosniff");
});

test.each<[string, () => Promise<Response>, number, RegExp]>([
  ["HTML", () => raw("<script>alert(1)</script>", "text/html"), 415, /not kept as evidence/],
  ["SVG", () => raw("<svg onload='alert(1)'/>", "image/svg+xml"), 415, /not kept as evidence/],
  ["a PDF that is none", () => raw("<html>", "application/pdf"), 415, /does not look like PDF/],
  ["nothing", () => raw("", "text/plain"), 400, /empty/],
  ["no name", () => raw("text", "text/plain", ""), 400, /Name the file/],
  ["a path as name", () => raw("text", "text/plain", "../../x"), 400, /no slashes/],
  ["no type", () => send(new Uint8Array([1, 2]), {}), 415, /without a type/],
  ["a form without the part", () => send(new FormData()), 400, /part named file/],
  ["a broken form", () => send("--x", { "content-type": "multipart/form-data; boundary=y" }), 400, /cannot be read/],
  ["too much", () => raw(new Uint8Array(maxEvidenceBytes + 1), "application/zip"), 413, /20 MB/],
])("%s is refused in words", async (_what, attempt, status, words) => {
  const response = await attempt();
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(((await response.json()) as { detail: string }).detail).toMatch(words);
});

test("without a token nothing is taken; an unknown digest is not found; the list is the same over HTTP", async () => {
  const stranger = new Request("http://localhost:3000/api/v1/evidence", { method: "POST", body: "text" });
  expect((await upload(stranger, noParams)).status).toBe(401);
  const authorized = { headers: { authorization: `Bearer ${token}` } };
  const unknown = await download(new Request("http://localhost:3000/x", authorized), {
    params: Promise.resolve({ sha256: "0".repeat(64) }),
  });
  expect(unknown.status).toBe(404);
  const bad = await download(new Request("http://localhost:3000/x", authorized), {
    params: Promise.resolve({ sha256: "../../etc/passwd" }),
  });
  expect(bad.status).toBe(400);
  const listed = await list(new Request("http://localhost:3000/api/v1/evidence?limit=10", authorized), noParams);
  expect(((await listed.json()) as { items: unknown[] }).items.length).toBe(1);
  expect((await list(new Request("http://localhost:3000/api/v1/evidence?limt=10", authorized), noParams)).status).toBe(
    400,
  );
});

/** A web server that answers as told, for the time of one test. */
async function serving(answer: RequestListener, run: (address: string) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  try {
    await run(`http://127.0.0.1:${address.port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const link = (url: string) =>
  copyLink(
    new Request("http://localhost:3000/api/v1/evidence/links", {
      method: "POST",
      body: JSON.stringify({ url }),
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    }),
    noParams,
  );

test("a link is kept as what stood there: a file under its digest, a web page as its source", async () => {
  const page = "<!doctype html><script>alert(1)</script><p>Drilled in 41 s.</p>";
  await serving(
    (request, response) => {
      response.setHeader(
        "content-type",
        request.url === "/drill.json" ? "application/json" : "text/html; charset=utf-8",
      );
      response.end(request.url === "/drill.json" ? '{"seconds": 41}' : page);
    },
    async (address) => {
      const file = await link(`${address}/drill.json`);
      expect(await file.json()).toMatchObject({
        name: "drill.json",
        mediaType: "application/json",
        sourceUrl: `${address}/drill.json`,
      });
      const kept = await link(`${address}/wiki/drills`);
      expect(kept.status).toBe(201);
      expect(await kept.json()).toMatchObject({
        sha256: createHash("sha256").update(page).digest("hex"),
        name: "drills.html.txt",
        mediaType: "text/plain",
      });
    },
  );
});

test("a link that has expired, asks for a sign-in, leads elsewhere or lies about its type is refused with what happened", async () => {
  await serving(
    (request, response) => {
      const status = Number(request.url?.slice(1, 4));
      response.statusCode = status;
      if (status === 302) response.setHeader("location", "https://login.example.com/");
      response.setHeader("content-type", status === 200 ? "application/pdf" : "text/html");
      response.end("<!doctype html><p>Sign in</p>");
    },
    async (address) => {
      const said = async (path: string) =>
        ((await (await link(`${address}${path}`)).json()) as { detail: string }).detail;
      expect(await said("/404")).toContain("leads to nothing");
      expect(await said("/410")).toContain("leads to nothing");
      expect(await said("/401")).toContain("asks for a sign-in");
      expect(await said("/302")).toContain("leads on to another host");
      expect(await said("/200")).toContain("does not look like PDF but like a web page");
    },
  );
  expect(((await (await link("ftp://example.com/x")).json()) as { detail: string }).detail).toContain("http or https");
  expect((await link("http://169.254.169.254/latest/meta-data")).status).toBe(400);
});

test("a zip bomb and a program are refused, and nothing of them is kept", async () => {
  const bomb = zipSync({ "zeros.bin": new Uint8Array(60 * 1024 * 1024) }, { level: 9 });
  const refused = await raw(new Uint8Array(bomb), "application/zip", "report.zip");
  expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
    415,
    expect.stringContaining("unpacks to far more"),
  ]);
  expect((await raw("MZ\u0000 program", "text/plain", "setup.txt")).status).toBe(415);
});
