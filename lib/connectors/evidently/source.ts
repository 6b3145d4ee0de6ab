import "server-only";
import { z } from "zod";
import { config } from "@/lib/config/config";
import { usualHours } from "@/lib/connectors/cadence";
import { type HttpLimits, httpClient } from "@/lib/connectors/http";
import { countOf, prober } from "@/lib/connectors/probe";
import type { Target, Tested } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import type { Observation, SeenSubject, Source, SubjectPage } from "@/lib/connectors/source";
import { evidentlySettings } from "./kind";

const project = z.looseObject({ id: z.string().min(1).max(100), name: z.string().min(1).max(500) });
const report = z.looseObject({
  id: z.string().min(1).max(100),
  /** With or without a zone; Evidently writes local time of its server, which runs in UTC unless somebody changed it. */
  timestamp: z.iso.datetime({ offset: true, local: true }),
  tags: z.array(z.string()).default([]),
  metadata: z.record(z.string(), z.unknown()).default({}),
});
const list = z.array(z.unknown());

/** Projects in a page: each is a request of its own. */
const most = 20;
/** Reports from which the cadence is told. */
const lately = 10;

/** Evidently: drift reports of projects. */
export const evidently: Source = {
  open: (target, _files, limits) => {
    const client = evidentlyClient(target, limits);
    const settings = evidentlySettings.parse(target.settings);
    return {
      test: () => test(client),
      read: ({ token, size }) => read(client, settings, Number(token ?? 0), Math.min(size, most)),
      close: client.close,
    };
  },
};

type Client = ReturnType<typeof evidentlyClient>;

function evidentlyClient(target: Target, limits: Partial<HttpLimits> = {}) {
  const headers: Record<string, string> = target.auth === "secret" ? { "evidently-secret": target.secret ?? "" } : {};
  const http = httpClient("Evidently", target.baseUrl, headers, {
    timeoutMs: config().connectorTimeoutMs,
    ...limits,
  });
  const get = (path: string) => http.json({ method: "GET", path, permission: "read access to the project" }, list);
  return {
    projects: () => get("/api/projects"),
    reports: (id: string) => get(`/api/projects/${encodeURIComponent(id)}/snapshots`),
    skewMs: http.skewMs,
    close: http.close,
  };
}

/** The list of projects has no pages; the token counts those that were read. */
async function read(
  client: Client,
  settings: { modelKey: string; conceptTag: string },
  from: number,
  size: number,
): Promise<SubjectPage> {
  const { good, bad } = sift("facts", project, await client.projects(), ["id"]);
  const projects = [...new Map(good.map(({ value }) => [value.id, value])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const subjects: SeenSubject[] = [];
  const all = from === 0 ? [...bad] : [];
  for (const p of projects.slice(from, from + size)) {
    const sifted = sift("facts", report, await client.reports(p.id), ["id"]);
    all.push(...sifted.bad);
    const reports = [...new Map(sifted.good.map(({ value }) => [value.id, value])).values()]
      .map((r) => ({ ...r, at: instantOf(r.timestamp) }))
      .sort((a, b) => b.at - a.at);
    const model = reports[0]?.metadata[settings.modelKey];
    subjects.push({
      subject: p.name,
      declared: typeof model === "string" && model !== "" ? model.slice(0, 250) : null,
      observations: [
        ...told(
          "data",
          reports.filter((r) => !r.tags.includes(settings.conceptTag)),
        ),
        ...told(
          "concept",
          reports.filter((r) => r.tags.includes(settings.conceptTag)),
        ),
      ],
    });
  }
  return { subjects, bad: all, next: from + size < projects.length ? String(from + size) : null, unread: [] };
}

/** A time without a zone is UTC. */
const instantOf = (timestamp: string): number =>
  Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(timestamp) ? timestamp : `${timestamp}Z`);

/** When drift was last looked at, and the median time between the last looks. */
function told(kind: "data" | "concept", reports: readonly { id: string; at: number }[]): Observation[] {
  const [newest] = reports;
  if (!newest) return [];
  const effectiveAt = new Date(newest.at).toISOString();
  const out: Observation[] = [
    { key: `drift.${kind}_monitor_at`, value: effectiveAt, effectiveAt, detail: `report ${newest.id}` },
  ];
  const usual = usualHours(reports.slice(0, lately).map((r) => r.at));
  if (usual)
    out.push({
      key: `drift.${kind}_cadence_hours`,
      value: usual.hours,
      effectiveAt,
      detail: `median of the last ${usual.of} times between reports`,
    });
  return out;
}

async function test(client: Client): Promise<Tested> {
  const { attempt, answer } = prober();
  let projects: unknown[] = [];
  const listed = await attempt("List projects", "read access to the project", async () => {
    projects = await client.projects();
    return countOf(projects.length, false, "project");
  });
  const [first] = sift("facts", project, projects, ["id"]).good;
  if (listed && first)
    await attempt("List a project's reports", "read access to the project", async () =>
      countOf((await client.reports(first.value.id)).length, false, "report"),
    );
  return answer(`Evidently with ${countOf(projects.length, false, "project")}.`, { skewMs: client.skewMs() });
}
