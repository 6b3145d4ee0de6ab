import "server-only";
import { cronGapHours } from "@/lib/connectors/cron";
import { UpstreamFault } from "@/lib/connectors/fault";
import { once } from "@/lib/connectors/phases";
import { type PipelineRun, pipelineFacts, roleOf } from "@/lib/connectors/pipeline";
import { countOf, prober } from "@/lib/connectors/probe";
import type { BadRecord, Tested } from "@/lib/connectors/registry";
import { side } from "@/lib/connectors/side";
import { sift } from "@/lib/connectors/sift";
import type { Observation, SeenSubject, Source, SubjectPage } from "@/lib/connectors/source";
import { clip } from "@/lib/connectors/text";
import {
  type DatabricksClient,
  databricksClient,
  dueOf,
  type Endpoint,
  endpointName,
  endpointShape,
  grants,
  type Job,
  jobShape,
  runShape,
} from "./client";
import { databricksSettings } from "./kind";
import { driftOf, tablesOf, tagOf } from "./monitors";

type Settings = ReturnType<typeof databricksSettings.parse>;
const dayMs = 86_400_000;
/** Databricks forgets runs after 60 days. */
const keptDays = 60;
/** Endpoints in a page, each with some requests of its own, and how many are asked about at once. */
const most = 50;
const width = 4;

/** Databricks: whether what serves is watched, and how jobs go. Endpoints come first, then jobs, on the same page where there is room; the token says which and where. */
export const databricks: Source = {
  open: (target, _files, limits) => {
    const client = databricksClient(target, limits);
    const settings = databricksSettings.parse(target.settings);
    const endpoints = once(client.endpoints);
    return {
      test: (now) => test(client, settings, now),
      read: async ({ token, size, now }) => {
        if (token?.startsWith("jobs ")) return readJobs(client, settings, token.slice(5) || null, size, now);
        const page = await readEndpoints(client, settings, endpoints, Number(token ?? 0), Math.min(size, most), now);
        const left = size - page.subjects.length;
        if (page.next !== "jobs " || left <= 0) return page;
        const jobs = await readJobs(client, settings, null, left, now);
        return {
          ...jobs,
          subjects: [...page.subjects, ...jobs.subjects],
          bad: [...page.bad, ...jobs.bad],
          unread: page.unread,
        };
      },
      close: client.close,
    };
  },
};

async function readEndpoints(
  client: DatabricksClient,
  settings: Settings,
  list: () => Promise<unknown[]>,
  from: number,
  size: number,
  now: Date,
): Promise<SubjectPage> {
  const { good, bad } = sift("facts", endpointName, await list(), ["name"]);
  const names = [...new Set(good.map(({ value }) => value.name))].sort();
  const subjects: SeenSubject[] = [];
  const unread: string[] = [];
  const all: BadRecord[] = from === 0 ? [...bad] : [];
  await side(width, names.slice(from, from + size), async (name) => {
    const raw = await client.endpoint(name);
    if (raw === null) return;
    const read = sift("facts", endpointShape, [raw], ["name"]);
    all.push(...read.bad);
    const endpoint = read.good[0]?.value;
    if (!endpoint) return;
    const models = modelsOf(endpoint);
    const declared = tagOf(endpoint, settings.modelTag);
    // Databricks' own foundation models stand in every workspace and are nobody's model.
    if (declared === null && models.length === 0) return;
    const drift = await driftOf(client, tablesOf(endpoint, settings.tableTag));
    all.push(...drift.bad);
    if (drift.denied !== null) unread.push(drift.denied);
    subjects.push({
      subject: `endpoint ${name}`,
      declared: clip(declared ?? (models.length === 1 ? (models[0] ?? "") : ""), 250) || null,
      observations: [...serving(endpoint, now), ...drift.observations],
    });
  });
  const next = from + size < names.length ? String(from + size) : settings.jobs === "none" ? null : "jobs ";
  return {
    subjects,
    bad: all,
    next,
    unread: unread.length > 0 ? [{ stream: "facts", why: clip(unread.sort().join(" "), 500) }] : [],
  };
}

/** Models of Unity Catalog that an endpoint serves, by their full names. */
const modelsOf = (e: Endpoint): string[] => [
  ...new Set(
    (e.config?.served_entities ?? []).flatMap((s) => (s.entity_name && s.entity_version ? [s.entity_name] : [])),
  ),
];

function serving(e: Endpoint, now: Date): Observation[] {
  const effectiveAt = now.toISOString();
  const one = (key: string, value: boolean, detail: string): Observation => ({ key, value, effectiveAt, detail });
  const logged = (e.ai_gateway?.inference_table_config ?? e.config?.auto_capture_config)?.enabled ?? false;
  const { input, output } = e.ai_gateway?.guardrails ?? {};
  const guarded = (g: typeof input) => Boolean(g?.safety || (g?.pii?.behavior && g.pii.behavior !== "NONE"));
  return [
    one("serving.ready", e.state.ready === "READY", `state of endpoint ${e.name}`),
    one("serving.predictions_logged", logged, `inference table of endpoint ${e.name}`),
    ...(input || output || e.task?.startsWith("llm/")
      ? [one("eval.guardrails_on", guarded(input) && guarded(output), `AI gateway of endpoint ${e.name}`)]
      : []),
  ];
}

async function readJobs(
  client: DatabricksClient,
  settings: Settings,
  token: string | null,
  size: number,
  now: Date,
): Promise<SubjectPage> {
  const page = await client.jobs(token, size);
  if (page.next_page_token !== null && page.next_page_token === token)
    throw new UpstreamFault("shape", "Databricks names the page of jobs it just gave as the next one.");
  const { good, bad } = sift("facts", jobShape, page.jobs, ["job_id"]);
  const jobs = [...new Map(good.map(({ value }) => [value.job_id, value])).values()].filter(
    (j) => settings.jobs === "all" || j.settings.tags?.[settings.modelTag],
  );
  const subjects: SeenSubject[] = [];
  await side(width, jobs, async (job) => {
    const ended = await runsOf(client, job, now);
    bad.push(...ended.bad);
    const due = dueOf(job);
    const name = `job ${job.job_id}`;
    subjects.push({
      subject: clip(`job ${job.settings.name} (${job.job_id})`, 500),
      declared: clip(job.settings.tags?.[settings.modelTag]?.trim() ?? "", 250) || null,
      observations: pipelineFacts(
        {
          name,
          role: roleOf(job.settings.tags?.[settings.roleTag]),
          runs: ended.runs,
          cadenceHours: due === null ? null : "hours" in due ? due.hours : cronGapHours(due.cron),
        },
        now,
      ),
    });
  });
  return { subjects, bad, next: page.next_page_token === null ? null : `jobs ${page.next_page_token}`, unread: [] };
}

async function runsOf(
  client: DatabricksClient,
  job: Job,
  now: Date,
): Promise<{ runs: PipelineRun[]; bad: BadRecord[] }> {
  const { good, bad } = sift(
    "facts",
    runShape,
    await client.runs(job.job_id, new Date(now.getTime() - keptDays * dayMs)),
    ["run_id"],
  );
  return {
    bad,
    runs: good.map(({ value: r }) => {
      const said = r.status?.termination_details?.code ?? r.state?.result_state ?? "";
      return {
        id: r.run_id,
        endedAt: r.end_time,
        outcome: /^SUCCESS/.test(said) ? "success" : /CANCEL|SKIPPED|^$/.test(said) ? "other" : "failure",
      };
    }),
  };
}

async function test(client: DatabricksClient, settings: Settings, now: Date): Promise<Tested> {
  const { attempt, answer } = prober();
  let names: string[] = [];
  const listed = await attempt("List serving endpoints", grants.endpoints, async () => {
    names = sift("facts", endpointName, await client.endpoints(), ["name"]).good.map(({ value }) => value.name);
    return countOf(names.length, false, "endpoint");
  });
  if (listed) {
    let tables: string[] = [];
    for (const name of names.slice(0, 20)) {
      const endpoint = endpointShape.safeParse(await client.endpoint(name).catch(faultless));
      if (endpoint.success) tables = tablesOf(endpoint.data, settings.tableTag);
      if (tables.length > 0) break;
    }
    const [table] = tables;
    if (table !== undefined)
      await attempt("Read the monitor of an inference table", grants.monitors, async () =>
        (await client.monitor(table)) === null ? `${table} has no monitor` : "readable",
      );
    let jobs: unknown[] = [];
    let more = false;
    const seen =
      settings.jobs !== "none" &&
      (await attempt("List jobs", grants.jobs, async () => {
        const page = await client.jobs(null, 100);
        jobs = page.jobs;
        more = page.next_page_token !== null;
        return countOf(jobs.length, more, "job");
      }));
    const [first] = sift("facts", jobShape, jobs, ["job_id"]).good;
    if (seen && first)
      await attempt("Read a job's runs", grants.jobs, async () => {
        await client.runs(first.value.job_id, new Date(now.getTime() - dayMs));
        return "readable";
      });
  }
  return answer(`Databricks with ${countOf(names.length, false, "endpoint")}.`, { skewMs: client.skewMs() });
}

/** An endpoint that cannot be read is passed over in looking for one with a table. */
function faultless(error: unknown): null {
  if (error instanceof UpstreamFault) return null;
  throw error;
}
