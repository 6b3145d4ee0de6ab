import { performance } from "node:perf_hooks";
import { sql } from "drizzle-orm";
import { people } from "@/db/schema/org";
import type { Actor } from "@/lib/core/actor";
import { newId } from "@/lib/core/ids";
import { adrGraph } from "@/lib/decisions/graph";
import { importAdrs } from "@/lib/decisions/import";
import { decisionOperations } from "@/lib/decisions/operations";
import { proposeAdr } from "@/lib/decisions/write";
import { renderMarkdown } from "@/lib/markdown/render";
import { seedModels } from "./seed/models";
import { type Load, load, median, once, round, rounds } from "./support/load";
import { report } from "./support/result";
import { listen, serveOperations, withServer } from "./support/serve";

/**
 * P11: a decision record from its saving until search finds it; 1,000 records imported; and, among 10,000 records, the search, a page
 * of the log and the drawing of what replaces what. The reference of the search is a raw full-text query over node:http in the same
 * run. And how long the server takes to lay out a text with 40 diagrams.
 */
const records = Number(process.env.BENCH_RECORDS ?? 10_000);
const perCall = 200;

const subjects = ["inference gateway", "feature store", "drift monitor", "batch scoring", "model registry", "fallback"];
const verbs = ["Adopt", "Replace", "Share", "Retire", "Encrypt", "Cache"];

/** A record of about 300 words, no two alike. */
function record(i: number): string {
  const subject = subjects[i % subjects.length] ?? "";
  const sentence = `Team ${i % 137} weighed latency, cost and who is called at night for the ${subject} of product ${i}. `;
  return [
    `# ${verbs[i % verbs.length]} the ${subject} for product ${i}`,
    "## Context and Problem Statement",
    sentence.repeat(5),
    "## Considered Options",
    `- Build it\n- Buy it\n- Leave it as it is until ${2026 + (i % 4)}`,
    "## Decision Outcome",
    `Chosen option: "Build it", because ${sentence.repeat(4)}`,
    "### Consequences",
    sentence.repeat(4),
  ].join("\n\n");
}

await withServer(async (server) => {
  const { db, pool } = await server.make("documents");
  const { token } = await seedModels(db, 100, 1);
  const actor: Actor = {
    kind: "person",
    id: newId(),
    name: "Bench",
    grants: [{ role: "architect", units: null }],
    scopes: null,
  };
  await db.insert(people).values({ id: actor.id, name: actor.name, email: "bench@example.com", createdAt: new Date() });
  const ctx = { db, actor, now: () => new Date(), requestId: "bench" };

  const importing = async (from: number, count: number): Promise<number> => {
    const began = performance.now();
    for (let i = from; i < from + count; i += perCall) {
      const files = Array.from({ length: Math.min(perCall, from + count - i) }, (_, n) => ({
        name: `${String(i + n).padStart(5, "0")}.md`,
        content: record(i + n),
      }));
      await importAdrs(ctx, { files, collection: `bench-${i / perCall}` });
    }
    return (performance.now() - began) / 1000;
  };
  const thousand = await importing(0, 1000);
  if (records > 1000) await importing(1000, records - 1000);
  await db.execute(sql`
    with chain as (select id, lead(id, 10) over (order by id) as by from adr where ref <= 'ADR-1500')
    update adr set status = 'superseded', superseded_by_id = chain.by from chain where chain.id = adr.id and chain.by is not null`);
  await db.execute(sql`vacuum analyze`);

  const ours = await serveOperations(db, decisionOperations);
  const headers = { authorization: `Bearer ${token}` };
  const raw = await listen(async (request, response) => {
    const q = new URL(request.url ?? "", "http://localhost").searchParams.get("q");
    const { rows } = await pool.query(
      `select a.ref, a.title from adr a join adr_text t on t.adr_id = a.id where t.words @@ websearch_to_tsquery('english', $1) order by a.id desc limit 20`,
      [q],
    );
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(rows));
  });
  const ask = (query: string) => ({ url: `${ours.url}/decisions?${query}`, headers });
  const searched = "q=feature+store+product+4242&limit=20";
  for (const query of [searched, "q=latency&limit=20", "limit=50"])
    if ((await once(ask(query))) !== 200) throw new Error(`${query} was refused.`);

  const saved: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const began = performance.now();
    const { ref } = await proposeAdr(ctx, { content: `# Quixotic${i} choice\n\n## Decision Outcome\n\nYes.\n` });
    const reply = await fetch(ask(`q=quixotic${i}`).url, { headers });
    if (!(await reply.text()).includes(ref)) throw new Error(`${ref} is not found.`);
    saved.push((performance.now() - began) / 1000);
  }

  const runs: Record<"raw" | "rare" | "common" | "page", Load>[] = [];
  const graphs: number[] = [];
  const drawn: number[] = [];
  const diagrams = `# Forty\n\n${Array.from({ length: 40 }, (_, i) => `## Part ${i}\n\n${record(i).slice(0, 600)}\n\n\`\`\`mermaid\nflowchart LR\n  a${i}[Till] --> b${i}[Score] --> c${i}[Answer]\n\`\`\`\n`).join("\n")}`;
  for (let i = 0; i < rounds; i++) {
    runs.push({
      raw: await load(1, { url: `${raw.url}/?q=feature+store+product+4242` }),
      rare: await load(1, ask(searched)),
      common: await load(1, ask("q=latency&limit=20")),
      page: await load(1, ask("limit=50")),
    });
    const began = performance.now();
    const { nodes } = await adrGraph(ctx, {});
    graphs.push(performance.now() - began);
    if (nodes.length === 0) throw new Error("The drawing is empty.");
    const from = performance.now();
    const pieces = renderMarkdown(diagrams);
    drawn.push(performance.now() - from);
    if (pieces.filter((p) => p.kind === "diagram").length !== 40) throw new Error("Not 40 diagrams.");
  }
  const of = (figure: (run: (typeof runs)[number]) => number) => round(median(runs.map(figure)));
  const within = (what: string, figure: number, atMost: number, unit: string, reference = "-") => ({
    id: "P11",
    what,
    ours: `${round(figure, 2)} ${unit}`,
    reference,
    figure: round(figure, 2),
    target: { atMost },
  });
  await report("documents", {
    sizes: { records, rounds },
    headlines: [
      within("A decision from saved until found, in seconds", median(saved), 1, "s"),
      within("1,000 decisions imported, in seconds", thousand, 5, "s"),
      within(
        "Search among 10,000 decisions, a rare text, p95 in ms",
        of((r) => r.rare.p95),
        100,
        "ms",
        `${of((r) => r.raw.p95)} ms`,
      ),
      within(
        "Search among 10,000 decisions, a word in all of them, p95 in ms",
        of((r) => r.common.p95),
        100,
        "ms",
      ),
      within(
        "A page of the log of 10,000 decisions, p95 in ms",
        of((r) => r.page.p95),
        100,
        "ms",
      ),
      within("What replaces what, 1,500 records, in ms", median(graphs), 200, "ms"),
      within("A text with 40 diagrams laid out by the server, in ms", median(drawn), 200, "ms"),
    ],
    detail: { saved, thousand, graphs, drawn, runs },
  });
  raw.close();
  ours.close();
});
