import { sql } from "drizzle-orm";
import type pg from "pg";
import type { Db } from "@/db/client";
import { modelOperations } from "@/lib/models/operations";
import { seedModels } from "./seed/models";
import { type Load, load, median, round, rounds } from "./support/load";
import { report } from "./support/result";
import { listen, serveOperations, withServer } from "./support/serve";

/**
 * P1: 50 of 10,000 models with their total, against raw pg over node:http, in the same run. P2: the same page and a model's versions
 * at 10,000 models and 200,000 versions over 100 models, and the last page over the first. Our side is the operation behind its
 * dispatcher and token check on node:http.
 */

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

/** The cursor of the last page: made from the key at its edge, since walking 200 pages would measure something else. */
async function lastCursor(db: Db): Promise<string> {
  const { rows } = await db.execute<{ k: string; name: string }>(
    sql`select coalesce(tier, 9)::text as k, name from model order by coalesce(tier, 9) desc, name desc offset 50 limit 1`,
  );
  return Buffer.from(JSON.stringify([rows[0]?.k, rows[0]?.name])).toString("base64url");
}

await withServer(async (server) => {
  const make = async (name: string, models: number, versions: number) => {
    const opened = await server.make(name);
    return { ...opened, ...(await seedModels(opened.db, models, versions)) };
  };
  const large = await make("large", 10_000, 20);
  const small = await make("small", 100, 20);
  const [raw, big, little] = await Promise.all([
    reference(large.pool),
    serveOperations(large.db, modelOperations),
    serveOperations(small.db, modelOperations),
  ]);
  const ask = (url: string, token: string) => ({ url, headers: { authorization: `Bearer ${token}` } });
  const list = ask(`${big.url}/models`, large.token);
  const last = ask(`${big.url}/models?after=${await lastCursor(large.db)}`, large.token);
  const smallList = ask(`${little.url}/models`, small.token);
  const versions = ask(`${big.url}/models/model-005000/versions`, large.token);
  const smallVersions = ask(`${little.url}/models/model-000050/versions`, small.token);
  for (const each of [ask(raw.url, ""), list, last, smallList, versions, smallVersions]) await load(4, each);

  const runs: Record<"raw1" | "ours1" | "raw16" | "ours16" | "small" | "last" | "versions" | "smallVersions", Load>[] =
    [];
  for (let i = 0; i < rounds; i++)
    runs.push({
      raw1: await load(1, ask(raw.url, "")),
      ours1: await load(1, list),
      small: await load(1, smallList),
      last: await load(1, last),
      versions: await load(1, versions),
      smallVersions: await load(1, smallVersions),
      raw16: await load(16, ask(raw.url, "")),
      ours16: await load(16, list),
    });
  const of = (figure: (run: (typeof runs)[number]) => number) => round(median(runs.map(figure)));
  const ms = (figure: (run: (typeof runs)[number]) => number) => `${of(figure)} ms`;
  const flat = (
    what: string,
    figure: (r: (typeof runs)[number]) => number,
    by: (r: (typeof runs)[number]) => number,
  ) => ({
    id: "P2",
    what,
    ours: ms(figure),
    reference: ms(by),
    figure: of((r) => figure(r) / by(r)),
    target: { atMost: 1.3 },
  });
  await report("p1-p2-models", {
    sizes: { models: 10_000, versions: 200_000, smallModels: 100, rounds },
    headlines: [
      {
        id: "P1",
        what: "List of 50 of 10,000 models with total at 1 connection, p50 against raw pg",
        ours: ms((r) => r.ours1.p50),
        reference: ms((r) => r.raw1.p50),
        figure: of((r) => r.ours1.p50 / r.raw1.p50),
        target: { atMost: 3 },
      },
      {
        id: "P1",
        what: "The same a second at 16 connections",
        ours: `${of((r) => r.ours16.perSecond)}/s`,
        reference: `${of((r) => r.raw16.perSecond)}/s`,
        figure: of((r) => r.ours16.perSecond / r.raw16.perSecond),
        target: { atLeast: 0.35 },
      },
      {
        id: "B",
        what: "List API at 16 connections, p95 in ms",
        ours: ms((r) => r.ours16.p95),
        reference: ms((r) => r.raw16.p95),
        figure: of((r) => r.ours16.p95),
        target: { atMost: 60 },
      },
      flat(
        "List at 10,000 models against 100, p50",
        (r) => r.ours1.p50,
        (r) => r.small.p50,
      ),
      flat(
        "Last page of the list against the first, p50",
        (r) => r.last.p50,
        (r) => r.ours1.p50,
      ),
      flat(
        "A model's versions among 200,000 against 2,000, p50",
        (r) => r.versions.p50,
        (r) => r.smallVersions.p50,
      ),
    ],
    detail: { runs, errors: runs.flatMap((r) => Object.values(r)).reduce((sum, l) => sum + l.errors, 0) },
  });
  for (const s of [raw, big, little]) s.close();
});
process.exit(0);
