import "server-only";
import { cronGapHours } from "@/lib/connectors/cron";
import { type PipelineRun, pipelineFacts, roleOf, runDays } from "@/lib/connectors/pipeline";
import { countOf, prober } from "@/lib/connectors/probe";
import type { BadRecord, Tested } from "@/lib/connectors/registry";
import { side } from "@/lib/connectors/side";
import { sift } from "@/lib/connectors/sift";
import type { SeenSubject, Source, SubjectPage } from "@/lib/connectors/source";
import { clip } from "@/lib/connectors/text";
import { type AirflowClient, airflowClient, type Dag, dagShape, grants, runShape } from "./client";
import { airflowSettings } from "./kind";

type Settings = ReturnType<typeof airflowSettings.parse>;
const dayMs = 86_400_000;
const width = 2;

/** Airflow: how the DAGs of a model go. The token is the place in the list. */
export const airflow: Source = {
  open: (target, _files, limits) => {
    const settings = airflowSettings.parse(target.settings);
    const client = airflowClient(target, settings.version, limits);
    return {
      test: (now) => test(client, settings, now),
      read: ({ token, size, now }) => read(client, settings, Number(token ?? 0), size, now),
      close: client.close,
    };
  },
};

async function read(
  client: AirflowClient,
  settings: Settings,
  offset: number,
  size: number,
  now: Date,
): Promise<SubjectPage> {
  const page = await client.dags(offset, size);
  const { good, bad } = sift("facts", dagShape, page.records, ["dag_id"]);
  const dags = [...new Map(good.map(({ value }) => [value.dag_id, value])).values()].filter(
    (d) => settings.dags === "all" || tagOf(d, settings.modelTag) !== null,
  );
  const subjects: SeenSubject[] = [];
  await side(width, dags, async (dag) => {
    const { runs, bad: unreadable } = await runsOf(client, dag.dag_id, now);
    bad.push(...unreadable);
    const role = roleOf(tagOf(dag, settings.roleTag));
    const name = `DAG ${dag.dag_id}`;
    const observations = pipelineFacts(
      {
        name,
        role,
        runs,
        cadenceHours: dag.is_paused ? null : cadenceOf(dag),
      },
      now,
    );
    if (role !== "quality" && dag.has_import_errors !== null && dag.has_import_errors !== undefined)
      observations.push({
        key: role === "scoring" ? "batch.definition_loads" : "pipeline.definition_loads",
        value: !dag.has_import_errors,
        effectiveAt: now.toISOString(),
        detail: `import errors of ${name}`,
      });
    subjects.push({
      subject: dag.dag_id,
      declared: clip(tagOf(dag, settings.modelTag) ?? "", 250) || null,
      observations,
    });
  });
  return { subjects, bad, next: page.more ? String(offset + page.records.length) : null, unread: [] };
}

/** The runs of 28 days, and the last success before them where none of them is one. */
async function runsOf(
  client: AirflowClient,
  dag: string,
  now: Date,
): Promise<{ runs: PipelineRun[]; bad: BadRecord[] }> {
  const recent = ended(await client.runs(dag, new Date(now.getTime() - runDays * dayMs)));
  if (recent.runs.some((r) => r.outcome === "success")) return recent;
  const before = ended(await client.successes(dag));
  return { runs: [...recent.runs, ...before.runs], bad: [...recent.bad, ...before.bad] };
}

function ended(records: readonly unknown[]): { runs: PipelineRun[]; bad: BadRecord[] } {
  const { good, bad } = sift("facts", runShape, records, ["dag_run_id"]);
  const runs = good.flatMap(({ value: r }): PipelineRun[] => {
    // A backfill makes up for the past, and says nothing about whether the schedule is kept.
    if (!r.end_date || r.run_type === "backfill") return [];
    const outcome = r.state === "success" ? "success" : r.state === "failed" ? "failure" : "other";
    return [{ id: r.dag_run_id, endedAt: Date.parse(r.end_date), outcome }];
  });
  return { runs, bad };
}

/** What stands behind a mark and a colon in a DAG's tags; null: no tag has the mark. */
function tagOf(dag: Dag, mark: string): string | null {
  const tag = dag.tags?.find((t) => t.name.startsWith(`${mark}:`));
  return tag?.name.slice(mark.length + 1).trim() || null;
}

/** How often a DAG is due; null for what runs on assets, by hand, or by a timetable of its own. */
function cadenceOf({ timetable_summary: summary, schedule_interval: interval }: Dag): number | null {
  if (interval?.days !== null && interval?.days !== undefined)
    return interval.days * 24 + (interval.seconds ?? 0) / 3600 || null;
  const said = summary ?? interval?.value ?? "";
  const delta = /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d)(?:\.\d+)?$/.exec(said);
  if (!delta) return cronGapHours(said);
  const [, days, hours, minutes, seconds] = delta.map((part) => Number(part ?? 0));
  return (days ?? 0) * 24 + (hours ?? 0) + (minutes ?? 0) / 60 + (seconds ?? 0) / 3600 || null;
}

async function test(client: AirflowClient, settings: Settings, now: Date): Promise<Tested> {
  const { attempt, answer } = prober();
  let page: { records: unknown[]; more: boolean } = { records: [], more: false };
  const listed = await attempt("List DAGs", grants.dags, async () => {
    page = await client.dags(0, 100);
    return countOf(page.records.length, page.more, "DAG");
  });
  const dags = sift("facts", dagShape, page.records, ["dag_id"]).good.map(({ value }) => value);
  const tagged = dags.filter((d) => tagOf(d, settings.modelTag) !== null);
  const [first] = [...tagged, ...dags];
  if (listed && first)
    await attempt("Read a DAG's runs", grants.runs, async () => {
      await client.runs(first.dag_id, new Date(now.getTime() - dayMs));
      return "readable";
    });
  if (listed)
    await attempt("Read files that cannot be loaded", grants.errors, async () =>
      countOf(await client.importErrors(), false, "file"),
    );
  return answer(
    `Airflow with ${countOf(dags.length, page.more, "DAG")}, of which ${tagged.length === 1 ? "1 names" : `${tagged.length} name`} a model.`,
    { skewMs: client.skewMs() },
  );
}
