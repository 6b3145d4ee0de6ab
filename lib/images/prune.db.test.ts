import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/core/actor";
import { proposeAdr } from "@/lib/decisions/write";
import { getBlob, putBlob } from "@/lib/evidence/blobs";
import { recordEvidence } from "@/lib/evidence/upload";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { imagePath } from "./image";
import { graceDays, pruneImages } from "./prune";
import { recordImage } from "./record";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
let writer: Awaited<ReturnType<typeof org.person>>;
beforeAll(async () => {
  t = await testDatabase();
  process.env.DATA_DIR = mkdtempSync(path.join(tmpdir(), "images-prune-"));
  org = await testOrg(t.db);
  writer = await org.person("Mara Lind", "contributor");
});
afterAll(() => t.drop());

const pass = (days: number) => {
  org.now.at = new Date(org.now.at.getTime() + days * 86_400_000);
};
const night = () => pruneImages(org.ctxOf(systemActor), {});
const send = async (name: string) => {
  const bytes = Buffer.from(name);
  const sha256 = await putBlob(bytes);
  await recordImage(writer, { sha256, name, mediaType: "image/png", size: bytes.length, width: 1, height: 1 });
  return sha256;
};
const known = async () =>
  (await t.db.execute<{ name: string }>("select name from image order by name")).rows.map((r) => r.name);

test("a picture that no text refers to goes after its grace with its bytes; one in a revision, one sent again and bytes of evidence stay", async () => {
  const [inText, unused, again, alsoEvidence] = [
    await send("in a text"),
    await send("unused"),
    await send("sent again"),
    await send("evidence too"),
  ];
  await recordEvidence(writer, { sha256: alsoEvidence, name: "x.png", mediaType: "image/png", size: 12 });
  await proposeAdr(writer, { content: `# Draw it\n\n![flow](${imagePath(inText)})\n` });
  pass(graceDays - 1);
  expect(await night()).toEqual({ removed: 0, referred: 0 });
  await send("sent again");
  pass(2);
  expect(await night()).toEqual({ removed: 2, referred: 1 });
  expect(await known()).toEqual(["in a text", "sent again"]);
  expect([await getBlob(unused), await getBlob(alsoEvidence), await getBlob(inText)]).toEqual([
    null,
    Buffer.from("evidence too"),
    Buffer.from("in a text"),
  ]);
  expect(await night()).toEqual({ removed: 0, referred: 0 });
  pass(graceDays);
  expect(await night()).toEqual({ removed: 1, referred: 0 });
  expect(await getBlob(again)).toBeNull();
  await send("unused");
  expect(await known()).toEqual(["in a text", "unused"]);
  const { rows } = await t.db.execute("select summary from log_entry where name = 'image.unused.removed' order by at");
  expect(rows).toEqual([
    { summary: "removed 2 pictures that no text has referred to for 90 days" },
    { summary: "removed a picture that no text has referred to for 90 days" },
  ]);
});

test("only the portal itself removes pictures", async () => {
  await expect(pruneImages(writer, {})).rejects.toMatchObject({ code: "forbidden" });
});
