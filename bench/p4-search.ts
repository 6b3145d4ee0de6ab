import { sql } from "drizzle-orm";
import { searchOperations } from "@/lib/search/operations";
import { seedModels } from "./seed/models";
import { type Load, load, median, once, round, rounds } from "./support/load";
import { report } from "./support/result";
import { listen, serveOperations, withServer } from "./support/serve";

/**
 * P4: the first 20 hits among 10,000 models with 200,000 versions, against a raw full-text query over node:http in the same run; words,
 * a part of a name, a typing error, a phrase and a field filter; and texts that once broke query parsers, none of which may throw.
 */
const words = [
  "claims fraud",
  "churn",
  "mortgage pricing",
  "sensor drift",
  "routing",
  "readmission",
  "demand",
  "credit",
];

const questions = {
  words: "mortgage pricing",
  part: "pricing-0042",
  typo: "mortage-prising",
  phrase: '"credit limits"',
  filtered: "tier:1 churn",
};
const hostile = [
  "'",
  '"',
  "a & | !",
  ":*",
  "\\",
  "<->",
  "((((",
  "%_%",
  "tier:",
  "tier:9 stage:none",
  "-",
  "€𝕏",
  "sha256:",
  "#0",
];

await withServer(async (server) => {
  const { db, pool } = await server.make("p4");
  const { token } = await seedModels(db, 10_000, 20);
  await db.execute(sql`
    update model m set name = replace(w.word, ' ', '-') || '-' || right(m.name, 6), description = 'Predicts ' || w.word || ' limits'
    from unnest(${`{${words.map((w) => `"${w}"`).join(",")}}`}::text[]) with ordinality as w(word, n)
    where w.n = 1 + right(m.name, 6)::int % ${words.length}::int`);
  await db.execute(sql`vacuum analyze model`);
  const raw = await listen(async (request, response) => {
    const q = new URL(request.url ?? "", "http://localhost").searchParams.get("q");
    const { rows } = await pool.query(
      `select m.name, m.description from model m where to_tsvector('english', m.name || ' ' || m.description) @@ websearch_to_tsquery('english', $1) limit 20`,
      [q],
    );
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(rows));
  });
  const ours = await serveOperations(db, searchOperations);
  const headers = { authorization: `Bearer ${token}` };
  const ask = (q: string) => ({ url: `${ours.url}/search?limit=20&q=${encodeURIComponent(q)}`, headers });
  const reference = { url: `${raw.url}/?q=${encodeURIComponent(questions.words)}` };

  const refused: string[] = [];
  for (const q of hostile) if ((await once(ask(q))) !== 200) refused.push(q);
  const empty: string[] = [];
  for (const [name, q] of Object.entries(questions)) {
    const reply = await fetch(ask(q).url, { headers });
    const body = await reply.text();
    if (!reply.ok || !body.includes('"kind":"model"')) empty.push(name);
  }

  const runs: Record<"raw" | keyof typeof questions, Load>[] = [];
  for (let i = 0; i < rounds; i++)
    runs.push({
      raw: await load(1, reference),
      words: await load(1, ask(questions.words)),
      part: await load(1, ask(questions.part)),
      typo: await load(1, ask(questions.typo)),
      phrase: await load(1, ask(questions.phrase)),
      filtered: await load(1, ask(questions.filtered)),
    });
  const of = (figure: (run: (typeof runs)[number]) => number) => round(median(runs.map(figure)));
  const against = (what: string, kind: keyof typeof questions) => ({
    id: "P4",
    what: `Search, top 20, p50: ${what}`,
    ours: `${of((r) => r[kind].p50)} ms`,
    reference: `${of((r) => r.raw.p50)} ms`,
    figure: of((r) => r[kind].p50 / r.raw.p50),
    target: { atMost: 3 },
  });
  await report("p4-search", {
    sizes: { models: 10_000, versions: 200_000, rounds },
    headlines: [
      against("words", "words"),
      against("part of a name", "part"),
      against("typing error", "typo"),
      against("phrase", "phrase"),
      against("field filter", "filtered"),
      {
        id: "P4",
        what: "Texts that throw or are refused, and questions without an answer",
        ours: `${refused.length + empty.length} of ${hostile.length + Object.keys(questions).length}`,
        reference: "0",
        figure: refused.length + empty.length,
        target: { atMost: 0 },
      },
    ],
    detail: { refused, empty, runs },
  });
  raw.close();
  ours.close();
});
process.exit(0);
