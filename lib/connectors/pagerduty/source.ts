import "server-only";
import {
  incidentDays,
  incidentFacts,
  markedModel,
  onCallAhead,
  onCallFacts,
  type Shift,
} from "@/lib/connectors/on-call";
import { countOf, prober } from "@/lib/connectors/probe";
import type { Tested } from "@/lib/connectors/registry";
import { sift } from "@/lib/connectors/sift";
import type { Source, SubjectPage } from "@/lib/connectors/source";
import { incidentShape, oncallShape, type PagerDutyClient, pagerDutyClient, serviceShape } from "./client";
import { pagerDutySettings } from "./kind";

const dayMs = 86_400_000;
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
  const until = new Date(now.getTime() + onCallAhead * dayMs);
  const since = new Date(now.getTime() - incidentDays.long * dayMs);
  const policies = [...new Set(live.flatMap((s) => s.escalation_policy?.id ?? []))];
  const oncalls = sift("facts", oncallShape, policies.length > 0 ? await client.oncalls(policies, now, until) : [], [
    "id",
  ]);
  const incidents = sift(
    "facts",
    incidentShape,
    live.length > 0
      ? await incidentsOf(
          client,
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
  return {
    subjects: live.map((s) => {
      const policy = s.escalation_policy?.id ?? null;
      const own = policy === null ? [] : (shifts.get(policy) ?? []);
      const mine = [...byId.values()].filter((i) => i.service.id === s.id);
      return {
        subject: s.name,
        declared: markedModel(s.description ?? "", mark),
        observations: [
          ...onCallFacts(own, now, `on-call of escalation policy ${policy ?? "none"}, next ${onCallAhead} days`),
          ...incidentFacts(
            mine.map((i) => ({
              created: Date.parse(i.created_at),
              open: i.status !== "resolved",
              resolved: i.resolved_at ? Date.parse(i.resolved_at) : null,
            })),
            now,
            `incidents of service ${s.id}, last ${incidentDays.long} days`,
          ),
        ],
      };
    }),
    bad: [...services.bad, ...oncalls.bad, ...incidents.bad],
    next: page.more && page.records.length > 0 ? String(offset + page.records.length) : null,
    unread: [],
  };
}

/** Asked for month by month: PagerDuty serves 10,000 records of a list and no more. */
async function incidentsOf(
  client: PagerDutyClient,
  services: readonly string[],
  since: Date,
  now: Date,
): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let from = since.getTime(); from < now.getTime(); from += 30 * dayMs)
    all.push(
      ...(await client.incidents(services, new Date(from), new Date(Math.min(from + 30 * dayMs, now.getTime())))),
    );
  return all;
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
