import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database as ofProcess } from "@/db/client";
import { newId } from "@/lib/core/ids";
import { findingList } from "@/lib/scans/queries";
import { maxScanBytes } from "@/lib/scans/scan";
import { noParams } from "@/lib/testing/api";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { POST } from "./route";

let database: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
const token = "cs_test_scanner";
const now = Date.now();
const ago = (days: number) => new Date(now - days * 86_400_000).toISOString();

beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.DATA_DIR = mkdtempSync(path.join(tmpdir(), "scans-api-"));
  org = await testOrg(database.db);
  for (const [name, unit] of [
    ["card-fraud", org.units.retail],
    ["claims-triage", org.units.claims],
  ])
    await database.db.execute(
      `insert into model (id, name, platform, stage, business_unit_id, created_at, updated_at) values ('${newId()}', '${name}', 'mlflow', 'review', '${unit}', now(), now())`,
    );
  const scanner = await org.person("Scanner", "service", [org.units.retail]);
  await database.db.execute(
    `insert into role_grant (id, person_id, role, business_unit_id, granted_by, granted_at) values ('${newId()}', '${scanner.actor.id}', 'service', '${org.units.retail}', 'test', now())`,
  );
  await database.db.execute(
    `insert into api_token (id, name, hash, prefix, actor_kind, person_id, roles, created_by, created_at)
     values ('${newId()}', 'Scanner', '\\x${createHash("sha256").update(token).digest("hex")}', 'cs_test', 'person', '${scanner.actor.id}', '{}', 'test', now())`,
  );
});
afterAll(async () => {
  await ofProcess().pool.end();
  await database.drop();
});

const send = async (body: BodyInit, model = "card-fraud", headers: Record<string, string> = {}) => {
  const answer = await POST(
    new Request(`http://localhost:3000/api/v1/scans?model=${model}&run=build-7`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    }),
    noParams,
  );
  return { status: answer.status, body: await answer.json() };
};
const sarif = (at: string, results: unknown[], tool = "Trivy") =>
  JSON.stringify({
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: tool,
            rules: [
              { id: "CVE-1", properties: { "security-severity": "9.8" } },
              { id: "CVE-2", properties: { "security-severity": "7.1" } },
            ],
          },
        },
        invocations: [{ endTimeUtc: at }],
        results,
      },
    ],
  });
const hit = (ruleId: string, line = 1, more = {}) => ({
  ruleId,
  message: { text: `${ruleId} in libssl` },
  locations: [{ physicalLocation: { artifactLocation: { uri: "Dockerfile" }, region: { startLine: line } } }],
  ...more,
});
const value = (body: { facts: { key: string; value: unknown }[] }) =>
  Object.fromEntries(body.facts.map((f) => [f.key, f.value]));

test("SARIF becomes findings with their age and facts; what a later scan finds no more is closed, an older scan changes nothing", async () => {
  const first = await send(sarif(ago(10), [hit("CVE-1"), hit("CVE-2")]));
  expect(first.status).toBe(201);
  expect(value(first.body)).toMatchObject({
    "security.open_critical": 1,
    "security.open_high": 1,
    "security.open_critical_overdue": 1,
  });
  // The same finding on another line, and one that was suppressed: the critical one has been open for ten days.
  const second = await send(
    sarif(ago(1), [hit("CVE-1", 40), hit("CVE-2", 1, { suppressions: [{ kind: "inSource" }] })]),
  );
  expect(second.body.scans).toMatchObject([{ tool: "Trivy", open: 1, opened: 0, closed: 1, late: false }]);
  expect(value(second.body)).toMatchObject({ "security.open_critical_overdue": 1, "security.open_high": 0 });
  expect((await send(sarif(ago(5), []))).body.scans).toMatchObject([{ late: true }]);
  expect(
    (await send(sarif(ago(1), [hit("CVE-1", 40), hit("CVE-2", 1, { suppressions: [{ kind: "inSource" }] })]))).body
      .scans,
  ).toMatchObject([{ open: 1, opened: 0, closed: 0 }]);
  const third = await send(sarif(ago(0.1), []));
  expect(value(third.body)).toMatchObject({ "security.open_critical": 0, "security.open_critical_overdue": 0 });
  // It comes back: its time begins anew.
  const fourth = await send(sarif(ago(0.05), [hit("CVE-1")]));
  expect(value(fourth.body)).toMatchObject({ "security.open_critical": 1, "security.open_critical_overdue": 0 });
  const owner = await org.person("Mara Owner", "contributor", [org.units.retail]);
  const { findings } = await findingList(owner, { name: "card-fraud" });
  expect(findings).toMatchObject([{ rule: "CVE-1", severity: "critical", location: "Dockerfile:1", tool: "Trivy" }]);
});

test("a secret scanner answers for secrets, CycloneDX for what is analysed away", async () => {
  const secrets = await send(sarif(ago(0.1), [hit("aws-key", 3, { level: "error" })], "gitleaks"));
  expect(value(secrets.body)).toMatchObject({ "security.secrets_found": 1 });
  const bom = (state: string) =>
    JSON.stringify({
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      metadata: { timestamp: ago(0.01), tools: { components: [{ name: "grype" }] } },
      vulnerabilities: [
        {
          id: "CVE-2026-1",
          ratings: [{ severity: "critical" }],
          affects: [{ ref: "pkg:pypi/x@1" }],
          analysis: { state },
        },
        { id: "CVE-2026-2", affects: [{ ref: "pkg:pypi/y@1" }] },
      ],
    });
  const before = value(
    (await send(bom("exploitable"), "card-fraud", { "content-type": "application/vnd.cyclonedx+json" })).body,
  );
  const after = value((await send(bom("not_affected"))).body);
  expect([before["security.open_critical"], after["security.open_critical"]]).toEqual([2, 1]);
});

test("what is too large, compressed, malformed, from the future or of another team is refused, and nothing is written", async () => {
  const count = async () =>
    (
      await database.db.execute(
        `select (select count(*) from security_finding) || '/' || (select count(*) from log_entry) as n`,
      )
    ).rows[0];
  const before = await count();
  const status = async (...given: Parameters<typeof send>) => {
    const { status: code, body } = await send(...given);
    return [code, body.detail];
  };
  expect(await status("{}", "card-fraud", { "content-length": String(200 * 1024 * 1024) })).toEqual([
    413,
    expect.stringContaining("20 MB"),
  ]);
  // 200 MB that do not say how many they are: the sender is cut off soon after the limit.
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1024 * 1024;
      if (sent > 200 * 1024 * 1024) return controller.close();
      controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
    },
  });
  expect((await status(endless))[0]).toBe(413);
  expect(sent).toBeLessThan(maxScanBytes + 3 * 1024 * 1024);
  expect(await status(gzipSync(sarif(ago(0), [])))).toEqual([415, expect.stringContaining("compressed")]);
  expect((await status(Buffer.from("504b0304", "hex")))[0]).toBe(415);
  expect(await status('{"version":"2.1.0","runs":[')).toEqual([400, expect.stringContaining("not valid JSON")]);
  expect(await status('{"version":"2.0.0","runs":[]}')).toEqual([400, expect.stringContaining("SARIF 2.1.0")]);
  expect(await status(JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } } }] }))).toEqual([
    400,
    expect.stringContaining("no results"),
  ]);
  expect((await status("[]", "card-fraud", { "content-type": "text/plain" }))[0]).toBe(415);
  expect((await status(sarif(ago(-1), [])))[0]).toBe(400);
  expect((await status(sarif(ago(0), []), "claims-triage"))[0]).toBe(404);
  expect((await status(sarif(ago(0), []), "no-such-model"))[0]).toBe(404);
  expect(await count()).toEqual(before);
});
