import { sql } from "drizzle-orm";
import { newId } from "@/lib/core/ids";
import { seedModels } from "./seed/models";
import { seedReviews } from "./seed/reviews";
import { signIn } from "./support/browser";
import { type Load, load, measure, median, once, round, rounds } from "./support/load";
import { makeNotes, note } from "./support/note";
import { startPortal } from "./support/process";
import { report } from "./support/result";
import { withServer } from "./support/serve";

/**
 * The board at 5,000 reviews and 50,000 findings over 10,000 models, on the production build, as a chair sees it: what waits on them, the
 * list of reviews, a review with its ten findings, the register of findings, the board's measures; at 1 and 16 connections. What is kept
 * while the log stands still is also measured with a write before each request, when nothing is kept.
 */
const reviews = 5_000;
const findingsEach = 10;

await withServer(async (server) => {
  const { db, url: databaseUrl } = await server.make("reviews");
  await seedModels(db, 10_000, 1);
  await seedReviews(db, reviews, findingsEach);
  await makeNotes(db);
  const cookie = await signIn(db);
  await db.execute(sql`
    insert into role_grant (id, person_id, role, granted_by, granted_at)
    select ${newId()}::uuid, id, 'board_chair', 'bench', now() from person where email = 'architect@bench.example'`);
  const portal = await startPortal({ demo: false, databaseUrl });
  try {
    const page = (path: string) => ({
      url: `${portal.url.replace("127.0.0.1", "localhost")}${path}`,
      headers: { cookie: `authjs.session-token=${cookie}` },
    });
    const asked = {
      queue: { what: "What waits on a chair", most: 400, ask: page("/") },
      list: { what: "List of reviews", most: 400, ask: page("/reviews") },
      review: { what: "A review with ten findings", most: 400, ask: page("/reviews/REV-2040") },
      findings: { what: "Register of findings", most: 400, ask: page("/reviews/findings") },
      measures: { what: "The board's measures over 90 days", most: 800, ask: page("/reviews/measures") },
    };
    const names = Object.keys(asked) as (keyof typeof asked)[];
    for (const name of names) await load(2, asked[name].ask);
    const kept = ["queue", "measures"] as const;
    const runs: Record<string, { one: Load; sixteen: Load; afterWrite: Load | null }>[] = [];
    for (let i = 0; i < rounds; i++) {
      const run: (typeof runs)[number] = {};
      for (const name of names)
        run[name] = {
          one: await load(1, asked[name].ask),
          sixteen: await load(16, asked[name].ask),
          afterWrite: kept.some((k) => k === name)
            ? await measure(1, async () => {
                await note(db);
                return once(asked[name].ask);
              })
            : null,
        };
      runs.push(run);
    }
    const p95 = (name: string, at: "one" | "sixteen" | "afterWrite") =>
      round(median(runs.map((run) => run[name]?.[at]?.p95 ?? 0)));
    const errors = runs
      .flatMap((run) => Object.values(run))
      .reduce((sum, r) => sum + r.one.errors + r.sixteen.errors + (r.afterWrite?.errors ?? 0), 0);
    if (errors > 0) throw new Error(`${errors} answers were errors.`);
    await report("reviews", {
      sizes: { models: 10_000, reviews, findings: reviews * findingsEach, rounds },
      headlines: [
        ...names.map((name) => ({
          id: "E",
          what: `${asked[name].what} at 16 connections, p95 in ms`,
          ours: `${p95(name, "sixteen")} ms`,
          reference: `${p95(name, "one")} ms at 1`,
          figure: p95(name, "sixteen"),
          target: { atMost: asked[name].most },
        })),
        ...kept.map((name) => ({
          id: "E",
          what: `${asked[name].what} with a write before it, p95 in ms`,
          ours: `${p95(name, "afterWrite")} ms`,
          reference: `${p95(name, "one")} ms without`,
          figure: p95(name, "afterWrite"),
          target: { atMost: asked[name].most },
        })),
      ],
      detail: { runs },
    });
  } finally {
    await portal.stop();
  }
});
process.exit(0);
