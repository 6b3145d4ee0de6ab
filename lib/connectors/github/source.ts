import "server-only";
import { countOf, prober } from "@/lib/connectors/probe";
import type { BadRecord, Tested } from "@/lib/connectors/registry";
import { side } from "@/lib/connectors/side";
import { sift } from "@/lib/connectors/sift";
import type { Observation, SeenSubject, Source, SubjectPage } from "@/lib/connectors/source";
import { ifThere } from "@/lib/connectors/walk";
import { criticalDays } from "@/lib/scans/scan";
import { type Alerts, type Listed, readAlerts } from "./alerts";
import {
  analysisShape,
  deploymentShape,
  type GithubClient,
  githubClient,
  propertiesShape,
  statusShape,
} from "./client";
import { githubSettings } from "./kind";

const dayMs = 86_400_000;
/** Repositories in a page, and how many are asked about at once: GitHub wants few at a time. */
const most = 50;
const width = 2;

/** GitHub: what is open in a repository's alerts, and when production was last deployed. */
export const github: Source = {
  open: (target, _files, limits) => {
    const settings = githubSettings.parse(target.settings);
    const client = githubClient(target, settings.organization, limits);
    let alerts: Promise<Alerts> | null = null;
    return {
      test: (now) => test(client, settings.organization, settings.environment, now),
      read: async ({ token, size, now }) => {
        const first = alerts === null;
        // A list of the whole organisation costs less than one of each repository.
        alerts ??= readAlerts(client);
        const known = await alerts;
        const page = await readPage(client, settings, known, token, Math.min(size, most), now);
        return first ? { ...page, bad: [...known.bad, ...page.bad] } : page;
      },
      close: client.close,
    };
  },
};

const why = (listed: Listed): string | null => ("denied" in listed ? listed.denied : null);

async function readPage(
  client: GithubClient,
  settings: { modelProperty: string; environment: string },
  alerts: Alerts,
  token: string | null,
  size: number,
  now: Date,
): Promise<SubjectPage> {
  const { records, next } = await client.properties(token, size);
  const { good, bad } = sift("facts", propertiesShape, records, ["repository_name"]);
  const repositories = [...new Map(good.map(({ value }) => [value.repository_name, value])).values()];
  const subjects: SeenSubject[] = [];
  await side(width, repositories, async (r) => {
    const value = r.properties.find((p) => p.property_name === settings.modelProperty)?.value;
    const shipped = await deployed(client, r.repository_name, settings.environment, now);
    bad.push(...shipped.bad);
    subjects.push({
      subject: r.repository_name,
      declared: typeof value === "string" && value !== "" ? value.slice(0, 250) : null,
      observations: [...(await security(client, r.repository_name, alerts, now)), ...shipped.observations],
    });
  });
  const denied = [why(alerts.code), why(alerts.dependabot), why(alerts.secrets)].filter((w) => w !== null);
  return {
    subjects,
    bad,
    next,
    unread: denied.length > 0 ? [{ stream: "facts", why: denied.join(" ").slice(0, 500) }] : [],
  };
}

/** Open findings by severity. What may not be read is unknown and nothing is said; what is switched off is left out and named. */
async function security(client: GithubClient, name: string, alerts: Alerts, now: Date): Promise<Observation[]> {
  const effectiveAt = now.toISOString();
  const out: Observation[] = [];
  const kinds = [
    ["code scanning", alerts.code],
    ["Dependabot", alerts.dependabot],
  ] as const;
  const on = kinds.filter(([, l]) => "alerts" in l);
  if (on.length > 0 && kinds.every(([, l]) => !("denied" in l))) {
    const open = on.flatMap(([, l]) => ("alerts" in l ? l.alerts.filter((a) => a.repository === name) : []));
    const off = kinds.filter(([, l]) => "off" in l).map(([kind]) => kind);
    const detail = `open alerts of ${on.map(([kind]) => kind).join(" and ")}${off.length > 0 ? `; ${off.join(" and ")} is off` : ""}`;
    const one = (key: string, value: number) => out.push({ key, value, effectiveAt, detail });
    const critical = open.filter((a) => a.severity === "critical");
    one("security.open_critical", critical.length);
    one("security.open_high", open.filter((a) => a.severity === "high").length);
    one(
      "security.open_critical_overdue",
      critical.filter((a) => now.getTime() - a.createdAt > criticalDays * dayMs).length,
    );
    // Dependabot looks again whenever an advisory or a manifest changes; code scanning says when it last ran.
    const [analysis] = "alerts" in alerts.code ? ((await ifThere(() => client.analyses(name))) ?? []) : [];
    const ran = analysisShape.safeParse(analysis);
    const scanned = ran.success ? new Date(ran.data.created_at) : "alerts" in alerts.dependabot ? now : null;
    if (scanned)
      out.push({
        key: "security.scanned_at",
        value: scanned.toISOString(),
        effectiveAt: scanned.toISOString(),
        detail: ran.success ? "last analysis of code scanning" : "Dependabot looks all the time",
      });
  }
  if ("alerts" in alerts.secrets)
    out.push({
      key: "security.secrets_found",
      value: alerts.secrets.alerts.filter((a) => a.repository === name).length,
      effectiveAt,
      detail: "open alerts of secret scanning",
    });
  return out;
}

/** Deployments to production in 30 days, and when the newest that worked was. */
async function deployed(client: GithubClient, name: string, environment: string, now: Date) {
  const bad: BadRecord[] = [];
  const observations: Observation[] = [];
  const records = await ifThere(() => client.deployments(name, environment));
  if (records === null || records.length === 0) return { bad, observations };
  const sifted = sift("facts", deploymentShape, records, ["id"]);
  bad.push(...sifted.bad);
  const deployments = [...new Map(sifted.good.map(({ value }) => [value.id, value])).values()].sort((a, b) =>
    a.created_at < b.created_at ? 1 : -1,
  );
  const detail = `deployments of ${name} to ${environment}`;
  observations.push({
    key: "delivery.deployments",
    value: deployments.filter((d) => now.getTime() - Date.parse(d.created_at) < 30 * dayMs).length,
    effectiveAt: now.toISOString(),
    detail: `${detail} in 30 days`,
  });
  for (const d of deployments.slice(0, 3)) {
    const statuses = sift("facts", statusShape, (await ifThere(() => client.statuses(name, d.id))) ?? [], ["id"]);
    bad.push(...statuses.bad);
    const done = statuses.good.find(({ value }) => value.state === "success");
    if (!done) continue;
    observations.push({
      key: "delivery.deployed_at",
      value: new Date(done.value.created_at).toISOString(),
      effectiveAt: new Date(done.value.created_at).toISOString(),
      detail: `${detail}, number ${d.id}`,
    });
    break;
  }
  return { bad, observations };
}

async function test(client: GithubClient, organization: string, environment: string, _now: Date): Promise<Tested> {
  const { attempt, answer } = prober();
  let repositories: { records: unknown[]; next: string | null } = { records: [], next: null };
  const listed = await attempt("List repositories", "Custom properties: read", async () => {
    repositories = await client.properties(null, 100);
    return countOf(repositories.records.length, repositories.next !== null, "repository").replace(
      /repositorys$/,
      "repositories",
    );
  });
  if (listed) {
    const available = async (ask: () => Promise<unknown[]>) =>
      (await ifThere(ask)) === null ? "not switched on" : "readable";
    await attempt("Read code scanning alerts", "Code scanning alerts: read", () => available(client.codeAlerts));
    await attempt("Read Dependabot alerts", "Dependabot alerts: read", () => available(client.dependabotAlerts));
    await attempt("Read secret scanning alerts", "Secret scanning alerts: read", () => available(client.secretAlerts));
    const [first] = sift("facts", propertiesShape, repositories.records, ["repository_name"]).good;
    if (first)
      await attempt("Read deployments", "Deployments: read", () =>
        available(() => client.deployments(first.value.repository_name, environment)),
      );
  }
  return answer(`GitHub organisation ${organization}.`, { skewMs: client.skewMs() });
}
