import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "@/bin/main";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { enrolSoftwareKey } from "@/lib/credentials/enrol-software";
import { signAsPersona } from "@/lib/credentials/persona-keys";
import { answer, router } from "@/lib/http/dispatch";
import { type Sequencer, sequencer } from "@/lib/log/sequencer";
import { checkGate } from "@/lib/releases/check-gate";
import { requestRelease } from "@/lib/releases/request";
import { hosts } from "@/lib/signing/hosts";
import { publishedFile } from "@/lib/signing/published";
import { testDatabase } from "@/lib/testing/database";
import { testReleases } from "@/lib/testing/releases";
import { exportBundle } from "./export";
import { parsePortalPub } from "./keys";
import { verifyBundle } from "./verify";

let database: Awaited<ReturnType<typeof testDatabase>>;
let t: Awaited<ReturnType<typeof testReleases>>;
let log: Sequencer;
let dir: string;
let allowed: string;
let digest: string;
beforeAll(async () => {
  database = await testDatabase();
  t = await testReleases(database.db);
  dir = mkdtempSync(path.join(tmpdir(), "countersign-bundle-"));
  log = sequencer({ db: database.db, keys: t.keys, origin: hosts().log, now: () => new Date() });
  const m = await t.model();
  digest = m.digest;
  allowed = (await requestRelease(t.owner, { model: m.name, version: m.version, environment: "prod" })).ref;
  await t.sign(t.architect, allowed);
  await checkGate(t.service("ci"), { model: m.name, version: m.version, digest, environment: "prod" });
  await log.drain();
});
afterAll(async () => {
  await log.stop();
  await database.drop();
  rmSync(dir, { recursive: true, force: true });
});

const pub = async () => {
  const known = hosts();
  return (await publishedFile(database.db, { host: known.name, origin: known.log }, "portal.pub"))?.body ?? "";
};
/** The bundle as a client gets it over HTTP, byte for byte. */
async function fetched(ctx: Ctx, release: string): Promise<Buffer> {
  const request = new Request(`http://localhost/api/v1/releases/${release}/bundle`);
  const response = await answer(request, ["releases", release, "bundle"], router([exportBundle]), async () => ctx);
  return Buffer.from(await response.arrayBuffer());
}

test("an exported bundle verifies with the published keys, and the export is in the log", async () => {
  const bytes = await fetched(t.owner, allowed);
  const checks = verifyBundle(bytes, parsePortalPub(await pub()), { digest, environment: "prod" });
  expect(checks.filter((c) => !c.ok)).toEqual([]);
  expect(checks.map((c) => c.check)).toEqual(
    expect.arrayContaining([
      "bundle.seal",
      "approval 1.credential.signature",
      "approval 1.log",
      "answer.log",
      "expected",
    ]),
  );
  const { rows } = await database.db.execute(sql`select summary from log_entry where name = 'release.bundle.exported'`);
  expect(rows).toEqual([{ summary: `exported the bundle of ${allowed}` }]);
});

test("the command line verifies it, says what fails, and unpacks it", async () => {
  const file = path.join(dir, "bundle.json");
  const key = path.join(dir, "portal.pub");
  const bytes = await fetched(t.owner, allowed);
  writeFileSync(file, bytes);
  writeFileSync(key, await pub());
  const run = async (...args: string[]) => {
    const out: string[] = [];
    const code = await main(args, { out: (x) => out.push(x), err: (x) => out.push(x), env: {} });
    return { code, said: out.join("\n") };
  };
  expect(await run("verify", file, "--key", key, "--extract", path.join(dir, "parts"))).toMatchObject({
    code: 0,
    said: expect.stringMatching(/holds: all \d+ checks/),
  });
  expect(readFileSync(path.join(dir, "parts", "README.txt"), "utf8")).toContain("cosign verify-blob-attestation");
  expect(await run("verify", file, "--key", key, "--environment", "staging")).toMatchObject({
    code: 1,
    said: expect.stringContaining("FAIL expected: it is for prod"),
  });
  const at = bytes.indexOf('"payload"') + 40;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  expect(await run("verify", file, "--key", key)).toMatchObject({ code: 1, said: expect.stringContaining("FAIL ") });
  expect(await run("verify", file)).toMatchObject({ code: 2, said: expect.stringContaining("--key is missing") });
  expect(await run("verify", path.join(dir, "none"), "--key", key)).toMatchObject({
    code: 2,
    said: expect.stringContaining("cannot be read"),
  });
  expect(await run("verify", file, "--key", file)).toMatchObject({ code: 2, said: expect.stringContaining("no PEM") });
});

test("a persona's software key is in the bundle under that name", async () => {
  const m = await t.model();
  const { ref } = await requestRelease(t.owner, { model: m.name, version: m.version, environment: "prod" });
  const { prepareApproval } = await import("@/lib/releases/prepare-approval");
  const { completeApproval } = await import("@/lib/releases/complete-approval");
  const other = await t.person("Sofia Marek", "architect");
  await database.db.execute(sql`update person set persona = true where id = ${other.actor.id}`);
  await enrolSoftwareKey({ ...other, actor: systemActor }, { person: other.actor.id });
  const prepared = await prepareApproval(other, { release: ref });
  const dsse = await signAsPersona(other.actor.id, Buffer.from(prepared.statement, "base64"));
  await completeApproval(other, { token: prepared.token, dsse: dsse.toString("base64") });
  await checkGate(t.service("ci"), { model: m.name, version: m.version, digest: m.digest, environment: "prod" });
  await log.drain();
  const bytes = await fetched(t.owner, ref);
  expect(verifyBundle(bytes, parsePortalPub(await pub())).filter((c) => !c.ok)).toEqual([]);
  expect(bytes.toString()).toContain("software key (demo)");
});

test("refused: a release that the policy lets through without a signature, since such a bundle would not verify", async () => {
  const m = await t.model();
  const question = { model: m.name, version: m.version, environment: "staging" as const };
  const { ref } = await requestRelease(t.owner, question);
  const { decision } = await checkGate(t.service("ci"), { ...question, digest: m.digest });
  expect(decision).toBe("allow");
  await log.drain();
  await expect(exportBundle(t.owner, { release: ref })).rejects.toThrow(/without anyone's signature/);
});

test("refused: no such release, not allowed yet, no right, a signature that the log has not taken in", async () => {
  await expect(exportBundle(t.owner, { release: "REL-9999" })).rejects.toMatchObject({ code: "not_found" });
  const m = await t.model();
  const { ref } = await requestRelease(t.owner, { model: m.name, version: m.version, environment: "prod" });
  await expect(exportBundle(t.owner, { release: ref })).rejects.toMatchObject({ code: "conflict" });
  const stranger: Ctx = { ...t.owner, actor: { ...t.owner.actor, grants: [] }, requestId: newId() };
  await expect(exportBundle(stranger, { release: allowed })).rejects.toMatchObject({ code: "forbidden" });
  await log.stop();
  await t.sign(t.architect, ref);
  await checkGate(t.service("ci"), { model: m.name, version: m.version, digest: m.digest, environment: "prod" });
  await expect(exportBundle(t.owner, { release: ref })).rejects.toMatchObject({ code: "unavailable" });
});
