import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import { recordBatch } from "@/lib/connections/batch";
import type { batchInput } from "@/lib/connections/batch-input";
import { createConnection } from "@/lib/connections/create";
import { startRun } from "@/lib/connections/run";
import { type Actor, connectorActor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { search } from "@/lib/search/queries";
import { round } from "./support/load";
import { temporaryFolder } from "./support/process";
import { report } from "./support/result";
import { withServer } from "./support/serve";

/**
 * P12: 10,000 models with 200,000 versions from a file of JSON lines into the inventory, through the command that connectors use, with
 * its log entries, history and checks, until the last one is found by search; against COPY of the same versions into a bare table.
 */
const models = Number(process.env.BENCH_MODELS ?? 10_000);
const versionsEach = 20;
const batchSize = 2000;

type Line = { model: string; version: string; digest: string; registeredAt: string };

async function writeFileOfLines(file: string): Promise<void> {
  const out = createWriteStream(file);
  for (let i = 0; i < models; i++) {
    let chunk = "";
    for (let v = 1; v <= versionsEach; v++) {
      const line: Line = {
        model: `imported-model-${String(i).padStart(6, "0")}`,
        version: String(v),
        digest: `${i * 100 + v}`.padStart(64, "0"),
        registeredAt: new Date(Date.UTC(2026, 0, 1 + v)).toISOString(),
      };
      chunk += `${JSON.stringify(line)}\n`;
    }
    if (!out.write(chunk)) await new Promise<void>((resolve) => out.once("drain", () => resolve()));
  }
  out.end();
  await finished(out);
}

const dir = await temporaryFolder();
const file = path.join(dir, "versions.jsonl");
await writeFileOfLines(file);
await withServer(async (server) => {
  const { db, pool } = await server.make("p12");
  const admin: Actor = {
    kind: "person",
    id: newId(),
    name: "Bench",
    grants: [{ role: "admin", units: null }],
    scopes: null,
  };
  const base = { db, now: () => new Date(), requestId: "bench" };
  const { id } = await createConnection(
    { ...base, actor: admin },
    { name: "file", baseUrl: "https://file.example", import: true },
  );
  const ctx = { ...base, actor: connectorActor({ id, name: "file" }) };

  const from = performance.now();
  const { runId, cursor } = await startRun(ctx, { connectionId: id, trigger: "first", job: newId() });
  let batch: NonNullable<z.input<typeof batchInput>["versions"]> = [];
  let seen = 0;
  const flush = async () => {
    seen += batch.length;
    await recordBatch(ctx, {
      runId,
      cursor: { ...cursor, beat: new Date().toISOString() },
      seen: { models: 0, versions: seen, skipped: 0 },
      versions: batch,
    });
    batch = [];
  };
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const line = JSON.parse(text) as Line;
    batch.push({
      ...line,
      model: { id: line.model, name: line.model },
      changedAt: null,
      commit: null,
      facts: {},
      inputs: [],
      runId: null,
      source: null,
      status: "READY",
      user: null,
      description: "",
      tags: {},
      digestTag: null,
      raw: text,
    });
    if (batch.length === batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  const last = `imported-model-${String(models - 1).padStart(6, "0")}`;
  const { hits } = await search({ ...base, actor: admin }, { q: last });
  const seconds = (performance.now() - from) / 1000;
  if (!hits.some((hit) => hit.title === last)) throw new Error(`${last} is not found by search.`);

  const rawFrom = performance.now();
  await pool.query(
    "create table bare (model text, version text, digest text, registered_at timestamptz, primary key (model, version))",
  );
  const rows: unknown[][] = [[], [], [], []];
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const line = JSON.parse(text) as Line;
    for (const [i, value] of [line.model, line.version, line.digest, line.registeredAt].entries()) rows[i]?.push(value);
    if (rows[0]?.length === batchSize) {
      await pool.query(
        "insert into bare select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])",
        rows,
      );
      for (const column of rows) column.length = 0;
    }
  }
  const rawSeconds = (performance.now() - rawFrom) / 1000;

  const { rows: held } = await db.execute<{ models: number; versions: number; entries: number; history: number }>(sql`
    select (select count(*)::int from model) as models, (select count(*)::int from model_version) as versions,
      (select count(*)::int from log_entry) as entries, (select count(*)::int from history) as history`);
  await report("p12-import", {
    sizes: { models, versions: models * versionsEach, fileBytes: (await stat(file)).size },
    headlines: [
      {
        id: "P12",
        what: "10,000 models and 200,000 versions from a file, found by search, in seconds",
        ours: `${round(seconds, 1)} s`,
        reference: `${round(rawSeconds, 1)} s bare insert`,
        figure: round(seconds, 1),
        target: { atMost: 10 },
      },
    ],
    detail: { ...held[0], rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) },
  });
});
await rm(dir, { recursive: true, force: true });
process.exit(0);
