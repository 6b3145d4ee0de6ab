import "server-only";
import { UpstreamFault } from "@/lib/connectors/fault";
import {
  incidentDays,
  incidentFacts,
  markedModel,
  onCallAhead,
  onCallFacts,
  type Shift,
} from "@/lib/connectors/on-call";
import { abreast } from "@/lib/connectors/phases";
import { countOf, prober } from "@/lib/connectors/probe";
import type { BadRecord, Tested } from "@/lib/connectors/registry";
import { badRecord, sift } from "@/lib/connectors/sift";
import type { Source, SubjectPage } from "@/lib/connectors/source";
import { clean } from "@/lib/connectors/text";
import {
  calendarAccess,
  incidentShape,
  rosterShape,
  type ServiceNowClient,
  serviceNowClient,
  serviceShape,
  spanShape,
} from "./client";
import { type ServiceNowSettings, serviceNowSettings } from "./kind";

const dayMs = 86_400_000;
/** Services in a page: their ids travel in an address. */
const most = 25;
/** Calendars that are asked for at once. */
const width = 4;
/** A clock that is this far ahead is still believed. */
const aheadMs = 300_000;
const cancelled = "8";
const onCall = ["roster", "override"];
const mark = "countersign-model";

/** ServiceNow: who is on call, whether it escalates, and how incidents went. */
export const serviceNow: Source = {
  open: (target, _files, limits) => {
    const settings = serviceNowSettings.parse(target.settings);
    const client = serviceNowClient(target, settings, limits);
    return {
      test: (now) => test(client, settings, now),
      read: ({ token, size, now }) => read(client, settings, token, Math.min(size, most), now),
      close: client.close,
    };
  },
};

async function read(
  client: ServiceNowClient,
  settings: ServiceNowSettings,
  token: string | null,
  size: number,
  now: Date,
): Promise<SubjectPage> {
  const page = await client.services(token, size);
  const { good, bad } = sift("facts", serviceShape, page.records, ["sys_id"]);
  const services = [...new Map(good.map(({ value }) => [value.sys_id, value])).values()];
  const groupOf = (s: (typeof services)[number]) => textOf(s[settings.groupField]);
  const rotas = await rotasOf(client, [...new Set(services.flatMap((s) => groupOf(s) ?? []))], now);
  const incidents = await incidentsOf(
    client,
    services.map((s) => s.sys_id),
    settings.lowestPriority,
    now,
  );
  return {
    subjects: services.map((s) => {
      const group = groupOf(s);
      return {
        subject: s.name,
        declared: settings.modelField
          ? (textOf(s[settings.modelField])?.slice(0, 250) ?? null)
          : markedModel(textOf(s.comments) ?? "", mark),
        observations: [
          ...(rotas.unread
            ? []
            : onCallFacts(
                group === null ? [] : (rotas.shifts.get(group) ?? []),
                now,
                `on-call of group ${group ?? "none"}, next ${onCallAhead} days`,
              )),
          ...incidentFacts(
            incidents.all
              .filter((i) => i.business_service === s.sys_id || i.cmdb_ci === s.sys_id)
              .map((i) => {
                const resolved = i.resolved_at ?? i.closed_at;
                return {
                  created: Date.parse(i.opened_at),
                  open: resolved === null,
                  resolved: resolved === null ? null : Date.parse(resolved),
                };
              }),
            now,
            `incidents of service ${s.sys_id} of priority ${settings.lowestPriority} or higher, last ${incidentDays.long} days`,
          ),
        ],
      };
    }),
    bad: [...bad, ...rotas.bad, ...incidents.bad],
    next: page.next,
    unread: rotas.unread ? [{ stream: "facts", why: rotas.unread }] : [],
  };
}

const textOf = (value: unknown): string | null =>
  typeof value === "string" && value.trim() ? clean(value.trim()) : null;

/** Who is on call in each group. An instance without On-Call Scheduling knows no calendar; then nothing is said of it. */
async function rotasOf(client: ServiceNowClient, groups: readonly string[], now: Date) {
  const bad: BadRecord[] = [];
  const shifts = new Map<string, Shift[]>();
  if (groups.length === 0) return { shifts, bad, unread: null };
  try {
    const rosters = sift("facts", rosterShape, await client.rosters(groups), ["sys_id"]);
    bad.push(...rosters.bad);
    const levels = levelsOf(rosters.good.map(({ value }) => value));
    const until = new Date(now.getTime() + onCallAhead * dayMs);
    await abreast(width, groups, async (group) => {
      const spans = sift("facts", spanShape, await client.spans(group, now, until), ["roster_id", "start"]);
      bad.push(...spans.bad);
      shifts.set(
        group,
        spans.good.flatMap(({ value: span }) =>
          span.user_id && onCall.includes(span.type ?? "roster")
            ? [
                {
                  level: levels.get(span.roster_id ?? "") ?? 1,
                  start: Date.parse(span.start),
                  end: Date.parse(span.end),
                },
              ]
            : [],
        ),
      );
    });
  } catch (error) {
    if (!(error instanceof UpstreamFault) || error.kind !== "not_found") throw error;
    return { shifts, bad, unread: `On-Call Scheduling is not active on this instance. ${error.message}`.slice(0, 500) };
  }
  return { shifts, bad, unread: null };
}

/** A roster's place in the escalation of its rota: 1 is called first. */
function levelsOf(rosters: readonly { sys_id: string; rota: string; order: number }[]): Map<string, number> {
  return new Map(
    rosters.map((r) => {
      const before = new Set(rosters.filter((o) => o.rota === r.rota && o.order < r.order).map((o) => o.order));
      return [r.sys_id, before.size + 1];
    }),
  );
}

/** ServiceNow leaves out of a query what it does not understand, and answers with more: then nothing of it is believed. */
async function incidentsOf(client: ServiceNowClient, services: readonly string[], lowest: number, now: Date) {
  if (services.length === 0) return { all: [], bad: [] };
  const since = new Date(now.getTime() - incidentDays.long * dayMs);
  const { good, bad } = sift("facts", incidentShape, await client.incidents(services, since), ["sys_id"]);
  const asked = new Set(services);
  const known = new Map(good.map(({ value }) => [value.sys_id, value]));
  for (const i of known.values())
    if (
      !(asked.has(i.business_service ?? "") || asked.has(i.cmdb_ci ?? "")) ||
      Date.parse(i.opened_at) < since.getTime() - 3 * dayMs
    )
      throw new UpstreamFault(
        "shape",
        "ServiceNow answers with incidents that were not asked for, so it has left out a part of the query. Does this account see the fields opened_at, business_service and cmdb_ci of incident?",
      );
  for (const i of known.values())
    if (Date.parse(i.opened_at) > now.getTime() + aheadMs) {
      known.delete(i.sys_id);
      bad.push(badRecord("facts", i.sys_id, `opened_at: ${i.opened_at} lies in the future`, i));
    }
  return { all: [...known.values()].filter((i) => i.state !== cancelled && i.priority <= lowest), bad };
}

async function test(client: ServiceNowClient, settings: ServiceNowSettings, now: Date): Promise<Tested> {
  const { attempt, answer } = prober();
  let found = countOf(0, false, "service");
  let first: { id: string; group: string | null } | null = null;
  const listed = await attempt(`List services (${settings.table})`, `read access to ${settings.table}`, async () => {
    const page = await client.services(null, 100);
    const services = sift("facts", serviceShape, page.records, ["sys_id"]).good.map(({ value }) => value);
    const grouped = services.find((s) => textOf(s[settings.groupField]) !== null) ?? services[0];
    if (grouped) first = { id: grouped.sys_id, group: textOf(grouped[settings.groupField]) };
    found = countOf(page.records.length, page.next !== null, "service");
    return found;
  });
  const some = first as { id: string; group: string | null } | null;
  if (listed && some) {
    await attempt("Read incidents", "read access to incident", async () => {
      await client.incidents([some.id], now);
      return "readable";
    });
    const { group } = some;
    if (group !== null) {
      await attempt("Read rosters", "read access to cmn_rota_roster", async () => {
        await client.rosters([group]);
        return "readable";
      });
      await attempt("Read the on-call calendar", calendarAccess, async () => {
        await client.spans(group, now, new Date(now.getTime() + dayMs));
        return "readable";
      });
    }
  }
  return answer(`ServiceNow with ${found}.`, { skewMs: client.skewMs() });
}
