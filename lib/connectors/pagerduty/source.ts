import "server-only";
import { countOf, prober } from "@/lib/connectors/probe";
import type { Tested } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import type { Observation, Source, SubjectPage } from "@/lib/connectors/source";
import { incidentShape, oncallShape, type PagerDutyClient, pagerDutyClient, serviceShape } from "./client";
import { coveredDays, type Shift } from "./cover";
import { pagerDutySettings } from "./kind";

const dayMs = 86_400_000;
const ahead = 30;
/** Services in a page: their ids travel in an address. */
const most = 50;

/** PagerDuty: who is on call, whether it escalates, and how incidents went. */
export const pagerDuty: Source = {
  open: (target, _files, limits) => {
    const client = pagerDutyClient(target, limits);
    const { modelMark } = pagerDutySettings.parse(target.settings);
    return {
      test: (now) => test(client, now),
      read: ({ token, size, now }) => read(client, modelMark, Number(token ?? 0), Math.min(size, most), now),
      close: client.close,
    };
  },
};

async function read(
  client: PagerDutyClient,
  mark: string,
  offset: number,
  size: number,
  now: Date,
): Promise<SubjectPage> {
  const page = await client.services(offset, size);
  const services = sift("facts", serviceShape, page.records, ["id"]);
  const live = [...new Map(services.good.map(({ value }) => [value.id, value])).values()].filter(
    (s) => s.status !== "disabled",
  );
  const until = new Date(now.getTime() + ahead * dayMs);
  const since = new Date(now.getTime() - 30 * dayMs);
  const policies = [...new Set(live.flatMap((s) => s.escalation_policy?.id ?? []))];
  const oncalls = sift("facts", oncallShape, policies.length > 0 ? await client.oncalls(policies, now, until) : [], [
    "id",
  ]);
  const incidents = sift(
    "facts",
    incidentShape,
    live.length > 0
      ? await client.incidents(
          live.map((s) => s.id),
          since,
          now,
        )
      : [],
    ["id"],
  );
  const shifts = new Map<string, Shift[]>();
  for (const { value: o } of oncalls.good)
    shifts.set(o.escalation_policy.id, [
      ...(shifts.get(o.escalation_policy.id) ?? []),
      {
        level: o.escalation_level,
        start: o.start === null ? null : Date.parse(o.start),
        end: o.end === null ? null : Date.parse(o.end),
      },
    ]);
  // A list may give a record twice.
  const byId = new Map(incidents.good.map(({ value }) => [value.id, value]));
  const effectiveAt = now.toISOString();
  return {
    subjects: live.map((s) => {
      const policy = s.escalation_policy?.id ?? null;
      const own = policy === null ? [] : (shifts.get(policy) ?? []);
      const mine = [...byId.values()].filter((i) => i.service.id === s.id);
      const mended = mine.flatMap((i) =>
        i.resolved_at ? [(Date.parse(i.resolved_at) - Date.parse(i.created_at)) / 60_000] : [],
      );
      const levels = new Set(own.map((o) => o.level)).size;
      const cover = `on-call of escalation policy ${policy ?? "none"} from ${effectiveAt} to ${until.toISOString()}`;
      const counted = `incidents of service ${s.id} since ${since.toISOString()}`;
      const one = (key: string, value: Observation["value"], detail: string): Observation => ({
        key,
        value,
        effectiveAt,
        detail,
      });
      return {
        subject: s.name,
        declared: declaredIn(s.description ?? "", mark),
        observations: [
          one("oncall.covered_days", coveredDays(own, now.getTime(), until.getTime()), cover),
          one("oncall.escalation", levels > 1, cover),
          one("alerts.routed", own.length > 0, cover),
          one("incident.count", mine.length, counted),
          one("incident.open", mine.filter((i) => i.status !== "resolved").length, counted),
          ...(mended.length > 0 ? [one("incident.resolve_minutes", median(mended), counted)] : []),
        ],
      };
    }),
    bad: [...services.bad, ...oncalls.bad, ...incidents.bad],
    next: page.more && page.records.length > 0 ? String(offset + page.records.length) : null,
    unread: [],
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const value = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return Math.round((value ?? 0) * 10) / 10;
}

/** The model that a line of a description names; null: none does. */
function declaredIn(description: string, mark: string): string | null {
  for (const line of description.split("\n")) {
    const [name, ...rest] = line.split(":");
    if (name?.trim().toLowerCase() === mark.toLowerCase() && rest.length > 0)
      return rest.join(":").trim().slice(0, 250) || null;
  }
  return null;
}

async function test(client: PagerDutyClient, now: Date): Promise<Tested> {
  const { attempt, answer } = prober();
  let services: { records: unknown[]; more: boolean } = { records: [], more: false };
  const listed = await attempt("List services", "services.read", async () => {
    services = await client.services(0, 100);
    return countOf(services.records.length, services.more, "service");
  });
  const [first] = sift("facts", serviceShape, services.records, ["id"]).good;
  if (listed && first) {
    const policy = first.value.escalation_policy?.id;
    if (policy)
      await attempt("Read who is on call", "oncalls.read", async () => {
        await client.oncalls([policy], now, new Date(now.getTime() + dayMs));
        return "readable";
      });
    await attempt("Read incidents", "incidents.read", async () => {
      await client.incidents([first.value.id], new Date(now.getTime() - dayMs), now);
      return "readable";
    });
  }
  return answer(`PagerDuty with ${countOf(services.records.length, services.more, "service")}.`, {
    skewMs: client.skewMs(),
  });
}
