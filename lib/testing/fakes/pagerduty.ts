import { type Fake, type FakeAnswer, pageOf, type Scene, startFake, type Vendor } from "./server";

/** What the fake account holds. Times in ms; null ends: for good. */
export type PagerDutyScene = {
  services: { id: string; name: string; description: string; policy: string | null; bad?: boolean }[];
  oncalls: { policy: string; level: number; start: number | null; end: number | null }[];
  incidents: { id: string; service: string; created: number; resolved: number | null }[];
};

const empty: Scene = { models: [], endpoints: [] };
const error = (status: number, code: number, message: string): FakeAnswer => ({
  status,
  json: { error: { code, message } },
});
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** PagerDuty's REST API v2 as its documentation has it. */
export function startFakePagerDuty(scene: PagerDutyScene, key = "u+key"): Promise<Fake> {
  const vendor: Vendor = {
    authorize: ({ headers }) =>
      headers.authorization === `Token token=${key}` ? null : error(401, 2006, "Unauthorized"),
    answer: ({ url, headers }, fake) => {
      if (!String(headers.accept).includes("application/vnd.pagerduty+json"))
        return error(400, 2001, "Accept header required");
      const offset = Number(url.searchParams.get("offset") ?? 0);
      const limit = Number(url.searchParams.get("limit") ?? 25);
      const list = <T>(name: string, all: readonly T[], render: (item: T) => unknown): FakeAnswer => {
        const { items, next } = pageOf(all, `at-${offset}`, limit, fake);
        return {
          status: 200,
          json: { [name]: items.map(render), limit, offset, more: next !== null, total: null, unknown_field: 1 },
        };
      };
      const ids = (name: string) => url.searchParams.getAll(name);
      if (url.pathname === "/services")
        return list("services", scene.services, (s) => ({
          id: s.id,
          name: s.bad ? null : s.name,
          description: s.description,
          status: "active",
          escalation_policy: s.policy === null ? null : { id: s.policy, type: "escalation_policy_reference" },
          teams: [],
        }));
      if (url.pathname === "/oncalls") {
        const policies = ids("escalation_policy_ids[]");
        return list(
          "oncalls",
          scene.oncalls.filter((o) => policies.includes(o.policy)),
          (o) => ({
            escalation_policy: { id: o.policy, type: "escalation_policy_reference" },
            escalation_level: o.level,
            schedule: null,
            user: { id: "PUSER" },
            start: iso(o.start),
            end: iso(o.end),
          }),
        );
      }
      if (url.pathname === "/incidents") {
        const services = ids("service_ids[]");
        const since = Date.parse(url.searchParams.get("since") ?? "");
        const until = Date.parse(url.searchParams.get("until") ?? "");
        return list(
          "incidents",
          scene.incidents.filter((i) => services.includes(i.service) && i.created >= since && i.created < until),
          (i) => ({
            id: i.id,
            incident_number: 1,
            status: i.resolved === null ? "triggered" : "resolved",
            created_at: iso(i.created),
            resolved_at: iso(i.resolved),
            urgency: "high",
            service: { id: i.service },
          }),
        );
      }
      return error(404, 2100, "Not Found");
    },
    expired: () => error(401, 2006, "Unauthorized"),
    denied: () => error(403, 2010, "Access Denied"),
    throttled: error(429, 2020, "Rate Limit Exceeded"),
    failed: error(500, 5000, "Internal Server Error"),
    nameOf: ({ url }) => url.pathname,
  };
  return startFake(empty, vendor);
}
