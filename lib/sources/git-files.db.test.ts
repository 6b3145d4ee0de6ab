import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { and, eq, isNull, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { facts } from "@/db/schema/facts";
import { models } from "@/db/schema/models";
import { quarantinedRecords } from "@/db/schema/registries";
import { createConnection } from "@/lib/connections/create";
import { editConnection } from "@/lib/connections/edit";
import { previewImport } from "@/lib/connections/preview";
import { syncRegistry } from "@/lib/connections/sync";
import { testConnection } from "@/lib/connections/test";
import { systemActor } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/command";
import { newId } from "@/lib/core/ids";
import { testDatabase } from "@/lib/testing/database";
import { type FakeSeries, startFakePrometheus } from "@/lib/testing/fakes/prometheus";
import type { Fake } from "@/lib/testing/fakes/server";
import { gitMissing, testGit } from "@/lib/testing/git-server";
import { testOrg } from "@/lib/testing/org";
import { putSourceFile, removeSourceFile } from "./files";
import { fileList } from "./queries";

const missing = gitMissing();
const begin = new Date("2026-11-20T09:00:00Z");
const sloth = (objective: number, name = "requests") => `version: prometheus/v1
service: fraud-svc
labels: { countersign_model: card-fraud }
slos:
  - name: ${name}
    objective: ${objective}
    sli: { raw: { error_ratio_query: "fraud_error_ratio{window='{{.window}}'}" } }
`;

describe.skipIf(missing)(`SLO files in Git (${missing ?? "git is here"})`, () => {
  let t: Awaited<ReturnType<typeof testDatabase>>;
  let repo: Awaited<ReturnType<typeof testGit>>;
  let fake: Fake;
  let admin: Ctx;
  let id = "";
  let now = begin;
  const dir = mkdtempSync(path.join(tmpdir(), "countersign-slo-files-"));
  const series: FakeSeries[] = [{ metric: "fraud_error_ratio", labels: {}, value: "0.995" }];

  beforeAll(async () => {
    Object.assign(process.env, { DATA_DIR: dir, DECISION_INTERNAL_HOSTS: "on" });
    [t, repo, fake] = await Promise.all([testDatabase(), testGit(), startFakePrometheus(series)]);
    const org = await testOrg(t.db);
    org.now.at = begin;
    admin = await org.person("Ada Admin", "admin");
    const at = { createdAt: begin, updatedAt: begin };
    await t.db.insert(models).values({ id: newId(), name: "card-fraud", platform: "mlflow", stage: "review", ...at });
    repo.write("slos/fraud.yaml", sloth(99));
    repo.write("docs/notes.yaml", "about: nothing");
    repo.push("first");
    ({ id } = await createConnection(admin, {
      name: "Prometheus EU",
      system: "prometheus",
      baseUrl: fake.url,
      auth: "bearer",
      secret: "let-me-in",
      settings: { gitRepository: repo.url },
      import: true,
    }));
  });
  afterAll(async () => {
    repo?.close();
    await fake?.close();
    await t?.drop();
    rmSync(dir, { recursive: true, force: true });
  });

  const sync = async () => {
    now = new Date(now.getTime() + 60_000);
    const ctx = { db: t.db, actor: systemActor, now: () => now, requestId: newId() };
    const { changed } = await syncRegistry(ctx, { connectionId: id, trigger: "manual" }, { limits: { tries: 1 } });
    return changed;
  };
  const head = () => repo.git("rev-parse", "HEAD").trim().slice(0, 12);
  const told = async (key: string) => {
    const rows = await t.db
      .select({ value: facts.value, detail: facts.detail })
      .from(facts)
      .where(and(eq(facts.key, key), eq(facts.sourceId, id), isNull(facts.supersededAt)));
    return rows[0];
  };
  const files = async () => (await fileList(admin, { id })).files.map((f) => [f.name, f.commit?.slice(0, 12) ?? null]);
  const read = async () => {
    const { rows } = await t.db.execute(sql`select 1 from log_entry where name = 'source.files.read'`);
    return rows.length;
  };

  test("what the patterns name is read, and each fact says which file at which commit defines it", async () => {
    expect(await testConnection(admin, { id })).toMatchObject({
      ok: true,
      probes: expect.arrayContaining([
        { what: "Read the SLO files in Git", ok: true, text: `1 file at ${head()}`, missing: null },
      ]),
    });
    expect(await previewImport(admin, { id })).toMatchObject({ subjects: 1, matched: 1 });
    expect(await files()).toEqual([]);
    await sync();
    expect(await files()).toEqual([["slos/fraud.yaml", head()]]);
    expect(await told("slo.objective")).toMatchObject({
      value: 0.99,
      detail: expect.stringContaining(`defined in slos/fraud.yaml at ${head()}`),
    });
    expect(await read()).toBe(1);
  });

  test("a commit that leaves the file as it is changes nothing; one that changes it is read at the next sync", async () => {
    const first = head();
    repo.write("docs/notes.yaml", "about: something");
    repo.push("elsewhere");
    expect(await sync()).toBe(0);
    expect([await files(), await read()]).toEqual([[["slos/fraud.yaml", first]], 1]);
    repo.write("slos/fraud.yaml", sloth(99.5));
    repo.push("stricter");
    await sync();
    expect([await files(), await read()]).toEqual([[["slos/fraud.yaml", head()]], 2]);
    expect(await told("slo.objective")).toMatchObject({ value: 0.995, detail: expect.stringContaining(head()) });
  });

  test("a file that is no SLO is kept apart and leaves what it said before; one that is gone is gone", async () => {
    const good = head();
    repo.write("slos/fraud.yaml", "version: prometheus/v1\nservice: fraud-svc\nslos: []\n");
    repo.write("slos/second.yaml", sloth(90, "second"));
    repo.push("broken");
    await sync();
    expect(await files()).toEqual([
      ["slos/fraud.yaml", good],
      ["slos/second.yaml", head()],
    ]);
    const bad = await t.db.select().from(quarantinedRecords).where(eq(quarantinedRecords.connectionId, id));
    expect(bad).toMatchObject([{ externalKey: "slos/fraud.yaml", reason: expect.stringContaining("slos") }]);
    expect(await told("slo.count")).toMatchObject({ value: 2 });
    repo.git("rm", "-q", "slos/fraud.yaml");
    repo.push("gone");
    await sync();
    expect((await files()).map(([name]) => name)).toEqual(["slos/second.yaml"]);
    expect(await told("slo.count")).toMatchObject({ value: 1 });
  });

  test("a file in Git is neither uploaded over nor removed here, and an uploaded one is not read over", async () => {
    await expect(
      putSourceFile(admin, { id, name: "slos/second.yaml", content: sloth(50, "second") }),
    ).rejects.toMatchObject({ code: "conflict" });
    await expect(removeSourceFile(admin, { id, name: "slos/second.yaml" })).rejects.toMatchObject({
      code: "not_found",
    });
    await putSourceFile(admin, { id, name: "slos/third.yaml", content: sloth(50, "third") });
    repo.write("slos/third.yaml", sloth(60, "third"));
    repo.push("third");
    await sync();
    expect(await files()).toEqual([
      ["slos/second.yaml", expect.any(String)],
      ["slos/third.yaml", null],
    ]);
  });

  test("a repository that cannot be reached leaves the files as they were, and the rest is read", async () => {
    const before = await files();
    const gone = { gitRepository: repo.url.replace("served", "nowhere") };
    await editConnection(admin, { id, settings: gone });
    expect(await testConnection(admin, { id })).toMatchObject({
      ok: false,
      summary: expect.stringContaining("nowhere"),
    });
    await sync();
    expect(await files()).toEqual(before);
    const { rows } = await t.db.execute<{ cursor: unknown; state: string }>(
      sql`select cursor, state from sync_run where connection_id = ${id} order by started_at desc limit 1`,
    );
    expect(rows[0]).toMatchObject({
      state: "completed",
      cursor: { unread: [{ stream: "facts", why: expect.stringContaining("SLO files in Git") }] },
    });
    await editConnection(admin, { id, settings: {} });
    await sync();
    expect((await files()).map(([name]) => name)).toEqual(["slos/third.yaml"]);
  });

  test.each([
    ["file:///etc/passwd", /https address/],
    ["ssh://git@git.example.com/slos.git", /https address/],
    ["https://user:secret@git.example.com/slos.git", /user name and password/],
  ])("%s is refused when it is entered", async (gitRepository, words) => {
    await expect(editConnection(admin, { id, settings: { gitRepository } })).rejects.toThrow(words);
  });
});
