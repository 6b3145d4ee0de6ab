import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database as ofProcess } from "@/db/client";
import { newId } from "@/lib/core/ids";
import type { Role } from "@/lib/core/rights";
import { maxImageBytes } from "@/lib/images/image";
import { noParams } from "@/lib/testing/api";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { GET } from "./[sha256]/route";
import { POST } from "./route";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.DATA_DIR = mkdtempSync(path.join(tmpdir(), "images-api-"));
  const org = await testOrg(database.db);
  await tokenFor(org, "cs_test_writer", "contributor");
  await tokenFor(org, "cs_test_viewer", "viewer");
});
afterAll(async () => {
  await ofProcess().pool.end();
  await database.drop();
});

async function tokenFor(org: Awaited<ReturnType<typeof testOrg>>, token: string, role: Role) {
  const { actor } = await org.person(token, role);
  const hash = createHash("sha256").update(token).digest("hex");
  await database.db.execute(
    `insert into role_grant (id, person_id, role, granted_by, granted_at) values ('${newId()}', '${actor.id}', '${role}', 'test', now())`,
  );
  await database.db.execute(
    `insert into api_token (id, name, hash, prefix, actor_kind, person_id, roles, created_by, created_at)
     values ('${newId()}', '${token}', '\\x${hash}', 'cs_test', 'person', '${actor.id}', '{}', 'test', now())`,
  );
}

const png = new Uint8Array(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AAQQxwFgBB0gX7h/C5SAAAAABJRU5ErkJggg==",
    "base64",
  ),
);
const huge = png.slice();
new DataView(huge.buffer).setUint32(16, 20_000);

const send = (body: BodyInit, name = "drawing.png", token: string | null = "cs_test_writer") =>
  POST(
    new Request("http://localhost:3000/api/v1/images", {
      method: "POST",
      body,
      headers: {
        "content-type": "text/html",
        "x-file-name": name,
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
    }),
    noParams,
  );
const show = (sha256: string, token: string | null = "cs_test_viewer") =>
  GET(
    new Request(`http://localhost:3000/api/v1/images/${sha256}`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
    }),
    { params: Promise.resolve({ sha256 }) },
  );

test("a picture is told by its bytes, kept once under its digest, and shown to readers as nothing but a picture", async () => {
  const first = await send(png, encodeURIComponent("Übersicht/1.png"));
  expect(first.status).toBe(201);
  const sha256 = createHash("sha256").update(png).digest("hex");
  expect(await first.json()).toMatchObject({
    sha256,
    path: `/api/v1/images/${sha256}`,
    name: "Übersicht1.png",
    mediaType: "image/png",
    width: 3,
    height: 2,
  });
  expect(await (await send(png, "again.png")).json()).toMatchObject({ name: "Übersicht1.png" });
  const { rows } = await database.db.execute("select summary from log_entry where name = 'image.uploaded'");
  expect(rows).toEqual([{ summary: "added the picture Übersicht1.png" }]);

  const shown = await show(sha256);
  expect(Buffer.from(await shown.arrayBuffer()).equals(Buffer.from(png))).toBe(true);
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    "content-type": "image/png",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=31536000, immutable",
  });
});

test.each<[string, () => Promise<Response>, number, RegExp]>([
  ["HTML", () => send("<script>alert(1)</script>"), 415, /no PNG/],
  ["SVG", () => send("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x.svg"), 415, /no PNG/],
  ["nothing", () => send(""), 415, /no PNG/],
  ["a picture that unpacks to too much", () => send(huge), 400, /20000 by 2 pixels/],
  ["too many bytes", () => send(new Uint8Array(maxImageBytes + 1)), 413, /larger than/],
  ["a reader's", () => send(png, "x.png", "cs_test_viewer"), 403, /people who write/],
  ["a stranger's", () => send(png, "x.png", null), 401, /./],
  ["an unknown digest", () => show("0".repeat(64)), 404, /no picture/],
  ["no digest", () => show("../../etc/passwd"), 400, /64 hex digits/],
  ["a stranger's look", () => show("0".repeat(64), null), 401, /./],
])("%s is refused in words", async (_what, attempt, status, words) => {
  const response = await attempt();
  expect(response.status).toBe(status);
  expect(((await response.json()) as { detail: string }).detail).toMatch(words);
});
