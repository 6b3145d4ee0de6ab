import { type ServiceNowScene, serviceNowKeys, startFakeServiceNow } from "@/lib/testing/fakes/servicenow";
import { type SourceScene, sceneModel, sceneNow } from "@/lib/testing/source-scene";

const now = sceneNow.getTime();
const hour = 3_600_000;
const day = 24 * hour;

const incident = (id: string, days: number, resolved: number | null, more = {}) => ({
  id,
  service: "s1",
  priority: 2,
  state: resolved === null ? 2 : 6,
  opened: now - days * day,
  resolved: resolved === null ? null : now - days * day + resolved * 60_000,
  ...more,
});

/** An instance with a service on call and one without; tests change what they need. */
export function serviceNowInstance(): ServiceNowScene {
  return {
    services: [
      { id: "s1", name: "Fraud scoring", comments: `Scores.\ncountersign-model: ${sceneModel}`, group: "g1" },
      { id: "s2", name: "Old gateway", comments: "", group: null },
      { id: "s3", name: "Broken", comments: "", group: null, bad: true },
    ],
    rosters: [
      { id: "r2", rota: "day", group: "g1", order: 200 },
      { id: "r1", rota: "day", group: "g1", order: 100 },
      { id: "n1", rota: "night", group: "g1", order: 100 },
    ],
    spans: [
      { group: "g1", roster: "r1", type: "roster", user: "u1", start: now - day, end: now + 10 * day },
      { group: "g1", roster: "n1", type: "override", user: "u2", start: now + 10 * day, end: now + 25 * day },
      { group: "g1", roster: "r2", type: "roster", user: "u3", start: now - day, end: now + 30 * day },
      // Coverage that nobody fills, and somebody's time off.
      { group: "g1", roster: "r1", type: "rota", user: null, start: now - day, end: now + 60 * day },
      { group: "g1", roster: "r1", type: "time_off", user: "u1", start: now + 20 * day, end: now + 60 * day },
    ],
    incidents: [
      incident("i1", 5, 30),
      incident("i2", 4, 90),
      incident("i3", 1, null),
      incident("i4", 60, null),
      incident("small", 2, null, { priority: 4 }),
      incident("cancelled", 2, null, { state: 8 }),
      incident("other", 2, null, { service: "s2" }),
    ],
  };
}

export const serviceNowSourceScene: SourceScene = {
  start: () => startFakeServiceNow(serviceNowInstance()),
  auth: "oauth",
  username: serviceNowKeys.user,
  secret: serviceNowKeys.password,
  denied: /on_call_rota/,
  missing: "read access to the on-call calendar",
  told: {
    "oncall.covered_days": 25,
    "oncall.escalation": true,
    "alerts.routed": true,
    "incident.count": 3,
    "incident.count_quarter": 4,
    "incident.open": 1,
    "incident.resolve_minutes": 60,
  },
  unmatched: "Old gateway",
  hostile: {
    start: () => {
      const scene = serviceNowInstance();
      // Every fifth incident is garbled, and one was opened next year.
      scene.incidents = Array.from({ length: 10 }, (_, i) => incident(`i${i}`, i + 1, 30, { bad: i % 5 === 4 }));
      scene.incidents.push(incident("ahead", -365, null));
      return startFakeServiceNow(scene);
    },
    told: { "incident.count": 8, "incident.open": 0, "incident.resolve_minutes": 30, "oncall.covered_days": 25 },
    skipped: 2,
    future: "ahead",
  },
};
