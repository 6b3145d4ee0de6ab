import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { modelOperations } from "@/lib/models/operations";
import { seedModels } from "./seed/models";
import { signIn } from "./support/browser";
import { type Load, load, median, round, rounds } from "./support/load";
import { startPortal } from "./support/process";
import { report } from "./support/result";
import { serveOperations, withServer } from "./support/serve";

/**
 * The inventory at 10,000 models and 200,000 versions on the production build: the list page, a filtered one and a model page at 1 and
 * 16 connections, the list over the API of the running portal, statements per page, and the memory of the process after it all.
 */
const residentMb = (pid: number): number => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  const name = readFileSync(`/proc/${pid}/comm`, "utf8");
  return (name.startsWith("postgres") ? 0 : own) + children.reduce((sum, child) => sum + residentMb(Number(child)), 0);
};

await withServer(async (server) => {
  const { db, pool, url: databaseUrl } = await server.make("inventory");
  const { token } = await seedModels(db, 10_000, 20);
  const cookie = await signIn(db);
  const portal = await startPortal({ demo: false, databaseUrl });
  try {
    const page = (path: string) => ({
      url: `${portal.url.replace("127.0.0.1", "localhost")}${path}`,
      headers: { cookie: `authjs.session-token=${cookie}` },
    });
    const asked = {
      api: { url: `${portal.url}/api/v1/models`, headers: { authorization: `Bearer ${token}` } },
      list: page("/models"),
      filtered: page("/models?tier=1&stage=live"),
      model: page("/models/model-005000"),
    };
    for (const each of Object.values(asked)) await load(4, each);
    const runs: Record<`${keyof typeof asked}${1 | 16}`, Load>[] = [];
    for (let i = 0; i < rounds; i++)
      runs.push({
        api1: await load(1, asked.api),
        api16: await load(16, asked.api),
        list1: await load(1, asked.list),
        list16: await load(16, asked.list),
        filtered1: await load(1, asked.filtered),
        filtered16: await load(16, asked.filtered),
        model1: await load(1, asked.model),
        model16: await load(16, asked.model),
      });
    const memory = Math.round(residentMb(portal.pid));

    // Statements per operation, counted on a pool of our own, so that the portal's jobs do not count.
    const statements: Record<string, number> = {};
    let sent = 0;
    pool.on("acquire", () => sent++);
    const ours = await serveOperations(db, modelOperations);
    for (const path of [
      "/models",
      "/models?tier=1&stage=live",
      "/models/model-005000",
      "/models/model-005000/versions",
    ]) {
      const ask = { url: `${ours.url}${path}`, headers: { authorization: `Bearer ${token}` } };
      await fetch(ask.url, { headers: ask.headers });
      sent = 0;
      await fetch(ask.url, { headers: ask.headers });
      statements[path] = sent;
    }
    ours.close();
    const most = Math.max(...Object.values(statements));

    const of = (figure: (run: (typeof runs)[number]) => number) => round(median(runs.map(figure)));
    const errors = runs.flatMap((r) => Object.values(r)).reduce((sum, l) => sum + l.errors, 0);
    const at16 = (what: string, one: `${keyof typeof asked}1`, sixteen: `${keyof typeof asked}16`, most: number) => ({
      id: "B",
      what: `${what} at 16 connections, p95 in ms`,
      ours: `${of((r) => r[sixteen].p95)} ms`,
      reference: `${of((r) => r[one].p95)} ms at 1`,
      figure: of((r) => r[sixteen].p95),
      target: { atMost: most },
    });
    const { rows } = await db.execute<{ mb: number }>(
      sql`select round(pg_database_size(current_database()) / 1e6)::int as mb`,
    );
    await report("inventory", {
      sizes: { models: 10_000, versions: 200_000, rounds, databaseMb: rows[0]?.mb ?? 0 },
      headlines: [
        at16("List over the API, through Next,", "api1", "api16", 60),
        at16("List page", "list1", "list16", 200),
        at16("Filtered list page", "filtered1", "filtered16", 200),
        at16("Model page", "model1", "model16", 200),
        {
          id: "B",
          what: "Statements of one list or model read, the token's included",
          ours: `${most}`,
          reference: "1",
          figure: most,
          target: { atMost: 8 },
        },
        {
          id: "B",
          what: "Memory of the portal's processes after it, in MB",
          ours: `${memory} MB`,
          reference: "none",
          figure: memory,
          target: { atMost: 700 },
        },
      ],
      detail: { runs, statements, errors },
    });
  } finally {
    await portal.stop();
  }
});
process.exit(0);
