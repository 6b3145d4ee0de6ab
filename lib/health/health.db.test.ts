import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { Refusal } from "@/lib/core/refusal";
import { enqueue } from "@/lib/jobs/table";
import { worker } from "@/lib/jobs/worker";
import { testDatabase } from "@/lib/testing/database";
import { testOrg } from "@/lib/testing/org";
import { metricsText } from "./metrics";
import { health } from "./queries";
import { retryJob } from "./retry-job";

let t: Awaited<ReturnType<typeof testDatabase>>;
let org: Awaited<ReturnType<typeof testOrg>>;
beforeAll(async () => {
  t = await testDatabase();
  process.env.DATABASE_URL = t.url;
  org = await testOrg(t.db);
});
afterAll(async () => {
  const { database } = await import("@/db/client");
  await database().pool.end();
  await t.drop();
});

const failing = { promote: () => Promise.reject(new Refusal("not_found", "There is no such release.")) };

async function failedJob(): Promise<string> {
  const id = newId();
  await enqueue(t.db, { id, name: "promote", payload: { releaseId: "r" } }, org.now.at);
  await worker({ db: t.db, handlers: failing, now: () => org.now.at, pollMs: 0 }).round();
  return id;
}

test("administrators see jobs that were given up, with their error; others are refused", async () => {
  const id = await failedJob();
  const report = await health(await org.person("Ada Admin", "admin"), {});
  expect(report.jobs.failed).toBe(1);
  expect(report.failures).toMatchObject([{ id, name: "promote", attempts: 1, error: "There is no such release." }]);
  expect(report.parts.find((p) => p.part === "migrations")?.ok).toBe(true);
  await expect(health(await org.person("Vera Viewer", "viewer"), {})).rejects.toMatchObject({ code: "forbidden" });
});

test("an administrator starts a failed job again, once, and the log says so", async () => {
  const id = await failedJob();
  const admin = await org.person("Alan Admin", "admin");
  await expect(retryJob(await org.person("Carl Contributor", "contributor"), { id })).rejects.toMatchObject({
    code: "forbidden",
  });
  expect(await retryJob(admin, { id })).toEqual({ id, name: "promote" });
  await expect(retryJob(admin, { id })).rejects.toMatchObject({ code: "conflict" });
  await expect(retryJob(admin, { id: newId() })).rejects.toMatchObject({ code: "not_found" });
  const { rows } = await t.db.execute(sql`select name, summary from log_entry where subject_id = ${id}`);
  expect(rows).toEqual([{ name: "job.retried", summary: "started the failed job promote again" }]);
});

test("of two administrators who start it again at once one wins", async () => {
  const id = await failedJob();
  const [a, b] = [await org.person("Amy Admin", "admin"), await org.person("Art Admin", "admin")];
  const results = await Promise.allSettled([retryJob(a, { id }), retryJob(b, { id })]);
  expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("metrics are in Prometheus' text format", async () => {
  const text = metricsText(await health(await org.person("Ann Admin", "admin"), {}));
  for (const line of text.trim().split("\n")) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?[\d.]+)$/);
  expect(text).toContain('countersign_jobs{state="failed"}');
  expect(text).toContain("countersign_log_queued 2");
});
