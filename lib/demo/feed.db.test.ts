import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushFacts } from "@/lib/facts/push";
import { assess } from "@/lib/readiness/assess";
import { testDatabase } from "@/lib/testing/database";
import { days, monday, type Readiness, service, slo, testReadiness } from "@/lib/testing/readiness";
import { demoPipeline, measureDemo } from "./feed";

let t: Awaited<ReturnType<typeof testDatabase>>;
let w: Readiness;
beforeAll(async () => {
  t = await testDatabase();
  w = await testReadiness(t.db);
  await w.fresh();
  await t.db.execute(
    sql`insert into demo_seed (id, started_at, finished_at) values (1, ${monday.toISOString()}, ${monday.toISOString()})`,
  );
  const push = (facts: Record<string, string | number | boolean>, at: Date) =>
    pushFacts(w.as(demoPipeline, at), {
      facts: Object.entries(facts).map(([key, value]) => ({ model: w.model.name, key, value })),
    });
  // Stale on the day the demo was made; fresh and good; fresh and bad.
  await push(
    {
      "monitoring.rate": true,
      "monitoring.errors": true,
      "monitoring.duration": true,
      "monitoring.dashboard": "https://d.example/1",
    },
    days(-5),
  );
  await push(slo, monday);
  await push({ "alerts.routed": true, "alerts.page_tested_at": days(-20).toISOString() }, monday);
  await push({ "security.open_critical_overdue": 1, "security.scanned_at": days(-1).toISOString() }, monday);
});
afterAll(() => t.drop());

/** State and cause of the items that this world knows something about. */
const standing = async (now: Date) => {
  const { items } = await assess(t.db, w.model.id, null, now);
  return Object.fromEntries(
    items.flatMap((i) => (i.facts.length > 0 ? [[i.id, `${i.state} ${i.cause ?? ""}`.trim()]] : [])),
  );
};
/** The feed as its schedule runs it, every hour from one day to another. */
const feed = async (from: number, to: number) => {
  for (let hour = from * 24; hour <= to * 24; hour++) await measureDemo(w.as(demoPipeline, days(hour / 24)));
};

test("on day 2 and on day 30 the demo shows what it showed on its first day: passes, failures and what had gone stale", async () => {
  const first = await standing(monday);
  expect(Object.values(first)).toEqual(expect.arrayContaining(["pass", "fail", "unknown stale"]));
  await feed(0, 2);
  expect(await standing(days(2))).toEqual(first);
  // The portal was off for four weeks: the first report after its start puts that right.
  expect(await standing(days(30))).not.toEqual(first);
  await measureDemo(w.as(demoPipeline, days(30)));
  expect(await standing(days(30))).toEqual(first);
});

test("its reports are logged as such, and nobody else's facts are reported for them", async () => {
  const { rows } = await t.db.execute<{ actor_name: string; body: Buffer }>(
    sql`select actor_name, body from log_entry where name = 'facts.pushed' order by id desc limit 1`,
  );
  expect(rows[0]?.actor_name).toBe("Build pipeline");
  expect(rows[0]?.body.toString("utf8")).toContain("demo measurement feed");
  await pushFacts(w.as(service, days(30)), { facts: [{ model: w.model.name, key: "cost.alert", value: true }] });
  expect(await measureDemo(w.as(demoPipeline, days(30)))).toEqual({ reported: 0 });
  await measureDemo(w.as(demoPipeline, days(200)));
  const own = await t.db.execute(sql`select 1 from fact where key = 'cost.alert' and source_id <> ${service.id}`);
  expect(own.rowCount).toBe(0);
});

test("an organisation that is no demo has no feed", async () => {
  await t.db.execute(sql`delete from demo_seed`);
  expect(await measureDemo(w.as(demoPipeline, days(400)))).toEqual({ reported: 0 });
});
