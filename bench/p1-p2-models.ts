import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import pg from "pg";
import { connect, type Db } from "@/db/client";
import { startEmbedded } from "@/db/embedded.mjs";
import { migrate } from "@/db/migrate";
import { byToken } from "@/lib/auth/identify";
import { newId } from "@/lib/core/ids";
import { answer, router } from "@/lib/http/dispatch";
import { problemResponse } from "@/lib/http/problem";
import { modelOperations } from "@/lib/models/operations";
import { seedModels } from "./seed/models";

/**
 * P1: 50 of 10,000 models with their total, against raw pg over node:http, in the same run. P2: the same page and a model's versions
 * at 10,000 models and 200,000 versions over 100 models, and the last page over the first. Our side is the operation behind its
 * dispatcher and token check on node:http; with BENCH_URL and BENCH_TOKEN also a running portal, through Next.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);

type Load = { p50: number; p99: number; perSecond: number; errors: number };

async function load(url: string, token: string, width: number): Promise<Load> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: width });
  const times: number[] = [];
  let errors = 0;
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (performance.now() < end) {
        const from = performance.now();
        if ((await get(url, token, agent)) !== 200) errors++;
        times.push(performance.now() - from);
      }
    }),
  );
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (q: number) => Number((times[Math.floor(times.length * q)] ?? 0).toFixed(2));
  return { p50: at(0.5), p99: at(0.99), perSecond: Math.round(times.length / seconds), errors };
}

const get = (url: string, token: string, agent?: http.Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    http
      .get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      })
      .on("error", reject);
  });

async function listen(handle: http.RequestListener): Promise<{ url: string; close: () => void }> {
  const server = http.createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The reference: the same rows and total, two statements, no checks. */
const reference = (pool: pg.Pool) =>
  listen(async (_request, response) => {
    const [page, total] = await Promise.all([
      pool.query(`select m.id, m.name, m.description, m.kind, m.serving_type, m.platform, m.stage, m.tier, m.tier_driver, m.readiness_pass,
        m.readiness_fail, m.readiness_unknown, m.readiness_waived, m.readiness_total, m.last_release_at, m.gate_decision, m.gate_reasons,
        u.name as unit, p.name as owner from model m left join business_unit u on u.id = m.business_unit_id
        left join person p on p.id = m.owner_id order by coalesce(m.tier, 9), m.name limit 50`),
      pool.query("select count(*) from model"),
    ]);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ models: page.rows, total: Number(total.rows[0].count) }));
  });

/** Our side, as the API route does it, without Next around it. */
function ours(db: Db) {
  const routes = router(modelOperations);
  return listen(async (request, response) => {
    const web = new Request(`http://localhost${request.url}`, {
      headers: { authorization: request.headers.authorization ?? "" },
    });
    const requestId = newId();
    const reply = await answer(web, new URL(web.url).pathname.split("/").filter(Boolean), routes, async () => ({
      db,
      actor: await byToken(db, (request.headers.authorization ?? "").slice(7), new Date()),
      now: () => new Date(),
      requestId,
    })).catch((error: unknown) => problemResponse(error, requestId));
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(Buffer.from(await reply.arrayBuffer()));
  });
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const p50 = async (url: string, token: string): Promise<number> => {
  const runs: number[] = [];
  for (let i = 0; i < rounds; i++) runs.push((await load(url, token, 1)).p50);
  return median(runs);
};

/** The cursor of the last page: made from the key at its edge, since walking 200 pages would measure something else. */
async function lastCursor(db: Db): Promise<string> {
  const { rows } = await db.execute<{ k: string; name: string }>(
    sql`select coalesce(tier, 9)::text as k, name from model order by coalesce(tier, 9) desc, name desc offset 50 limit 1`,
  );
  return Buffer.from(JSON.stringify([rows[0]?.k, rows[0]?.name])).toString("base64url");
}

const dir = await mkdtemp(path.join(os.tmpdir(), "countersign-bench-"));
const server = await startEmbedded(dir);
try {
  const make = async (name: string, models: number, versions: number) => {
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`create database ${name}`);
    await admin.end();
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    await migrate(url.toString());
    const opened = connect(url.toString(), 10);
    return { ...opened, ...(await seedModels(opened.db, models, versions)) };
  };
  const large = await make("large", 10_000, 20);
  const small = await make("small", 100, 20);
  const [raw, big, little] = await Promise.all([reference(large.pool), ours(large.db), ours(small.db)]);

  const one: { raw: Load; ours: Load }[] = [];
  const sixteen: { raw: Load; ours: Load }[] = [];
  for (let i = 0; i < rounds; i++) {
    one.push({ raw: await load(raw.url, "", 1), ours: await load(`${big.url}/models`, large.token, 1) });
    sixteen.push({ raw: await load(raw.url, "", 16), ours: await load(`${big.url}/models`, large.token, 16) });
  }
  const after = await lastCursor(large.db);
  const flat = {
    large: await p50(`${big.url}/models`, large.token),
    small: await p50(`${little.url}/models`, small.token),
    first: await p50(`${big.url}/models`, large.token),
    last: await p50(`${big.url}/models?after=${after}`, large.token),
    versionsLarge: await p50(`${big.url}/models/model-005000/versions`, large.token),
    versionsSmall: await p50(`${little.url}/models/model-000050/versions`, small.token),
  };
  const portal =
    process.env.BENCH_URL && process.env.BENCH_TOKEN
      ? {
          one: await load(`${process.env.BENCH_URL}/api/v1/models`, process.env.BENCH_TOKEN, 1),
          sixteen: await load(`${process.env.BENCH_URL}/api/v1/models`, process.env.BENCH_TOKEN, 16),
        }
      : null;
  const explain = await large.db.execute<{ "QUERY PLAN": string }>(
    sql`explain (analyze, costs off) select name from model m order by coalesce(m.tier, 9), m.name limit 51`,
  );
  const result = {
    at: new Date().toISOString(),
    machine: `${os.cpus().length} x ${os.cpus()[0]?.model}`,
    p1: {
      raw: { p50: median(one.map((r) => r.raw.p50)), perSecond16: median(sixteen.map((r) => r.raw.perSecond)) },
      ours: { p50: median(one.map((r) => r.ours.p50)), perSecond16: median(sixteen.map((r) => r.ours.perSecond)) },
      ratioP50: Number(median(one.map((r) => r.ours.p50 / r.raw.p50)).toFixed(2)),
      ratioPerSecond: Number(median(sixteen.map((r) => r.ours.perSecond / r.raw.perSecond)).toFixed(2)),
      errors: [...one, ...sixteen].reduce((sum, r) => sum + r.ours.errors, 0),
      target: { ratioP50: 3, ratioPerSecond: 0.35 },
    },
    p2: {
      ...flat,
      ratioSize: Number((flat.large / flat.small).toFixed(2)),
      ratioDepth: Number((flat.last / flat.first).toFixed(2)),
      ratioVersions: Number((flat.versionsLarge / flat.versionsSmall).toFixed(2)),
      target: 1.3,
    },
    portal,
    plan: explain.rows.map((r) => r["QUERY PLAN"]),
  };
  console.log(JSON.stringify(result, null, 2));
  await mkdir("bench/results", { recursive: true });
  await writeFile("bench/results/p1-p2-models.json", `${JSON.stringify(result, null, 2)}\n`);
  for (const s of [raw, big, little]) s.close();
  await Promise.all([large.pool.end(), small.pool.end()]);
} finally {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}
process.exit(0);
